"""Where arrays live and products with them run: NumPy on the host, or JAX on its default device.

What is computed on a device is written once, in the operators that NumPy and JAX share: ``@``,
``+=`` and the functions of ``array.__array_namespace__()``. Three things have no such operator, or
are slow by it, and are objects with the same methods on both: sparse matrices (`scipy.sparse`),
sums over `Groups`, and a `CholeskyFactor`. A device turns all of these, wherever a dataclass holds
them, into its own; a field with ``metadata={"stays": True}`` stays on the host.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")

Sparse = Any
"""A sparse array of `scipy.sparse`, or its copy on a device: it has ``@`` and ``.T``."""


@dataclass(frozen=True)
class Device:
    """A place for arrays.

    Attributes:
        put: a copy there of an array, or of a dataclass of arrays.
        take: a NumPy array of an array from there.
        call: calls an object of ``put`` with arrays from there.
        scope: the context in which to do so.
        leave_at: columns that need no more work are left out of a product when the share of the
            others is at most this. Where each number of columns is compiled for, this is below 1.
        together: whether columns are faster side by side than one after the other.
    """

    put: Callable[[T], T]
    take: Callable[[Any], np.ndarray]
    call: Callable[..., Any]
    scope: Callable[[], AbstractContextManager[object]] = nullcontext
    leave_at: float = 1.0
    together: bool = True


def built(kind: type, parts: Iterable[tuple[str, Any]]) -> Any:
    """A dataclass of these parts, past its checks of types, which are those of the host."""
    made: Any = object.__new__(kind)
    for name, part in parts:
        object.__setattr__(made, name, part)
    return made


HOST = Device(
    put=lambda value: value,
    take=lambda array: array,
    call=lambda function, *arrays: function(*arrays),
    together=False,
)
"""NumPy. A column alone stays in a processor's cache ten times as long as ten of them, and a number
for each row is multiplied in one loop: 100 columns took 1.4 times as long side by side."""
