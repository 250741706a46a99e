r"""How errors combine: each rule once, for single numbers and for arrays.

A number is ``x = truth + e + t``: ``|e| <= p`` always, and ``t`` has standard deviation at most
``s`` (0 unless something was sampled). How the ``t`` of two numbers depend on each other is not
known: they may be the same draw. So standard deviations add up (Minkowski), which is right for
any dependence and attained where one is a multiple of the other. Write ``r`` for the rounding
of the operation itself, see `kernels.estimates.rules.rounding`::

    x + y:  p = p_x + p_y + r                               s = s_x + s_y
    x y:    p = |x| p_y + p_x |y| + p_x p_y + r             s = |x| s_y + s_x |y| + p_x s_y
                                                                + s_x p_y + sqrt(3) s_x s_y
    x / y:  p = (p_x + |x/y| p_y) / y_0 + r                 s = (s_x + (|x/y| + p) s_y) / y_0
    |x|:    p = p_x                                         s = s_x
    sum x:  p = sum p + r                                   s = sum s

``s`` bounds the root mean square of ``f(x - e) - f(x - e - t)``, what chance adds to the error of
f, for the values that were found and every ``e`` within its bound; the ``|x|`` in it is the value
found, not the truth. The last term of a product's ``s`` is that of ``t_x t_y`` for normal ``t``:
``E t_x^2 t_y^2 <= sqrt(E t_x^4 E t_y^4) = 3 s_x^2 s_y^2``.

What ``s`` does not say is that the result is normal. Standard errors combine to first order: a
radius of the result is z s, with the quantile z of its factors, and the chance that the truth is
beyond it is the one stated, at most once for each factor, where ``z s_x`` is small beside ``|x|``.
Both ``t`` being z deviations off, a product is off by at most

    z (|x| s_y + s_x |y|) + z^2 s_x s_y,    which is  z s + (z^2 - sqrt(3) z) s_x s_y

for ``p = 0``. A normal x of mean 3.2 and standard error 1, which is no measurement of ``x^2``,
leaves its square beyond the radius at 1e-6 with a chance of 9e-4.

A quotient differs from the truth by ``(e_x + t_x - (x/y) (e_y + t_y)) / Y`` for the truth Y of y,
which is at least ``y_0 = |y| - p_y`` in size. If y was sampled, ``y_0 = |y| - p_y - s_y``, and the
rule holds to first order in ``s_y``. Where ``y_0`` is not above 0 the quotient may be any number:
its error is infinite.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from kernels.estimates.rules.rounding import (
    TINY,
    UNIT,
    Floats,
    outward,
    product_rounding,
    sum_rounding,
)
from kernels.estimates.rules.sizes import product, quotient

ROOT_THREE = float(np.sqrt(3.0))
"""Of the last term of a product's ``s``, see above."""


class Parts(NamedTuple):
    """Numbers with the two parts of their errors, broadcast against each other."""

    values: Float64[np.ndarray, "..."]
    bounds: Float64[np.ndarray, "..."]
    deviations: Float64[np.ndarray, "..."]


def plus(x: Parts, y: Parts) -> Parts:
    """``x + y``."""
    with np.errstate(over="ignore", invalid="ignore"):
        values = np.asarray(x.values + y.values)
    rounding = sum_rounding(*np.broadcast_arrays(x.values, y.values, values))
    return Parts(
        values,
        _outward_unless_zero(x.bounds + y.bounds + rounding),
        np.asarray(x.deviations + y.deviations),
    )


def times(x: Parts, y: Parts) -> Parts:
    """``x y``, entry by entry."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        values = np.asarray(x.values * y.values)
        a, b = np.abs(x.values), np.abs(y.values)
        carried = product(a, y.bounds) + product(x.bounds, b) + product(x.bounds, y.bounds)
        deviations = (
            product(a + x.bounds, y.deviations)
            + product(x.deviations, b + y.bounds)
            + ROOT_THREE * product(x.deviations, y.deviations)
        )
    rounding = product_rounding(*np.broadcast_arrays(x.values, y.values, values))
    bounds = _outward_unless_zero(carried) + rounding
    return Parts(values, _outward_unless_zero(bounds), np.asarray(deviations))


def over(x: Parts, y: Parts) -> Parts:
    """``x / y``, entry by entry; infinite where y is 0, with an infinite error where it may be."""
    with np.errstate(divide="ignore", over="ignore", under="ignore", invalid="ignore"):
        values = np.asarray(np.where(y.values == 0.0, np.inf, x.values / y.values))
        a, b, off = np.abs(x.values), np.abs(y.values), y.bounds + y.deviations
        least = np.asarray(np.where(off > 0.0, b * (1.0 - 4.0 * UNIT) - outward(off), b))
        carried = _outward_unless_zero(
            quotient((x.bounds,), (least,)) + quotient((a, y.bounds), (b, least))
        )
        deviations = (
            quotient((x.deviations,), (least,))
            + quotient((a, y.deviations), (b, least))
            + quotient((carried, y.deviations), (least,))
        )
        # A quotient is exact where the product goes back to the dividend without a rounding.
        back = np.asarray(values * y.values)
        inexact = product_rounding(*np.broadcast_arrays(values, y.values, back)) > 0.0
        inexact |= back != x.values
        rounding = np.where(inexact, UNIT * np.abs(values) + TINY, 0.0)
        known = (least > 0.0) & np.isfinite(values)
        bounds = np.where(known, carried + rounding, np.inf)
    return Parts(values, _outward_unless_zero(bounds), np.asarray(np.where(known, deviations, 0.0)))


def minus(x: Parts) -> Parts:
    """``-x``."""
    return Parts(np.asarray(-x.values), x.bounds, x.deviations)


def absolute(x: Parts) -> Parts:
    """``|x|``: no number is moved further by it than it was off."""
    return Parts(np.asarray(np.abs(x.values)), x.bounds, x.deviations)


def total(x: Parts, axis: int | tuple[int, ...] | None) -> Parts:
    """The sum along axes: errors add up, and n numbers summed in any order round n - 1 times."""
    with np.errstate(over="ignore", invalid="ignore"):
        values = np.asarray(x.values.sum(axis=axis))
        count = x.values.size / max(values.size, 1)
        inside = np.abs(x.values).sum(axis=axis)
        rounding = np.where(inside > 0.0, count * UNIT * inside, 0.0) if count > 1 else 0.0
        bounds = np.asarray(x.bounds.sum(axis=axis) + rounding)
        deviations = np.asarray(x.deviations.sum(axis=axis))
    bounds = np.where(bounds > 0.0, outward(bounds, 2.0 * count), 0.0)
    return Parts(values, np.where(np.isfinite(values), bounds, np.inf), deviations)


def _outward_unless_zero(bounds: Floats) -> Float64[np.ndarray, "..."]:
    return np.asarray(np.where(bounds == 0.0, 0.0, outward(np.asarray(bounds))))
