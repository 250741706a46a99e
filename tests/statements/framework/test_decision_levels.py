"""At which significance claims are decided, and of which kind: wrong decisions are refused.

Each test fails for a decision that forgets one of these; `WRONG` lists such decisions.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from kernels.estimates import ErrorKind, Estimate, EstimateArray, Numerical, StandardError
from theory.power_laws import LeastSquaresExponent
from theory.statements import (
    Claim,
    Compatible,
    Equal,
    Every,
    Examination,
    Fact,
    Falls,
    Open,
    Outcome,
    decide,
)
from theory.statements.framework import decision
from theory.statements.framework.decision import RISK, SIGNIFICANCE, level

FAR = 5.2
"""In standard errors: beyond a radius at 1e-6, within one at 1e-8."""


def sampled(value: float) -> Estimate:
    return Estimate(value, StandardError(1.0))


def among(claim: Claim, others: int) -> Outcome:
    """How a claim ends in a check with so many further comparisons that hold."""
    near = [
        Equal(f"near {i}", sampled(0.0), Estimate(0.0, Numerical(0.0)), resolution=100.0)
        for i in range(others)
    ]
    return decide(Examination([claim, *near], "")).outcome


def differ_counts_comparisons() -> bool:
    """Far for one comparison, not for the worst of a hundred."""
    first, second = sampled(FAR), Estimate(0.0, Numerical(0.0))
    return decision.differ(first, second) and not decision.differ(first, second, 100)


def compatible_counts_comparisons() -> bool:
    draws = Compatible("draws", 0.5 * SIGNIFICANCE)
    return (among(draws, 0), among(draws, 99)) == (Outcome.VIOLATED, Outcome.HOLDS)


def falls_counts_comparisons() -> bool:
    """Seen to grow at the level of its own band, and not at that of the check."""
    fitted = LeastSquaresExponent(0.1, 0.09, 10_000)
    assert fitted.radius(RISK) < 0.35 < fitted.radius(SIGNIFICANCE)
    grows = Falls("grows", fitted, -0.25)
    surely = Falls("surely", LeastSquaresExponent(0.3, 0.09, 10_000), -0.25)
    return (among(grows, 0), among(surely, 0)) == (Outcome.INCONCLUSIVE, Outcome.VIOLATED)


def open_kind_is_that_of_all() -> bool:
    """What is left open is no surer than the weakest of what was looked at, in any order."""
    left = Open("left", "more")
    several = [
        Fact("x", True, kind=ErrorKind.NUMERICAL),
        Open("y", "more", kind=ErrorKind.STATISTICAL),
    ]
    orders = ([left, *several], [*several, left])
    kinds = {decide(Examination(order, "")).kind for order in orders}
    kinds |= {decide(Examination([Every("all", order)], "")).kind for order in orders}
    return kinds == {ErrorKind.STATISTICAL}


def holding_kind_is_that_of_all() -> bool:
    facts = [Fact("x", True), Fact("y", True, kind=ErrorKind.NUMERICAL), Fact("z", True)]
    orders = (facts, facts[::-1], facts[1:])
    kinds = {decide(Examination([Every("all", order)], "")).kind for order in orders}
    return kinds == {ErrorKind.NUMERICAL}


def violated_kind_is_that_of_the_first() -> bool:
    """What is refuted exactly is refuted exactly, whatever else was looked at."""
    claims = [Fact("x", False), Fact("y", True, kind=ErrorKind.STATISTICAL)]
    return decide(Examination(claims, "")).kind is ErrorKind.EXACT


def nan_equals_nothing() -> bool:
    nan = Estimate(math.nan, Numerical(0.0))
    claim = Equal("x", nan, sampled(0.0), resolution=100.0)
    return decision.decided(claim, SIGNIFICANCE).outcome is Outcome.VIOLATED


def radii_of_arrays_are_those_of_entries() -> bool:
    """Student's quantile where the degrees are few, entry by entry."""
    estimates = [
        Estimate(0.0, StandardError(0.1, 3.0, 0.5)),
        Estimate(0.0, StandardError(0.1, 15.0)),
        Estimate(0.0, StandardError(0.1)),
        Estimate(0.0, Numerical(0.3)),
    ]
    single = [one.radius(level(4)) for one in estimates]
    return np.allclose(EstimateArray.gather(estimates).radii(level(4)), single, rtol=1e-12)


CHECKS: list[Callable[[], bool]] = [
    differ_counts_comparisons,
    compatible_counts_comparisons,
    falls_counts_comparisons,
    open_kind_is_that_of_all,
    holding_kind_is_that_of_all,
    violated_kind_is_that_of_the_first,
    nan_equals_nothing,
    radii_of_arrays_are_those_of_entries,
]


@pytest.mark.parametrize("check", CHECKS)
def test_decisions(check: Callable[[], bool]) -> None:
    assert check()


# Wrong decisions, each under what it forgets


def _once(first: Estimate, second: Estimate, comparisons: int = 1) -> bool:
    return abs(first.value - second.value) > first.radius(1e-6) + second.radius(1e-6)


def _kind_of_first(cases: list[decision.Case]) -> tuple[object, ...]:
    outcome, _, telling = _TOGETHER(cases)
    return outcome, telling[0].kind, telling


def _kind_of_all(cases: list[decision.Case]) -> tuple[object, ...]:
    outcome, _, telling = _TOGETHER(cases)
    return outcome, ErrorKind.weakest(case.kind for case in cases), telling


def _uncounted(comparisons: int) -> float:
    return SIGNIFICANCE


def _normal(self: EstimateArray, significance: float) -> np.ndarray:
    return self.bounds + StandardError(1.0).radius(significance) * self.deviations


def _at(kind: type, wrong: float) -> Callable[[Claim, float], decision.Case]:
    """Claims of this kind decided at a level of their own."""
    return lambda claim, each: _DECIDED(claim, wrong if isinstance(claim, kind) else each)


def _nan_left_open(claim: Claim, each: float) -> decision.Case:
    if isinstance(claim, Equal) and math.isnan(claim.first.value):
        return _DECIDED(Open(claim.name, "more"), each)
    return _DECIDED(claim, each)


_TOGETHER, _DECIDED = decision._together, decision._decided

WRONG: dict[str, tuple[object, str, object]] = {
    "differ: the number of comparisons": (decision, "differ", _once),
    "level: the number of comparisons": (decision, "level", _uncounted),
    "kind: that of the first case": (decision, "_together", _kind_of_first),
    "kind: that a refutation needs one case": (decision, "_together", _kind_of_all),
    "compatible: the level of each": (decision, "_decided", _at(Compatible, SIGNIFICANCE)),
    "falls: the level of each": (decision, "_decided", _at(Falls, RISK)),
    "equal: that NaN equals nothing": (decision, "_decided", _nan_left_open),
    "radii: the degrees of freedom": (EstimateArray, "radii", _normal),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_decision_is_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, what, wrong = WRONG[name]
    monkeypatch.setattr(where, what, wrong)
    assert not all(check() for check in CHECKS)
