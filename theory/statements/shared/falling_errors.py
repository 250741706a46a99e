"""Errors of several draws against a bound of order n^{-1/2}: how often above it, how fast falling.

The exponent of n is that of ``log error = c + e log n`` with one c for each ratio of n to the
number of symbols. A fall like the bound's counts as seen only where the confidence band of e lies
below -1/4, half the exponent of the bound, and is not above -1/2 as a whole. An exponent that is
too slow at the n of a check refutes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats

from kernels.estimate import ErrorKind
from theory.statements.framework.verdict import Case, Outcome, fact

_ALARM = 2e-4
"""p-value below which a share of failures counts as more than 10 %: 5 of 6 draws, 8 of 16."""
_COMPATIBLE = 0.05
"""p-value from which on a share of failures is compatible with 10 %: 2 of 6 draws, 4 of 16."""
_CONFIDENCE = 0.99
"""Of the band of the exponent of n."""
_CLAIMED, _SLOWEST = -0.5, -0.25
"""The exponent of n in the bound, and the slowest that counts as a fall like it."""


def fall_case(errors: Mapping[tuple[int, int], Sequence[float]]) -> Case:
    """The exponent of n at fixed ratios of n to symbols, with a band by Student's law.

    Least squares of ``log error`` on ``log n`` with one constant for each ratio; the scatter of
    the draws, which are independent, says how far the slope may be off.

    Args:
        errors: by samples and symbols, the errors of several draws.

    >>> at = {(100, 16): [0.4, 0.5], (400, 64): [0.2, 0.25], (800, 128): [0.14, 0.18]}
    >>> case = fall_case(at)
    >>> str(case.outcome), round(case.evidence["exponent of n"], 1)
    ('inconclusive', -0.5)
    """
    ratios = sorted({n / symbols for n, symbols in errors})
    shares, logs, of = [], [], []
    for (n, symbols), found in errors.items():
        shares += [math.log(n)] * len(found)
        logs += np.log(np.maximum(found, np.finfo(np.float64).tiny)).tolist()
        of += [ratios.index(n / symbols)] * len(found)
    x, y, group = np.array(shares), np.array(logs), np.array(of)
    for one in range(len(ratios)):
        x[group == one] -= x[group == one].mean()
        y[group == one] -= y[group == one].mean()
    slope = float(x @ y / (x @ x))
    freedom = len(x) - len(ratios) - 1
    deviation = math.sqrt(float(((y - slope * x) ** 2).sum()) / freedom / float(x @ x))
    half = float(stats.t.ppf(0.5 + _CONFIDENCE / 2.0, freedom)) * deviation
    name = "the error falls with n"
    evidence = {
        "exponent of n": slope,
        "band": [slope - half, slope + half],
        "confidence": _CONFIDENCE,
        "claimed exponent": _CLAIMED,
        "slowest that counts": _SLOWEST,
    }
    if slope + half < _SLOWEST and slope - half <= _CLAIMED:
        return Case(name, Outcome.HOLDS, ErrorKind.STATISTICAL, evidence)
    band = f"{slope - half:.2f} to {slope + half:.2f}"
    needed = f"{name}: more draws or larger n, the exponent is now {band} beside {_CLAIMED:g}"
    return Case(name, Outcome.INCONCLUSIVE, ErrorKind.STATISTICAL, evidence, needed)


def failures_case(name: str, found: Sequence[float], bound: float, delta: float) -> Case:
    """Whether a share of at most delta of the errors is above a bound, as far as they tell."""
    failures, draws = sum(bool(error > bound) for error in found), len(found)
    # Of a share of at most delta, this many failures are expected with this probability.
    p_value = float(stats.binomtest(failures, draws, delta, alternative="greater").pvalue)
    evidence = {
        "bound": bound,
        "errors": list(found),
        "failures": failures,
        "allowed share": delta,
        "p_value": p_value,
        "compatible from": _COMPATIBLE,
        "alarm below": _ALARM,
    }
    if _ALARM < p_value < _COMPATIBLE:
        needed = f"{name}: more draws, {failures} of {draws} errors are above the fitted bound"
        return Case(name, Outcome.INCONCLUSIVE, ErrorKind.STATISTICAL, evidence, needed)
    return fact(name, p_value >= _COMPATIBLE, evidence, ErrorKind.STATISTICAL)
