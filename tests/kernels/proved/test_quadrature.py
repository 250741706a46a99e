"""Proved values: the truth lies in every ball, no ball is absurdly large, and refusals help."""

from __future__ import annotations

import math
import re

import pytest
from flint import arb
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kernels import InvalidInputError, Pattern, ProductRule, TensorNetwork
from kernels.attention.proved import estimator, ways
from kernels.attention.proved.estimator import ProvedQuadrature
from kernels.boundary.exceptions import ToleranceNotMetError, TooLargeError
from kernels.estimates import Estimate
from kernels.estimates.balls import precision
from tests.reference_values import REFERENCES, Reference
from tests.tolerances import REFERENCE_DIGITS, SECOND_ROUTE_TOLERANCE
from validation import strategies

PRODUCT = ProductRule(SECOND_ROUTE_TOLERANCE, effort=2e5)
LARGEST_PESSIMISM = 1e5
"""How far a radius may exceed the true error where that is larger than rounding."""


def value(x: str, y: str, beta: float, gamma: float, tolerance: float = 1e-11) -> Estimate:
    found = ProvedQuadrature(tolerance).estimate([Pattern.of(x, y)], beta, gamma)[0]
    assert isinstance(found, Estimate)
    assert found.kind == "proved"
    return found


@pytest.mark.parametrize("reference", REFERENCES, ids=str)
def test_reference_values(reference: Reference) -> None:
    found = ProvedQuadrature(1e-9).estimate([reference.pattern], reference.beta, reference.gamma)[0]
    assert abs(found.value - reference.k_attn) <= found.error + REFERENCE_DIGITS
    assert found.error <= 1e-9


def test_the_value_that_the_documents_quote() -> None:
    found = value("AA", "BC", 1.0, 1.0)
    assert abs(found.value - 0.66033431718535576691) <= found.error <= 4e-14
    assert str(found).startswith("0.660334317185")


@given(
    strategies.patterns(max_length=4),
    strategies.inverse_temperatures(8.0),
    strategies.positional_weights(4.0),
    st.floats(2.0, 12.0).map(lambda digits: 10.0**-digits),
)
def test_truth_is_never_outside(
    pattern: Pattern, beta: float, gamma: float, tolerance: float
) -> None:
    """Against the product rule, which shares no code with these sums."""
    assume(PRODUCT.cost(pattern, beta, gamma) <= PRODUCT.effort)
    proved = ProvedQuadrature(tolerance, effort=5e7)
    assume(proved.cost(pattern, beta, gamma).operations <= proved.effort)
    try:
        found = proved.estimate([pattern], beta, gamma)[0]
    except ToleranceNotMetError:
        assume(False)
    other = PRODUCT.estimate([pattern], beta, gamma)[0]
    difference = abs(found.value - other.value)
    assert difference <= found.error + other.error
    assert found.error <= tolerance
    if difference > 100.0 * other.error and found.error > 1e-13:
        assert found.error <= LARGEST_PESSIMISM * difference


@pytest.mark.parametrize(
    ("x", "y", "beta", "gamma"),
    [
        ("ABABABABABA", "CDDCCDECDCC", 1e-3, 4.0),
        ("AABBCCAABBC", "DDDDDDEEEEE", 0.3, 0.5),
        ("AAAAAA", "BCDEFG", 8.0, 0.2),
        ("ABCDEF", "GHIJKL", 2.0, 4.0),
    ],
)
def test_long_strings_against_the_network(x: str, y: str, beta: float, gamma: float) -> None:
    found = value(x, y, beta, gamma, 1e-10)
    other = TensorNetwork(1e-10).estimate([Pattern.of(x, y)], beta, gamma)[0]
    assert abs(found.value - other.value) <= found.error + other.error


@pytest.mark.parametrize("tolerance", [1e-3, 1e-6, 1e-9, 1e-12])
def test_every_tolerance_is_met_where_the_finest_nodes_cost_too_much(
    tolerance: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    best = value("AA", "BC", 1.0, 1.0)
    monkeypatch.setattr(ways, "_CHEAP", 0.0)
    ways.plain_way.cache_clear()
    found = value("AA", "BC", 1.0, 1.0, tolerance)
    ways.plain_way.cache_clear()
    assert abs(found.value - best.value) <= found.error + best.error
    assert 1e-3 * tolerance <= found.error <= tolerance


def test_a_value_does_not_depend_on_its_companions() -> None:
    patterns = [Pattern.of("AA", "BC"), Pattern.of("AAA", "ABA"), Pattern.of("A", "B")]
    proved = ProvedQuadrature(1e-9)
    together = proved.estimate([*patterns, patterns[0]], 0.7, 0.9, n_jobs=2)
    for i, pattern in enumerate([*patterns, patterns[0]]):
        alone = proved.estimate([pattern], 0.7, 0.9)[0]
        assert (alone.value, alone.error) == (together[i].value, together[i].error)


def test_exchanging_the_strings_and_moving_positions_changes_nothing() -> None:
    first = value("AAB", "CDC", 1.3, 0.4)
    second = value("QPQ", "TTS", 1.3, 0.4)
    moved = value("BAA", "CCD", 1.3, 0.4)
    for other in (second, moved):
        assert abs(first.value - other.value) <= first.error + other.error


@pytest.mark.parametrize("gamma", [0.0, 0.3, 2.0])
@pytest.mark.parametrize("strings", [("AAB", "ABB"), ("AA", "BC")], ids="/".join)
def test_uniform_attention_is_exact_but_for_one_rounding(
    strings: tuple[str, str], gamma: float
) -> None:
    found = value(*strings, 0.0, gamma)
    pattern = Pattern.of(*strings)
    same = sum(a == b for a in pattern.x for b in pattern.y)
    with precision():
        exact = (same + arb(gamma) ** 2 * pattern.length) / pattern.length**2
        assert abs(exact - arb(found.value)) <= arb(float(found.error))
    assert float(found.error) <= math.ulp(found.value)


def test_strings_of_one_token() -> None:
    """The softmax of one logit is 1: the kernel is 1 + gamma^2."""
    found = ProvedQuadrature().estimate([Pattern.of_codes("A", "A")], 3.0, 0.5)[0]
    assert (found.value, float(found.error)) == (1.25, 0.0)


def test_strings_that_share_nothing_without_positions() -> None:
    found = ProvedQuadrature().estimate([Pattern.of_codes("AB", "CD")], 1.0, 0.0)[0]
    assert (found.value, float(found.error)) == (0.0, 0.0)


@pytest.mark.parametrize("gamma", [1e-8, 1e-3])
def test_small_positional_weights_are_near_none(gamma: float) -> None:
    """The kernel is smooth in gamma^2."""
    none, some = value("AAB", "ABB", 1.0, 0.0), value("AAB", "ABB", 1.0, gamma)
    assert abs(none.value - some.value) <= none.error + some.error + 10.0 * gamma**2


def test_a_tolerance_that_no_float_reaches_says_what_does() -> None:
    with pytest.raises(ToleranceNotMetError, match=r"0\.66033431718535.* bits") as caught:
        value("AA", "BC", 1.0, 1.0, 1e-17)
    reached = caught.value.reached
    assert reached is not None
    assert 1e-16 < reached < 1e-14
    # With the bits that it names, half of the tolerance is left to all but roundings.
    bits = re.search(r"takes (\d+) bits", str(caught.value))
    assert bits is not None
    assert 0.24e-17 < reached * 2.0 ** (53 - int(bits[1])) <= 0.505e-17


def test_tight_sums_reach_below_plain_ones() -> None:
    plain, tight = value("AA", "BC", 1.0, 1.0), value("AA", "BC", 1.0, 1.0, 9e-15)
    assert tight.error <= 9e-15 < plain.error
    assert abs(plain.value - tight.value) <= plain.error + tight.error


def test_what_costs_too_much_is_refused_with_its_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimator, "contribution", lambda *_: pytest.fail("work was done"))
    cheap, expensive = Pattern.of("AA", "BB"), Pattern.of("ABCABCABC", "DDDEEEFFF")
    with pytest.raises(TooLargeError, match=r"takes about .* s and .* GB"):
        ProvedQuadrature(effort=1e7).estimate([cheap, expensive], 1.0, 1.0)
    with pytest.raises(TooLargeError, match="GB"):
        ProvedQuadrature(effort=1e30).estimate([expensive], 1e4, 1.0)


@pytest.mark.parametrize("argument", ["tolerance", "effort"])
@pytest.mark.parametrize("given", [0.0, -1.0, float("nan"), float("inf")])
def test_numbers_that_make_no_sense(argument: str, given: float) -> None:
    with pytest.raises(InvalidInputError, match=argument):
        ProvedQuadrature(**{argument: given})


@pytest.mark.parametrize("point", [(-1.0, 1.0), (1.0, -1.0), (math.nan, 1.0)])
def test_points_that_make_no_sense(point: tuple[float, float]) -> None:
    with pytest.raises(InvalidInputError, match=r"beta|gamma"):
        ProvedQuadrature().estimate([Pattern.of("A", "A")], *point)


def test_nothing_to_estimate() -> None:
    assert ProvedQuadrature().estimate([], 1.0, 1.0).shape == (0,)


@settings(max_examples=5)
@given(strategies.patterns(max_length=3))
def test_gram_matrices_are_positive(pattern: Pattern) -> None:
    """Of two strings, the mean kernel with itself is at least that with the other."""
    x, y = pattern.diagonals
    found = ProvedQuadrature(1e-6).estimate([x, pattern, y], 0.8, 0.6)
    first, mixed, second = found.values
    assert first + second - 2.0 * mixed >= -4.0 * found.largest_error
