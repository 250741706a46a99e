"""The environment that every test runs in: shapes checked, one thread a process, no surprises.

Wrong types and wrong shapes raise ``jaxtyping.TypeCheckError`` here, in every function and
dataclass of the three packages; wrong values raise the packages' own errors, as they do for users.
"""

from __future__ import annotations

import os

# For the processes that tests start, and for libraries that are loaded after this line. Sums then
# have one order on every machine. Tests run on the CPU unless the caller names another platform.
os.environ.update(
    dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
)
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ["MPLBACKEND"] = "agg"

import threadpoolctl
from hypothesis import HealthCheck, settings

from tests import runtime_types

# pytest's plugins have loaded NumPy already, so its BLAS does not see the variables above.
threadpoolctl.threadpool_limits(1)

# Must come before the first import of the packages. A mutation run goes without: it starts tests
# anew for each fault, of which putting the checks in would take the most.
if "UNCHECKED_TYPES" not in os.environ:
    runtime_types.install(["kernels", "theory", "validation"])

# "ci", the default: the same examples every time, so that a failure is the change's own.
# "long", nightly: new and many examples; a failure prints the blob that repeats it.
# Neither has a deadline: the first call of a compiled function is slow, and machines are shared.
settings.register_profile(
    "ci", derandomize=True, deadline=None, print_blob=True, database=None, max_examples=50
)
settings.register_profile(
    "long",
    derandomize=False,
    deadline=None,
    print_blob=True,
    max_examples=1000,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci")


def pytest_runtest_setup() -> None:
    runtime_types.begin_test()
