"""Transformers and perceptrons that are trained, in JAX.

* `architecture`, `parameters`, `transformer`: the transformer, with a_h and b_h as switches.
* `incidence`: the perceptron on one-hot vectors, and the one that is shown ``X X^T`` as well.
* `network`: what the trainer asks of either.
* `problem`: training strings, and held-out ones over alphabets of their own.
* `recipe`, `trainer`, `checkpoint`: Adam for several seeds at once, the best epoch by validation.

Training is in float32, which is what networks are trained in; everything else that this project
computes is in float64. Vectors are rows here, so a weight matrix stands on the right.
"""

from __future__ import annotations

from kernels.boundary.optional_packages import needed

needed("optax", "jax")
