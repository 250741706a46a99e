"""JAX as this package needs it, whatever it has been told elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from kernels.boundary.exceptions import InvalidInputError
from kernels.boundary.optional_packages import needed


@contextmanager
def plain_jax(*, double: bool = True) -> Iterator[None]:
    """JAX's own defaults where a setting of the user's would refuse or change work.

    Args:
        double: compute in float64; without it in float32, as networks are trained.

    The user's settings are as before on leaving: promotion of types and ranks, the guard of
    transfers, the hunt for NaN, and how random numbers are cut in pieces, on which values depend.

    Raises:
        MissingPackageError: JAX is not installed.
        InvalidInputError: JAX has no device as ``JAX_PLATFORMS`` or its other settings want it.

    >>> import jax
    >>> with plain_jax():
    ...     str(jax.numpy.ones(1).dtype)
    'float64'
    """
    jax = needed("jax", "jax")  # takes half a second to load

    try:
        jax.default_backend()
    except (RuntimeError, AssertionError) as error:  # unknown to JAX, or without a device here
        reason = str(error).partition(" (set")[0] or "no such device"
        remedy = f"JAX cannot start with that; unset it, or give cpu ({reason})"
        raise InvalidInputError("JAX_PLATFORMS", os.environ.get("JAX_PLATFORMS"), remedy) from None
    with (
        jax.enable_x64(double),
        jax.numpy_dtype_promotion("standard"),
        jax.numpy_rank_promotion("allow"),
        jax.transfer_guard("allow"),
        jax.debug_nans(False),
        jax.threefry_partitionable(True),
    ):
        yield
