"""Bounds of the attention kernel's first two derivatives in ``s = beta^2`` and ``c = gamma^2``.

Two kinds, of which the smaller one counts. Cumulants of softmaxes bound them whatever the
temperature (Lemma 21 of docs/proofs.md). And the kernel is an integral of a bounded function of d
Gaussians against a density that is analytic in their variance, so that it extends to variances with
a positive real part, where it grows by no more than ``cos(arg s)^(-d / 2)``; Cauchy's inequality on
circles about the real line bounds derivatives from that (Lemma 24).
"""

from __future__ import annotations

from typing import NamedTuple

from flint import arb

_SECOND, _FOURTH = 5.0, 466.0
"""Bounds of the sums of all second and fourth derivatives of ``a^T M b`` in the logits, over mu."""


class Derivatives(NamedTuple):
    """Bounds of the sizes of a function's first and second derivative."""

    first: arb
    second: arb


def by_temperature(s: tuple[arb, arb], c: tuple[arb, arb], length: int) -> Derivatives:
    """In s, over all s and c between two ends.

    Args:
        s: least and largest, at least 0.
        c: likewise.
        length: of the strings.

    >>> found = by_temperature((arb(1), arb(1)), (arb(1), arb(1)), 3)
    >>> [round(float(bound.upper()), 2) for bound in found]
    [2.6, 8.0]
    """
    mu = 1 + c[1]
    cumulants = Derivatives(_SECOND / 2 * mu * mu, _FOURTH / 4 * mu**3)
    if not s[0] > 0:
        return cumulants
    d = 2 * (length - 1)  # differences of logits to the last ones
    return Derivatives(
        cumulants.first.min(_cauchy(1, s[0], mu / 2, arb(0), d)),
        cumulants.second.min(_cauchy(2, s[0], mu / 2, arb(0), d)),
    )


def by_weight(s: tuple[arb, arb], c: tuple[arb, arb], length: int) -> Derivatives:
    """In c, over all s and c between two ends; arguments as for `by_temperature`."""
    mu, high = 1 + c[1], s[1]
    first = _SECOND / 2 * mu * high + 1
    second = _FOURTH / 4 * mu * high * high + _SECOND * high
    if not c[0] > 0:
        return Derivatives(first, second)
    d = length - 1  # differences of positions alone
    return Derivatives(
        first.min(arb(0.5) + _cauchy(1, c[0], mu / 2, c[0] / 2, d)),
        second.min(_cauchy(2, c[0], mu / 2, c[0] / 2, d)),
    )


def _cauchy(order: int, least: arb, size: arb, growth: arb, d: int) -> arb:
    """Cauchy's inequality on circles that stay within an angle.

    A circle of radius ``sin(angle)`` times the least value stays within that angle wherever its
    middle is. Any angle will do; this one minimizes the bound where nothing grows.

    Args:
        order: of the derivative, 1 or 2.
        least: the least real value.
        size: of the function on the real line.
        growth: of the size, per sine of the angle.
        d: Gaussians.
    """
    square = arb(2 * order) / (2 * order + d)  # of the sine
    cosine, sine = (1 - square).sqrt(), square.sqrt()
    within = (size + growth * sine) / cosine.sqrt() ** d
    return order * within / (least * sine) ** order
