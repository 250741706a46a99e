"""Which library computes."""

from __future__ import annotations

from typing import Literal

from kernels.boundary.exceptions import InvalidInputError
from kernels.regression.arrays.device import HOST, Device

Engine = Literal["numpy", "jax", "dask"]
"""What runs the iteration."""


def device_of(engine: Engine) -> Device:
    """The device on which an engine computes.

    Raises:
        InvalidInputError: Dask without its package, or without a cluster.
    """
    if engine == "numpy":
        return HOST
    if engine == "dask":
        try:
            from kernels.regression.arrays.dask_arrays import dask_device  # noqa: PLC0415
        except ImportError:
            remedy = "install the extra 'cluster': pip install -e '.[cluster]'"
            raise InvalidInputError("engine", engine, remedy) from None
        return dask_device()
    from kernels.regression.arrays.jax_arrays import JAX  # noqa: PLC0415 - slow to load

    return JAX
