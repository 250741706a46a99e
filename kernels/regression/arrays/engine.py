"""Which library computes."""

from __future__ import annotations

from typing import Literal

from kernels.regression.arrays.device import HOST, Device

Engine = Literal["numpy", "jax"]
"""What runs the iteration."""


def device_of(engine: Engine) -> Device:
    """The device on which an engine computes."""
    if engine == "numpy":
        return HOST
    from kernels.regression.arrays.jax_arrays import JAX  # noqa: PLC0415 - slow to load

    return JAX
