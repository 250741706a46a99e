"""
The error at all unseen strings, certified
==========================================

At strings of unseen symbols a fitted model predicts one number for each template. Over the noise of
the labels it is Gaussian, and its certificate gives mean and deviation without a single test
string. Here the labels' noise is drawn 400 times, to see the law that the certificate states.
"""

import matplotlib.pyplot as plt
import numpy as np

from kernels import Cosine, KernelRidge, TransformerKernel
from theory import TemplateTask, certify
from validation.plots.style import LOOKS, styled

task = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
kernel = TransformerKernel(2.0, 1.0, Cosine(1.0, 1.2))
sample = task.sample(1_000, alphabet=1_000, seed=0)  # labels without noise

# %%
# One fit, one certificate.
sigma = 0.5
noise = np.random.default_rng(0).normal(scale=sigma, size=(1_000, 400))
model = KernelRidge(kernel, alpha=0.1).fit(sample.strings, sample.labels + noise[:, 0])
certificate = certify(model, task, noise=sigma)
print("bias ", certificate.bias)
print("noise", certificate.noise)
print("with 95% below", certificate.bound(delta=0.05).round(3))

# %%
# 400 fits at once: labels may have several columns, and the kernel's part of the work is shared.
many = KernelRidge(kernel, alpha=0.1).fit(sample.strings, sample.labels[:, None] + noise)
errors = many.predict(task.unseen()) - task.label_array[:, None]
with styled():
    figure, axes = plt.subplots(figsize=(5.6, 3.3))
    for i, look in enumerate(LOOKS[: len(task)]):
        mean, deviation = certificate.bias.values[i], certificate.noise.values[i]
        t = np.linspace(mean - 4.0 * deviation, mean + 4.0 * deviation, 200)
        density = np.exp(-(((t - mean) / deviation) ** 2) / 2.0)
        density /= deviation * np.sqrt(2.0 * np.pi)
        axes.hist(errors[i], bins=24, density=True, alpha=0.35, color=look.colour)
        label = f"certified, {task.templates[i]}"
        axes.plot(t, density, color=look.colour, linestyle=look.line, label=label)
    axes.set_xlabel("prediction − label at every unseen string")
    axes.set_ylabel("density; bars: 400 draws of the noise")
    axes.legend()
