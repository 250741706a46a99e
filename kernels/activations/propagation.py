"""The dual of a covariance that is itself known up to an error."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

from kernels.activations.base import Activation
from kernels.activations.dual.covariance import checked, overflowing
from kernels.estimates import ErrorKind, EstimateArray
from kernels.estimates.balls import around, centred, precision
from kernels.estimates.provenance import Provenance, Source
from kernels.estimates.rules.arithmetic import Parts

_PROVED = Source(ErrorKind.PROVED, np.inf, "dual in balls")


def dual_of_estimates(
    activation: Activation, xx: EstimateArray, xy: EstimateArray, yy: EstimateArray
) -> EstimateArray:
    """``E[phi(u) phi(v)]``, with the errors of the covariance carried through.

    Where all three entries of a covariance are exact or proved and the activation knows a proof,
    the dual is evaluated in balls, and its error is proved. Elsewhere each entry is moved down
    and up by its error; the larger change of the dual is what that error can do, to first order,
    and the three add up. Bounds and standard errors are moved each on their own.

    Args:
        activation: phi.
        xx: variances of u.
        xy: covariances.
        yy: variances of v, of one shape with the other two.

    Raises:
        InvalidInputError: not covariances, or a dual that overflows.

    >>> from kernels import Cosine, Proved
    >>> one, half = EstimateArray.exact([1.0]), EstimateArray.of([0.5], Proved, 1e-12)
    >>> found = dual_of_estimates(Cosine(), one, half, one)[0]
    >>> str(found.kind), found.error < 1e-12
    ('proved', True)
    """
    given = xx, xy, yy
    certain = np.logical_and.reduce([_certain(one) for one in given])
    balls = _in_balls(activation, *(one[certain] for one in given)) if certain.any() else None
    if balls is None:
        return _to_first_order(activation, *given)
    if certain.all():
        sources: tuple[Source, ...] = (_PROVED,)
        values, bounds = (part.reshape(certain.shape) for part in balls)
        parts = Parts(values, bounds, np.zeros_like(values))
    else:
        rest = _to_first_order(activation, *(one[~certain] for one in given))
        sources = rest.provenance.weakest, _PROVED
        parts = Parts(*(np.empty(certain.shape) for _ in range(3)))
        for part, proved, other in zip(parts, (*balls, 0.0), rest.parts, strict=True):
            part[certain], part[~certain] = proved, other
    codes = np.where(certain, len(sources) - 1, 0).astype(np.uint16)
    nothing = np.zeros(certain.shape)
    method = EstimateArray(nothing, nothing, nothing, Provenance(codes, sources))
    return EstimateArray.carried(parts, *given, method)


def _certain(given: EstimateArray) -> Bool[np.ndarray, "..."]:
    """Which entries are bounded by a theorem."""
    strong = [one.kind.rank <= ErrorKind.PROVED.rank for one in given.provenance.sources]
    return np.array(strong)[given.provenance.codes] & np.isfinite(given.bounds)


def _in_balls(
    activation: Activation, xx: EstimateArray, xy: EstimateArray, yy: EstimateArray
) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]] | None:
    """The dual and its bounds; None where the activation knows no proof."""
    checked(xx.values, xy.values, yy.values)
    columns = [part.ravel() for one in (xx, xy, yy) for part in (one.values, one.bounds)]
    given = np.stack(columns, axis=1)
    # The dual is symmetric; in one order it is so to the last digit. Equal covariances count once.
    swapped = (given[:, 0] < given[:, 4]) | (
        (given[:, 0] == given[:, 4]) & (given[:, 1] < given[:, 5])
    )
    ordered = np.where(swapped[:, None], given[:, [4, 5, 2, 3, 0, 1]], given)
    rows, index = np.unique(ordered, axis=0, return_inverse=True)
    found = np.empty((len(rows), 2))
    with precision():
        for place, (x, by_x, both, by_both, y, by_y) in enumerate(rows.tolist()):
            ball = activation.enclosure(around(x, by_x), around(both, by_both), around(y, by_y))
            if ball is None:
                return None
            found[place] = centred(ball)
    if not np.isfinite(found).all():
        raise overflowing(activation.name)
    return found[index.ravel(), 0], found[index.ravel(), 1]


def _to_first_order(
    activation: Activation, xx: EstimateArray, xy: EstimateArray, yy: EstimateArray
) -> EstimateArray:
    """The dual, with what errors can do to it to first order."""
    given = xx, xy, yy
    entries = [one.values for one in given]
    plain = activation.dual(*entries)
    bounds, deviations = plain.bounds, plain.deviations
    for place, moving in enumerate(given):
        bounds = bounds + _change(activation, entries, place, moving.bounds, plain.values)
        if moving.deviations.any():
            moved = _change(activation, entries, place, moving.deviations, plain.values)
            deviations = deviations + moved
    return EstimateArray.carried(Parts(plain.values, bounds, deviations), *given, plain)


def _change(
    activation: Activation,
    entries: list[Float[np.ndarray, " n"]],
    place: int,
    by: Float[np.ndarray, " n"],
    plain: Float[np.ndarray, " n"],
) -> Float[np.ndarray, " n"]:
    """The larger change of the dual when one entry of the covariance moves down and up."""
    change = np.zeros_like(plain)
    for sign in (-1.0, 1.0):
        moved = [*entries]
        moved[place] = entries[place] + sign * by
        found = activation.dual(*_nearest_covariance(*moved))
        change = np.maximum(change, np.abs(found.values - plain))
    return change


def _nearest_covariance(
    xx: Float[np.ndarray, " n"], xy: Float[np.ndarray, " n"], yy: Float[np.ndarray, " n"]
) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """A moved covariance made admissible."""
    xx, yy = np.maximum(xx, 0.0), np.maximum(yy, 0.0)
    largest = np.sqrt(xx) * np.sqrt(yy)
    return xx, np.clip(xy, -largest, largest), yy
