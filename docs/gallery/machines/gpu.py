"""
Ridge regression on a GPU
=========================

With ``engine="jax"`` the iteration of the structured route runs on JAX's default device. That is a
GPU where JAX finds one, and the processor, as on the machine that made this page, where not. What
the model predicts is the same, up to the tolerance of the solution.
"""

import jax
import numpy as np

from kernels import Cosine, KernelRidge, TransformerKernel
from theory import TemplateTask

task = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
kernel = TransformerKernel(beta=2.0, gamma=1.0, activation=Cosine(1.0, 1.2))
sample = task.sample(2_000, alphabet=1_000, noise=0.1, seed=0)
print("JAX computes on:", jax.default_backend())

# %%
# A GPU is worth its transfers from some hundred thousand samples on; these few only show how.
predictions = {}
for engine in ("numpy", "jax"):
    model = KernelRidge(kernel, alpha=0.1, route="structured", engine=engine)
    model.fit(sample.strings, sample.labels)
    predictions[engine] = model.predict(task.unseen())
    print(f"{engine:6}{predictions[engine]}  {model.status_}, residual below {model.tol:g}")

# %%
assert np.allclose(predictions["numpy"], predictions["jax"], atol=1e-8)
