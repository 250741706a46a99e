"""The one place that decides: each kind of claim from both sides, and at which significance."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from kernels.estimates import ErrorKind, Estimate, EstimateArray, Numerical, StandardError
from theory.power_laws import LeastSquaresExponent
from theory.statements import (
    AtMost,
    Case,
    Claim,
    Compatible,
    Equal,
    Every,
    Examination,
    Fact,
    Falls,
    Finding,
    Open,
    Outcome,
    Provided,
    Series,
    Void,
    decide,
)
from theory.statements.framework.decision import RISK, SIGNIFICANCE, decided, differ, level
from theory.statements.framework.uncertain import Quantity
from theory.statements.shared.claims.tails import BoundedMean, MedianOfMeans

HOLDS, VIOLATED, OPEN = Outcome.HOLDS, Outcome.VIOLATED, Outcome.INCONCLUSIVE
NOTHING = Outcome.SAYS_NOTHING


def number(value: float, error: float = 0.0) -> Estimate:
    return Estimate(value, Numerical(error))


def sampled(value: float, error: float) -> Estimate:
    return Estimate(value, StandardError(error))


def outcome(claim: Claim, each: float = SIGNIFICANCE) -> Outcome:
    return decided(claim, each).outcome


@pytest.mark.parametrize(
    ("value", "bound", "expected"),
    [
        (number(1.0, 0.1), number(2.0, 0.1), HOLDS),
        (number(2.0, 0.1), number(1.0, 0.1), VIOLATED),
        (number(1.0, 0.5), number(1.2, 0.5), OPEN),
        (number(math.nan), number(1.0), OPEN),
        # 4.9 standard errors are within a radius at 1e-6, 4 are not enough to hold.
        (sampled(0.0, 1.0), number(5.0), HOLDS),
        (sampled(0.0, 1.0), number(4.0), OPEN),
        (sampled(0.0, 1.0), number(-4.0), OPEN),
        (sampled(0.0, 1.0), number(-5.0), VIOLATED),
    ],
)
def test_at_most(value: Quantity, bound: Quantity, expected: Outcome) -> None:
    assert outcome(AtMost("x", value, bound)) is expected


def test_a_bound_that_is_attained_holds_within_its_resolution() -> None:
    attained = AtMost("x", number(1.0, 1e-9), number(1.0))
    assert outcome(attained) is OPEN
    assert outcome(AtMost("x", number(1.0, 1e-9), number(1.0), resolution=1e-6)) is HOLDS
    assert outcome(AtMost("x", number(1.1, 1e-9), number(1.0), resolution=0.2)) is VIOLATED


@pytest.mark.parametrize(
    ("bound", "trivial", "expected"),
    [
        (0.5, 1.0, HOLDS),
        (1.0, 1.0, OPEN),
        (2.0, 1.0, OPEN),
        (0.05, 1.0, VIOLATED),
        (1.0, 0.0, OPEN),
    ],
)
def test_a_bound_no_better_than_the_trivial_one_does_not_hold(
    bound: float, trivial: float, expected: Outcome
) -> None:
    case = decided(AtMost("x", number(0.1), number(bound), trivial=trivial), SIGNIFICANCE)
    assert case.outcome is expected
    assert case.evidence["bound over the trivial one"] == (bound / trivial if trivial else None)


@pytest.mark.parametrize(
    ("value", "error", "expected"),
    [(1.0, 1e-9, HOLDS), (1.1, 1e-9, VIOLATED), (1.1, 0.3, OPEN), (math.nan, 0.0, VIOLATED)],
)
def test_equal(value: float, error: float, expected: Outcome) -> None:
    claim = Equal("x", number(1.0), number(value, error), resolution=1e-6)
    assert outcome(claim) is expected


def test_a_number_that_is_too_coarse_refutes_nothing() -> None:
    far = Equal("x", number(9.0), number(1.0, 0.3), resolution=0.1)
    assert outcome(far) is VIOLATED
    assert outcome(Equal("x", number(9.0), number(1.0, 0.3), resolution=0.1, coarsest=0.2)) is OPEN


@pytest.mark.parametrize(
    ("p_value", "sparse", "expected"),
    [(0.5, False, HOLDS), (1e-3, False, HOLDS), (1e-3, True, OPEN), (1e-7, True, VIOLATED)],
)
def test_compatible(p_value: float, sparse: bool, expected: Outcome) -> None:
    assert outcome(Compatible("x", p_value, sparse=sparse)) is expected


@pytest.mark.parametrize(
    ("exponent", "deviation", "claimed", "expected"),
    [
        (-0.5, 0.05, None, HOLDS),
        (-0.5, 0.05, -0.5, HOLDS),
        (-0.35, 0.01, -0.5, OPEN),
        (-0.3, 0.05, None, OPEN),
        (-0.1, 0.05, None, OPEN),  # three standard errors are no violation
        (0.1, 0.05, None, VIOLATED),
    ],
)
def test_falls(exponent: float, deviation: float, claimed: float | None, expected: Outcome) -> None:
    fitted = LeastSquaresExponent(exponent, deviation, 10_000)
    assert outcome(Falls("x", fitted, -0.25, claimed=claimed)) is expected


def test_what_would_refute_nothing_stays_open() -> None:
    assert outcome(Fact("x", False)) is VIOLATED
    case = decided(Fact("x", False, unless="more samples"), SIGNIFICANCE)
    assert (case.outcome, case.settles) == (OPEN, "more samples")


@pytest.mark.parametrize(
    ("premise", "claim", "expected"),
    [
        (Fact("p", True), Fact("x", True), HOLDS),
        (Fact("p", True), Fact("x", False), VIOLATED),
        (Fact("p", False), Fact("x", True), OPEN),
        (Open("p", ""), Fact("x", False), OPEN),
    ],
)
def test_provided(premise: Claim, claim: Claim, expected: Outcome) -> None:
    assert outcome(Provided(premise, claim, "a premise")) is expected


def test_every_is_its_first_failure() -> None:
    good, bad, left = Fact("good", True), Fact("bad", False, {"found": 3}), Open("left", "more")
    assert outcome(Every("all", [good, good])) is HOLDS
    assert outcome(Every("all", [good, left])) is OPEN
    case = decided(Every("all", [good, left, bad]), SIGNIFICANCE)
    assert case.outcome is VIOLATED
    assert case.evidence["first"] == {"name": "bad", "found": 3}


def test_comparisons_that_chance_can_spoil_are_counted() -> None:
    # 5.2 standard errors: too far for one comparison, not for the worst of a hundred.
    far = Equal("far", sampled(5.2, 1.0), number(0.0), resolution=100.0)
    near = [Equal(f"near {i}", sampled(0.0, 1.0), number(0.0), resolution=100.0) for i in range(99)]
    assert decide(Examination([far], "")).outcome is VIOLATED
    found = decide(Examination([far, *near], ""))
    assert found.outcome is HOLDS
    assert found.evidence["significance"] == {"of the check": 1e-6, "comparisons": 100}
    assert decide(Examination([far, Every("near", near)], "")).outcome is HOLDS
    exact = [Fact(f"exact {i}", True) for i in range(99)]
    assert decide(Examination([far, *exact], "")).outcome is VIOLATED


def test_true_claims_are_violated_as_rarely_as_stated() -> None:
    # At a level of 5 %, in place of 1e-6, so that the share can be seen.
    rng = np.random.default_rng(0)
    seen = [
        outcome(Equal("x", sampled(float(z), 1.0), number(0.0), resolution=9.0), 0.05)
        for z in rng.standard_normal(20_000)
    ]
    assert 0.045 < sum(one is VIOLATED for one in seen) / len(seen) < 0.055


def test_level_and_radii() -> None:
    assert level(0) == level(1) == SIGNIFICANCE
    errors = EstimateArray.gather([sampled(0.0, 0.1), sampled(0.0, 0.2), number(0.0, 0.3)])
    times = -NormalDist().inv_cdf(SIGNIFICANCE / 8.0)
    np.testing.assert_allclose(errors.radii(level(4)), [0.1 * times, 0.2 * times, 0.3])
    assert differ(number(1.0), number(1.1, 0.05))
    assert not differ(number(1.0), number(1.1, 0.2))
    assert differ(number(math.nan), number(1.0))
    assert 0.0 < SIGNIFICANCE < RISK < 0.05


def test_one_violated_claim_decides() -> None:
    claims = [Fact("good", True), Fact("bad", False, {"found": 3}), Fact("good too", True)]
    found = decide(Examination(claims, ""))
    assert found.outcome is VIOLATED
    assert found.counterexample == {"case": "bad", "evidence": {"found": 3}}
    named = decide(Examination([Fact("bad", False, {"found": 3}, example={"n": 1})], ""))
    assert named.counterexample == {"n": 1}


def test_inconclusive_says_what_would_settle_it() -> None:
    found = decide(Examination([AtMost("bound", number(1.0, 0.5), number(1.2, 0.5))], "open"))
    assert found.outcome is OPEN
    assert found.settles is not None
    with pytest.raises(ValueError, match="settle"):
        Finding(OPEN, ErrorKind.EXACT, {}, "")


def test_claims_about_nothing() -> None:
    void = Void("x", "nothing to compare")
    assert decide(Examination([void, void], "")).outcome is NOTHING
    assert decide(Examination([void, Fact("y", True)], "")).outcome is HOLDS
    assert decide(Examination([void, Fact("y", False)], "")).outcome is VIOLATED
    assert outcome(Every("all", [void])) is NOTHING


def test_no_claims_is_no_check() -> None:
    with pytest.raises(ValueError, match="cannot fail"):
        Examination([], "")


def test_the_weakest_kind_goes_along() -> None:
    claims = [Fact("x", True), Fact("y", True, kind=ErrorKind.NUMERICAL)]
    assert decide(Examination(claims, "")).kind is ErrorKind.NUMERICAL
    entered = Examination(claims[:1], "", entered=ErrorKind.STATISTICAL)
    assert decide(entered).kind is ErrorKind.STATISTICAL


def test_a_figure_may_count_what_was_decided() -> None:
    def figure(cases: object) -> str:
        return f"{len(list(cases))} cases"  # type: ignore[call-overload]

    assert decide(Examination([Fact("x", True)], figure)).figure == "1 cases"
    assert Case("x", HOLDS, ErrorKind.EXACT, {}).settles is None


def test_series_are_in_the_evidence_and_come_back() -> None:
    series = Series.of_rows("gap", ["symbols", "gap"], [[30, 0.5], [300, 0.1]])
    found = decide(Examination([Fact("x", True)], "", series=[series]))
    stored = found.evidence["series"]
    assert stored == {"gap": {"symbols": [30, 300], "gap": [0.5, 0.1]}}
    assert Series.from_json("gap", stored["gap"]) == series  # type: ignore[index]
    with pytest.raises(ValueError, match="different lengths"):
        Series("gap", {"symbols": (1, 2), "gap": (0.5,)})


# Numbers whose radius is no multiple of a standard error


@pytest.mark.parametrize("significance", [0.1, 1e-3])
def test_a_bounded_mean_misses_as_rarely_as_it_says(significance: float) -> None:
    rng = np.random.default_rng(0)
    missed = 0
    for _ in range(2_000):
        values = (rng.random(200) < 0.1).astype(np.float64)
        found = BoundedMean.of(values, 1.0)
        missed += abs(found.value - 0.1) > found.radius(significance)
    assert missed / 2_000 <= significance
    tight = BoundedMean(0.5, 0.25, 1.0, 10**6)
    normal = -NormalDist().inv_cdf(significance / 2.0) * 0.5e-3
    assert normal < tight.radius(significance) < 2.5 * normal


def test_a_median_of_means_widens_with_its_confidence() -> None:
    found = MedianOfMeans(0.0, 1.0, 3_300)
    assert found.radius(1e-7) > found.radius(1e-3) > found.radius(0.1) > 0.0
    rng = np.random.default_rng(0)
    means = [np.median(rng.standard_normal((33, 100)).mean(axis=1)) for _ in range(500)]
    assert max(map(abs, means)) < found.radius(1e-3)
