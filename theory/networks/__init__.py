"""Finite networks in JAX: what the statements about limits, training and copying are checked on.

* `transformer_features`: random features of a depth-1 transformer, weight by weight (Appendix H);
  `theory.transformer_law` draws them without their weights, and without JAX.
* `perceptron`, `optimizers`, `training`, `coupling`: MLPs and how they train (Appendix I).
* `copying`, `copying_signals`, `copying_kernel`: attention with tied embeddings (Appendix J).
* `trained`: transformers and perceptrons that are trained by Adam, in float32.
* `compiling`: how JAX compiles them.

Notation, where it differs from the paper's: a batch of vectors is a matrix with one vector a row,
so a weight matrix stands on the right, transposed. Random numbers come from seeds given as
arguments, and every computation but that of `trained` is in float64.

Importing this package imports JAX: where it is missing, nothing in here can be used, and the error
says which extra brings it. What works without it stands elsewhere.
"""

from __future__ import annotations

from kernels.boundary.optional_packages import needed

needed("jax", "jax")
