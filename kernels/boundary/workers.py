"""joblib's workers, refused where they would hang."""

from __future__ import annotations

import sys
from typing import Any

from joblib import Parallel, effective_n_jobs
from joblib.parallel import get_active_backend

from kernels.boundary.exceptions import InvalidInputError


def spread(n_jobs: int | None, **settings: Any) -> Any:
    """What runs calls on workers: `joblib.Parallel`, where its backend can be used.

    Args:
        n_jobs: how many workers; where left out, what ``joblib.parallel_config`` says.
        settings: others of `joblib.Parallel`.

    Raises:
        InvalidInputError: the backend ``multiprocessing`` where JAX has been loaded: workers would
            be forks of a process whose other threads hold locks, and wait for them for ever.

    >>> from joblib import delayed
    >>> spread(1)(delayed(abs)(x) for x in (-1, 2))
    [1, 2]
    """
    parallel = Parallel(n_jobs=n_jobs, **settings)
    active, _ = get_active_backend(prefer=settings.get("prefer"))
    several = effective_n_jobs(parallel.n_jobs) > 1
    if several and "jax" in sys.modules and _forks(active):
        raise InvalidInputError(
            "backend",
            "multiprocessing",
            "JAX has been loaded, and forks of a process with its threads hang; take loky, "
            "threading or dask, or start Python with JOBLIB_START_METHOD=spawn",
        )
    return parallel


def _forks(backend: object) -> bool:
    """Whether workers of the backend are copies of this process."""
    from multiprocessing import get_start_method  # noqa: PLC0415 - as above

    from joblib._parallel_backends import MultiprocessingBackend  # noqa: PLC0415 - rarely asked
    from joblib.parallel import DEFAULT_MP_CONTEXT  # noqa: PLC0415 - as above

    if not isinstance(backend, MultiprocessingBackend):
        return False
    context = DEFAULT_MP_CONTEXT
    return (get_start_method() if context is None else context.get_start_method()) == "fork"
