"""Rates fitted to errors over trials, and the bound of Theorem 4.4 with a fitted constant."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64
from scipy import stats

from kernels import InvalidInputError
from theory.power_laws import fit_errors

CONFIDENCE = 0.95
"""Of the intervals."""

FEWEST = 20
"""Errors that the two constants of a bound must at least be fitted to, to be held to later ones."""


_FEWEST_OF_LINE = 3


@dataclass(frozen=True)
class Rate:
    """A power law fitted to errors, ``error ~ x^exponent``.

    Attributes:
        exponent: the least-squares slope of log error over log x, all trials together.
        low: lower end of its confidence interval (Student's t, for independent trials whose log
            errors scatter alike around the line).
        high: upper end.
        trials: how many errors.
    """

    exponent: float
    low: float
    high: float
    trials: int

    def __str__(self) -> str:
        shown = f"{self.exponent:.2f} ({self.low:.2f} to {self.high:.2f})"
        return shown.replace("-", "−")


def fit_rate(x: Sequence[float], errors: Sequence[float]) -> Rate:
    """The rate at which errors change with x.

    Args:
        x: where, at least three and not all equal.
        errors: one for each, above 0.

    Raises:
        InvalidInputError: they are too few, not finite, not above 0, or of different lengths.

    >>> fit_rate([1.0, 10.0, 100.0], [3.0, 0.3, 0.03]).exponent
    -1.0
    """
    _positive(x=np.asarray(x, dtype=float), errors=np.asarray(errors, dtype=float))
    if len(x) < _FEWEST_OF_LINE:
        remedy = "give at least 3 points; 2 fix a line and leave nothing to tell its error from"
        raise InvalidInputError("x", list(x), remedy)
    if min(x) == max(x):
        raise InvalidInputError("x", list(x), "give at least two different values")
    found = fit_errors(x, errors)
    exponent, half = round(found.value, 12), found.radius(1.0 - CONFIDENCE)
    return Rate(exponent, exponent - half, exponent + half, len(x))


@dataclass(frozen=True)
class Bound:
    """Theorem 4.4's bound with constants, ``a sqrt(log(1 / delta) / n) + b sqrt(1 / rho)``.

    The theorem has one constant C for both terms, and a probability of failure
    ``delta + exp(-c n)``; c is taken as infinite, which makes the check stricter.

    Attributes:
        a: constant of the first term.
        b: constant of the second.
        delta: the probability of failure that is allowed.
    """

    a: float
    b: float
    delta: float

    def __call__(
        self, n: Float64[np.ndarray, " c"], rho: Float64[np.ndarray, " c"]
    ) -> Float64[np.ndarray, " c"]:
        """The bound for n samples of diversity rho."""
        return self.a * np.sqrt(math.log(1.0 / self.delta) / n) + self.b / np.sqrt(rho)


def fit_bound(
    n: Float64[np.ndarray, " c"],
    rho: Float64[np.ndarray, " c"],
    errors: Float64[np.ndarray, " c"],
    *,
    delta: float,
) -> Bound:
    """The bound with the least average, in logarithms, among those above all given errors.

    The ratio of the two constants is searched over seven decades; for each, the least factor
    that puts the bound above all errors is the largest ratio of error to bound.

    Raises:
        InvalidInputError: there are none, some are not finite or not above 0, their lengths
            differ, or delta is not between 0 and 1.

    >>> n, rho = np.array([10.0, 10.0, 1e4]), np.array([1e9, 100.0, 100.0])
    >>> bound = fit_bound(n, rho, 2.0 / np.sqrt(n) + 3.0 / np.sqrt(rho), delta=0.1)
    >>> round(bound.a * math.log(10.0) ** 0.5, 1), round(bound.b, 1)
    (2.0, 3.0)
    """
    _positive(n=n, rho=rho, errors=errors)
    if not 0.0 < delta < 1.0:
        raise InvalidInputError("delta", delta, "give a probability above 0 and below 1")
    best: tuple[float, Bound] | None = None
    for share in np.geomspace(1e-3, 1e4, 701):
        shape = Bound(1.0, float(share), delta)(n, rho)
        factor = float((errors / shape).max())
        height = math.log(factor) + float(np.log(shape).mean())
        if best is None or height < best[0]:
            best = height, Bound(factor, factor * float(share), delta)
    assert best is not None  # the search is not empty
    return best[1]


@dataclass(frozen=True)
class HeldOut:
    """A bound against errors that it was not fitted to.

    What is tried are the constants and not the theorem, which leaves its constant open.

    Attributes:
        above: how many errors exceed it.
        errors: how many there are.
        largest: the largest ratio of error to bound.
        allowed: the number above which the bound with these constants is refuted at the 1e-3
            level: a quantile of the binomial law with probability delta.
        fitted: how many errors the constants were fitted to.
    """

    above: int
    errors: int
    largest: float
    allowed: int
    fitted: int

    @property
    def verdict(self) -> str:
        """On the constants, in a word or two."""
        if self.fitted < FEWEST:
            return "inconclusive"
        return "do not carry over" if self.above > self.allowed else "carry over"

    @property
    def meaning(self) -> str:
        """What follows, as the end of a sentence on the constants."""
        if self.fitted < FEWEST:
            return (
                f"inconclusive: too few points ({self.fitted}, of at least {FEWEST}) to fit "
                "constants to; run it in full"
            )
        if self.above > self.allowed:
            return (
                "the constants fitted on smaller samples do not carry over, which says nothing "
                "against the theorem: it leaves its constants open"
            )
        return "the constants fitted on smaller samples carry over to the held-out trials"


def check_bound(
    bound: Bound,
    n: Float64[np.ndarray, " c"],
    rho: Float64[np.ndarray, " c"],
    errors: Float64[np.ndarray, " c"],
    *,
    fitted: int,
) -> HeldOut:
    """Compare fresh errors with a bound.

    Args:
        bound: with constants from elsewhere.
        n: samples.
        rho: diversities.
        errors: one for each, 0 or more.
        fitted: how many errors the constants were fitted to.

    Raises:
        InvalidInputError: there are none, some are not finite or negative, or lengths differ.
    """
    _positive(n=n, rho=rho)
    _finite(n=n, errors=errors)
    if (errors < 0.0).any():
        raise InvalidInputError("errors", float(errors.min()), "give errors of 0 or more")
    (heights,) = _positive(bound=bound(n, rho))
    ratios = errors / heights
    allowed = int(stats.binom.ppf(1.0 - 1e-3, len(errors), bound.delta))
    return HeldOut(int((ratios > 1.0).sum()), len(errors), float(ratios.max()), allowed, fitted)


def _finite(**given: Float64[np.ndarray, " _"]) -> None:
    """Refuse arrays that are empty, of different lengths, or not finite.

    A comparison with NaN is false, so that NaN would pass for an error below any bound.
    """
    (_, first), *_ = given.items()
    for name, values in given.items():
        if not len(values):
            raise InvalidInputError(name, values.tolist(), "give at least one number")
        if len(values) != len(first):
            remedy = f"give {len(first)} numbers, one for each of the others"
            raise InvalidInputError(name, values.tolist(), remedy)
        if not np.isfinite(values).all():
            wrong = float(values[~np.isfinite(values)][0])
            raise InvalidInputError(name, wrong, "give finite numbers only")


def _positive(**given: Float64[np.ndarray, " _"]) -> list[Float64[np.ndarray, " _"]]:
    """The arrays; refused where `_finite` refuses them, or a number is not above 0."""
    _finite(**given)
    for name, values in given.items():
        if values.min() <= 0.0:
            raise InvalidInputError(name, float(values.min()), "give numbers above 0 only")
    return list(given.values())
