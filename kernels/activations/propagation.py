"""The dual of a covariance that is itself known up to an error."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from kernels.activations.base import Activation
from kernels.estimates import EstimateArray
from kernels.estimates.arithmetic import Parts


def dual_of_estimates(
    activation: Activation, xx: EstimateArray, xy: EstimateArray, yy: EstimateArray
) -> EstimateArray:
    """``E[phi(u) phi(v)]``, with the errors of the covariance carried through.

    Each entry of the covariance is moved down and up by its error; the larger change of the dual
    is what that error can do, to first order, and the three add up. Bounds and standard errors
    are moved each on their own.

    Args:
        activation: phi.
        xx: variances of u.
        xy: covariances.
        yy: variances of v.
    """
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
