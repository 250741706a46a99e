"""Finite networks in JAX: what the statements about limits, training and copying are checked on.

* `transformer_features`, `transformer_law`, `widths`: random features of a depth-1 transformer,
  weight by weight and in law (Appendix H).
* `perceptron`, `optimizers`, `training`, `coupling`: MLPs and how they train (Appendix I).
* `copying`, `copying_signals`, `copying_kernel`: attention with tied embeddings (Appendix J).
* `trained`: transformers and perceptrons that are trained by Adam, in float32.
* `two_sample`, `compiling`: the statistics that these need, and how JAX compiles them.

Notation, where it differs from the paper's: a batch of vectors is a matrix with one vector a row,
so a weight matrix stands on the right, transposed. Random numbers come from seeds given as
arguments, and every computation but that of `trained` is in float64. Importing this package does
not import JAX; its modules do.
"""
