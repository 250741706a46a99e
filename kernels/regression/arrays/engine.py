"""Which library computes."""

from __future__ import annotations

from typing import Literal

from kernels.boundary.optional_packages import needed
from kernels.regression.arrays.device import HOST, Device

Engine = Literal["numpy", "jax", "dask"]
"""What runs the iteration."""


def device_of(engine: Engine) -> Device:
    """The device on which an engine computes.

    Raises:
        MissingPackageError: JAX or Dask is not installed.
        InvalidInputError: Dask without a cluster.
    """
    if engine == "numpy":
        return HOST
    if engine == "dask":
        needed("distributed", "cluster")
        from kernels.regression.arrays.dask_arrays import dask_device  # noqa: PLC0415 - as below

        return dask_device()
    needed("jax", "jax")
    from kernels.regression.arrays.jax_arrays import JAX  # noqa: PLC0415 - slow to load

    return JAX
