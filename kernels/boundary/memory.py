"""Refusing work that cannot fit in memory, before it starts."""

from __future__ import annotations

import psutil

from kernels.boundary.exceptions import TooLargeError

_SHARE = 0.8
"""The share of the free memory that one piece of work may plan for: the rest is headroom for
temporaries that no estimate counts."""


def fits_in_memory(needed: float) -> bool:
    """Whether so many bytes are free.

    >>> fits_in_memory(1e15)
    False
    """
    return bool(needed <= _SHARE * psutil.virtual_memory().available)


def require_memory(argument: str, value: object, needed: float, remedy: str) -> None:
    """Raise unless ``needed`` bytes are free.

    Args:
        argument: the argument that decides the size.
        value: what was given for it.
        needed: bytes the work will hold at its peak.
        remedy: how to make it fit.

    Raises:
        TooLargeError: the work would not fit.

    >>> require_memory("samples", 10, 1e15, "use fewer")
    Traceback (most recent call last):
    ...
    kernels.boundary.exceptions.TooLargeError: samples = 10: needs about 1e+06 GB of memory...
    """
    if not fits_in_memory(needed):
        free = _SHARE * psutil.virtual_memory().available
        raise TooLargeError(
            argument,
            value,
            f"needs about {needed / 1e9:.3g} GB of memory and {free / 1e9:.3g} GB may be used; "
            f"{remedy}",
        )
