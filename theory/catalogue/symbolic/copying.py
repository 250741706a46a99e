"""Copying one symbol, bare or out of a program."""

from __future__ import annotations

from kernels.boundary.checks import whole
from theory.symbolic_task import SymbolicTask

_LONGEST = 16


def copying(length: int = 1) -> SymbolicTask:
    """The template ``α ... α`` is labelled α (Section 5, at length 1).

    Args:
        length: how often α stands, 1 to 16; ``[CLS]`` not counted.

    Raises:
        InvalidInputError: a length out of this range.

    >>> print(copying(3))
    ααα -> α
    """
    k = whole("length", length, least=1, most=_LONGEST)
    return SymbolicTask.parse({"α" * k: "α"}, name=f"copying-{k}")


def printing() -> SymbolicTask:
    """The program ``print ( " α " )`` is labelled α.

    >>> print(printing())
    print ( " α " ) -> α
    """
    return SymbolicTask.parse({'print ( " α " )': "α"}, name="printing")
