"""
Kernel values on several cores, or on a cluster
===============================================

Values of different patterns do not depend on each other. joblib computes them in parallel, and its
own switch says where: threads, processes, or a Dask cluster. The numbers are the same everywhere,
since nothing depends on what is computed beside it.
"""

from itertools import product

import joblib

from kernels import Pattern, Quadrature, TransformerKernel


def fresh() -> TransformerKernel:
    """A kernel that has computed nothing yet."""
    return TransformerKernel(beta=1.0, gamma=1.0, attention=Quadrature(tolerance=1e-6))


patterns = list({Pattern.of("AAB", "".join(other)) for other in product("ABC", repeat=3)})

# %%
# On two threads. With a cluster, a client is connected around the same line::
#
#     with Client("tcp://scheduler:8786"), joblib.parallel_config(backend="dask"):
#
# and :doc:`/cluster` tells what its workers need.
with joblib.parallel_config(backend="threading", n_jobs=2):
    spread = fresh().values(patterns)

# %%
# The same numbers, to the last bit.
alone = fresh().values(patterns)
print(len(patterns), "patterns; equal:", bool((spread.values == alone.values).all()))
