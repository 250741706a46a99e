"""How much an experiment computes."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Scale(StrEnum):
    """Quick for a first look, full for the report, large for a night."""

    QUICK = "quick"
    FULL = "full"
    LARGE = "large"

    @property
    def option(self) -> str:
        """The option of ``reproduce`` that asks for it; none for the full scale."""
        return "" if self is Scale.FULL else f"--{self}"


def by_scale(quick: T, full: T, large: T | None = None) -> dict[Scale, T]:
    """What an experiment takes at each scale; at the large one as at the full where left out.

    >>> by_scale((10,), (10, 100))[Scale.LARGE]
    (10, 100)
    """
    return {Scale.QUICK: quick, Scale.FULL: full, Scale.LARGE: full if large is None else large}
