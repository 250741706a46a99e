"""
An activation of your own
=========================

Any function of an array is an activation. Its dual, the kernel that it makes of a Gaussian
covariance, is computed by quadrature, with an error. If you also give the function in balls and a
bound in a strip about the real line, the error is proved. To store a model that has it, write it as
a function of a module and not as a lambda, which cannot be pickled.
"""

import matplotlib.pyplot as plt
import numpy as np

from kernels import Analytic, CustomActivation, ReLU, Tanh, TransformerKernel
from kernels.activations.form import Nonconstant
from theory import template_matrix
from validation.plots.style import LOOKS, styled

# %%
# The logistic function, twice: as it is, and with what a proof needs. It is analytic where the
# imaginary part is below π, and below 7.1 in size where that is at most 3.
plain = CustomActivation(lambda t: 1.0 / (1.0 + np.exp(-t)), "logistic")
proved = CustomActivation(
    plain.function,
    "logistic",
    analytic=Analytic(lambda t: 1 / (1 + (-t).exp()), strip=3.0, bound=7.1),
)
for activation in (plain, proved):
    print(TransformerKernel(1.0, 1.0, activation)("AA", "BC"))

# %%
# Nothing else is known of the function, so that theorems on N say nothing yet. Vouch for what you
# know, here that it is not constant, and they do.
vouched = CustomActivation(plain.function, "logistic", form=Nonconstant())
for activation in (plain, vouched):
    print(template_matrix(TransformerKernel(1.0, 1.0, activation), ["αα", "αβ"]).proof)

# %%
# Beside those that are built in: the dual against the correlation of two variables of variance 1.
correlations = np.linspace(-1.0, 1.0, 41)
ones = np.ones_like(correlations)
with styled():
    figure, axes = plt.subplots(figsize=(5.6, 3.3))
    for activation, look in zip((plain, Tanh(), ReLU()), LOOKS, strict=False):
        dual = activation.dual(ones, correlations, ones).values
        name = getattr(activation, "label", activation.name)
        axes.plot(correlations, dual, label=name, markevery=5, **look.keywords)
    axes.set_xlabel("correlation of u and v")
    axes.set_ylabel("E[φ(u) φ(v)]")
    axes.legend()
