"""Real balls: midpoints with a radius, from Arb by way of python-flint.

A ball contains the number that it stands for, whatever the precision; so nothing here relies on
the elementary functions of the C library.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from flint import arb, ctx

PRECISION = 128
"""Bits of a midpoint: ample for bounds, and for tables that are rounded to 53."""

_lock = RLock()


@contextmanager
def precision(bits: int = PRECISION) -> Iterator[None]:
    """Work with midpoints of so many bits, one thread at a time: the setting is Arb's own.

    >>> with precision():
    ...     third = arb(1) / 3
    >>> third.rel_accuracy_bits() > 100
    True
    """
    with _lock, ctx.workprec(bits):
        yield


def above(ball: arb) -> float:
    """A float that is not below any number of the ball.

    >>> above(arb(1) / 3) > 1 / 3
    True
    """
    return math.nextafter(float(ball.upper()), math.inf)


def around(value: float, radius: float) -> arb:
    """The ball of all numbers within ``radius`` of ``value``.

    >>> around(1.0, 0.5).contains(arb(1.5))
    True
    """
    return arb(value, radius) if radius else arb(value)


def centred(ball: arb) -> tuple[float, float]:
    """A float in the middle of a ball, and what any number of the ball differs from it by at most.

    >>> value, radius = centred(arb(1) / 3)
    >>> value == 1 / 3, 0.0 < radius < 1e-16
    (True, True)
    """
    value = float(ball.mid())
    off = abs(ball - arb(value))
    return value, 0.0 if off == 0 else above(off)
