"""The law of the logits, and the product rule on it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from kernels.attention.gaussian import LogitLaw
from kernels.attention.product_rule import ProductRule, _integrate
from kernels.boundary.exceptions import InvalidInputError, ToleranceNotMetError, TooLargeError
from kernels.estimates import ErrorKind
from kernels.strings.patterns import Pattern
from tests.reference_values import REFERENCES, Reference
from tests.tolerances import DROPPED_OVER_GAP, LAW_ROUNDING, PRODUCT_RULE_REFERENCE

AFFORDABLE = 2e6
"""Nodes that take a fraction of a second."""


def patterns(max_length: int = 5) -> st.SearchStrategy[Pattern]:
    tokens = st.sampled_from("ABCDEF")
    pairs = st.lists(st.tuples(tokens, tokens), min_size=1, max_size=max_length)
    return pairs.map(lambda rows: Pattern.of([x for x, _ in rows], [y for _, y in rows]))


def covariance_of_logits(pattern: Pattern, gamma: float) -> np.ndarray:
    """The covariance of all 2k logits, from the definition in Section 4.1."""
    strings = [*pattern.x, *pattern.y]
    k = pattern.length
    return np.array(
        [
            [float(a == b) + gamma**2 * (i % k == j % k) for j, b in enumerate(strings)]
            for i, a in enumerate(strings)
        ]
    )


@given(pattern=patterns(), gamma=st.sampled_from([0.0, 1e-9, 0.3, 1.0, 3.0]))
def test_law_of_differences(pattern: Pattern, gamma: float) -> None:
    k = pattern.length
    difference = np.eye(k)[:-1] - np.eye(k)[-1]
    both = np.kron(np.eye(2), difference)
    law = LogitLaw.of(pattern, gamma)
    expected = both @ covariance_of_logits(pattern, gamma) @ both.T
    np.testing.assert_allclose(law.factor @ law.factor.T, expected, atol=LAW_ROUNDING)
    np.testing.assert_array_equal(
        law.insertion, covariance_of_logits(pattern, gamma)[:k, k:], strict=True
    )


@given(pattern=patterns(), gamma=st.sampled_from([0.0, 1e-9, 1.0]))
def test_rank_by_counting_components(pattern: Pattern, gamma: float) -> None:
    """With positions: one dimension each but one, and the cycle-free edges x_l - y_l."""
    nodes = {*pattern.x, *pattern.y}
    parent = {node: node for node in nodes}

    def root(node: int) -> int:
        return node if parent[node] == node else root(parent[node])

    for a, b in zip(pattern.x, pattern.y, strict=True):
        parent[root(a)] = root(b)
    components = len({root(node) for node in nodes})
    with_positions = pattern.length - 1 + len(nodes) - components
    expected = with_positions if gamma > 0.0 else len(nodes) - 1
    assert LogitLaw.of(pattern, gamma).rank == expected


def test_integrand_is_the_definition() -> None:
    """One draw of zeta and p, by the formulas of Section 4.1, against the factored law."""
    pattern, beta, gamma = Pattern.of("ABA", "CAB"), 1.7, 0.6
    law = LogitLaw.of(pattern, gamma)
    rng = np.random.default_rng(3)
    zeta, p = rng.standard_normal(1 + max(*pattern.x, *pattern.y)), rng.standard_normal(4)
    logits = [zeta[list(string)] + gamma * p for string in (pattern.x, pattern.y)]
    first, second = (np.exp(beta * m) / np.exp(beta * m).sum() for m in logits)
    differences = np.concatenate([m[:-1] - m[-1] for m in logits])
    z = np.linalg.lstsq(law.factor, differences)[0]
    expected = first @ law.insertion @ second
    assert law.integrand(z[:, None], beta)[0] == pytest.approx(expected, rel=LAW_ROUNDING)


@pytest.mark.parametrize("reference", REFERENCES, ids=str)
def test_reference_values(reference: Reference) -> None:
    rule = ProductRule(tolerance=PRODUCT_RULE_REFERENCE)
    arguments = (reference.pattern, reference.beta, reference.gamma)
    if rule.cost(*arguments) > AFFORDABLE:
        with pytest.raises(TooLargeError):
            ProductRule(PRODUCT_RULE_REFERENCE, effort=AFFORDABLE).estimate(
                [arguments[0]], *arguments[1:]
            )
        return
    found = rule.estimate([reference.pattern], reference.beta, reference.gamma)[0]
    assert found.kind is ErrorKind.NUMERICAL
    assert found.error <= PRODUCT_RULE_REFERENCE
    assert abs(found.value - reference.k_attn) <= PRODUCT_RULE_REFERENCE


def test_enough_reference_values_are_affordable() -> None:
    rule = ProductRule(tolerance=PRODUCT_RULE_REFERENCE)
    costs = [rule.cost(row.pattern, row.beta, row.gamma) for row in REFERENCES]
    assert sum(cost <= AFFORDABLE for cost in costs) >= 12


CASES = [
    (Pattern.of("A", "A"), 4.0, 3.0),
    (Pattern.of("A", "B"), 4.0, 1.0),
    (Pattern.of("AB", "AB"), 2.0, 0.5),
    (Pattern.of("AAAA", "AAAA"), 3.0, 0.0),
    (Pattern.of("AAB", "BBA"), 2.5, 0.0),
    (Pattern.of("AA", "BB"), 0.01, 1.0),
]


@pytest.mark.parametrize(("pattern", "beta", "gamma"), CASES)
@pytest.mark.parametrize("tolerance", [1e-2, 1e-4, 1e-6, 1e-8])
def test_error_is_honest(pattern: Pattern, beta: float, gamma: float, tolerance: float) -> None:
    """Against a resolution far beyond what the tolerance asks for."""
    fine = ProductRule(tolerance=1e-11).estimate([pattern], beta, gamma)[0]
    coarse = ProductRule(tolerance=tolerance).estimate([pattern], beta, gamma)[0]
    assert coarse.error <= tolerance
    assert abs(coarse.value - fine.value) <= coarse.error + fine.error


@pytest.mark.parametrize("radius", [1.0, 2.0, 3.0])
def test_what_a_small_ball_drops_is_counted(radius: float) -> None:
    """No tolerance leaves a ball so small; the error must say it, and not much more."""
    rule, pattern = ProductRule(tolerance=1e-10), Pattern.of("AB", "BA")
    whole = rule.estimate([pattern], 1.0, 1.0)[0]
    grid = replace(rule._grid(pattern, 1.0, 1.0), radius=radius)
    found = _integrate(grid)
    gap = abs(found.value - whole.value)
    assert gap > 1e3 * grid.error
    assert gap <= found.error <= DROPPED_OVER_GAP * gap


def least_bound(law: LogitLaw, beta: float, column: int, step: float) -> float:
    """The bound of the trapezoidal error in one direction, as documented, over all widths."""
    split = law.length - 1
    slopes = beta * law.factor[:, column]
    spans = [float(np.ptp(np.append(part, 0.0))) for part in (slopes[:split], slopes[split:])]

    def bound(d: float) -> float:
        cosines = math.prod(math.cos(0.5 * d * span) for span in spans)
        growth = math.exp(0.5 * d * d) / cosines
        return 4.0 * law.bound * growth / math.expm1(2.0 * math.pi * d / step)

    widest = min(30.0, math.pi / max(spans))
    found = minimize_scalar(bound, bounds=(1e-9, widest * (1.0 - 1e-9)), method="bounded")
    return float(found.fun)


@pytest.mark.parametrize("pair", [("A", "A"), ("AB", "BA"), ("AA", "BC")])
@pytest.mark.parametrize(("beta", "gamma"), [(0.01, 0.0), (0.3, 3.0), (4.0, 1.0)])
@pytest.mark.parametrize("tolerance", [1e-3, 1e-10])
def test_the_steps_get_half_of_the_tolerance(
    pair: tuple[str, str], beta: float, gamma: float, tolerance: float
) -> None:
    """The bounds of all directions add up to it, and the steps are no shorter than that takes."""
    grid = ProductRule(tolerance=tolerance)._grid(Pattern.of(*pair), beta, gamma)
    bounds = [least_bound(grid.law, beta, j, step) for j, step in enumerate(grid.steps)]
    assert 0.495 * tolerance <= sum(bounds) <= 0.5 * tolerance
    assert max(bounds) <= 1.01 * min(bounds)


@pytest.mark.parametrize(("pattern", "beta", "gamma"), CASES)
def test_the_ball_gets_a_quarter_of_the_tolerance(
    pattern: Pattern, beta: float, gamma: float
) -> None:
    grid = ProductRule(tolerance=1e-4)._grid(pattern, beta, gamma)
    dropped = _integrate(grid).error - grid.error
    assert 0.003 * 1e-4 <= dropped <= 0.25 * 1e-4


def test_so_many_nodes_that_no_float_holds_them_are_refused() -> None:
    first, second = ([f"{name}{n}" for n in range(100)] for name in "ab")
    pattern, rule = Pattern.of(first, second), ProductRule(tolerance=1e-2)
    assert 1e300 < rule.cost(pattern, 1e3, 1.0) < math.inf
    with pytest.raises(TooLargeError):
        rule.estimate([pattern], 1e3, 1.0)


def test_two_strings_of_one_token_in_one_dimension() -> None:
    """theory.md, section 9: (1 + g^2)/2 (1 + E tanh^2(beta sqrt((1 + g^2)/2) z)), by Gauss."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(180)
    beta, gamma = 0.8, 0.5
    scale = beta * math.sqrt((1.0 + gamma**2) / 2.0)
    mean = float(weights @ np.tanh(scale * nodes) ** 2) / math.sqrt(2.0 * math.pi)
    expected = (1.0 + gamma**2) / 2.0 * (1.0 + mean)
    found = ProductRule(tolerance=1e-12).estimate([Pattern.of("A", "A")], beta, gamma)[0]
    assert abs(found.value - expected) <= PRODUCT_RULE_REFERENCE


@pytest.mark.parametrize("gamma", [0.0, 0.5])
def test_without_temperature_the_mean_of_the_matrix(gamma: float) -> None:
    pattern = Pattern.of("AB", "AC")
    found = ProductRule().estimate([pattern], 0.0, gamma)[0]
    assert abs(found.value - (2.0 + 3.0 * gamma**2) / 9.0) <= LAW_ROUNDING


def test_workers_change_nothing() -> None:
    chosen = [Pattern.of("AB", "AB"), Pattern.of("AA", "BB"), Pattern.of("A", "B")]
    alone = ProductRule().estimate(chosen, 1.0, 1.0)
    together = ProductRule().estimate(chosen, 1.0, 1.0, n_jobs=2)
    np.testing.assert_array_equal(alone.values, together.values)


def test_no_patterns_no_values() -> None:
    assert ProductRule().estimate([], 1.0, 1.0).shape == (0,)


@pytest.mark.parametrize("beta", [0.0, 1.0, 20.0])
def test_unreachable_tolerance_says_what_is_reached(beta: float) -> None:
    """Some roundings of the value, and with beta those of the logits."""
    pattern = Pattern.of("A", "B")
    with pytest.raises(ToleranceNotMetError) as caught:
        ProductRule(tolerance=1e-17).estimate([pattern], beta, 1.0)
    reached = caught.value.reached
    assert reached is not None
    found = ProductRule(tolerance=1.01 * reached).estimate([pattern], beta, 1.0)[0]
    roundings = reached / (2.0**-52 * found.value)
    assert 10.0 + beta <= roundings <= 200.0 * (1.0 + beta)


@pytest.mark.parametrize(
    ("argument", "beta", "gamma"),
    [("beta", -1.0, 1.0), ("beta", math.nan, 1.0), ("gamma", 1.0, -0.1), ("gamma", 1.0, math.inf)],
)
def test_wrong_input_names_its_argument(argument: str, beta: float, gamma: float) -> None:
    with pytest.raises(InvalidInputError) as caught:
        ProductRule().estimate([Pattern.of("A", "B")], beta, gamma)
    assert caught.value.argument == argument
