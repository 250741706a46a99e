"""Kernel ridge regression, equation (4) of the paper (arXiv 2310.09753).

The rooms, each of which may import those below it and none beside or above it:

* `ridge`: the estimator, with scikit-learn's names; `kernel_estimator`: what its tools ask for;
* `routes`: how the equation is solved: `routes.dense` or `routes.structured`, which know nothing
  of each other, and `routes.choice`, which alone knows both;
* `solution`: from the equation of the distinct strings back to that of the samples;
  `accuracy`: how far its predictions may be from the truth; `proved`: how far at most, for few;
* `preconditioners`, `solvers`, `prediction`: approximate inverses; conjugate gradients and
  factorizations; sums of kernel values over the training strings. Strangers to each other;
* `operator`: the kernel matrix of millions of strings without the matrix;
* `contract`: what a route offers;
* `arrays`, `arguments`: sums over NumPy or JAX arrays alike; what is checked at the boundary.
"""
