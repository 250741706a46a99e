"""What a decision asks of a number that is not exact."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from kernels.estimates import ErrorKind, Estimate


@runtime_checkable
class Uncertain(Protocol):
    """A number that says how far it may be from the truth, but for a given probability.

    A standard error is one such number; a mean of bounded values, a median of means and a fitted
    exponent are others, whose radius is no multiple of a standard error.
    """

    @property
    def value(self) -> float:
        """The number."""

    @property
    def kind(self) -> ErrorKind:
        """How sure the radius is."""

    def radius(self, significance: float) -> float:
        """``|value - truth|`` is at most this, but for a probability of ``significance``."""

    def to_json(self) -> object:
        """The number and its error, for the evidence."""


Quantity = Estimate | Uncertain
"""Anything that claims are about."""
