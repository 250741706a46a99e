"""The tensor-network quadrature: reference values, a second route, symmetry, honest errors."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kernels import (
    AttentionEstimator,
    InvalidInputError,
    Pattern,
    ProductRule,
    ProvedQuadrature,
    Quadrature,
    QuasiMonteCarlo,
    TensorNetwork,
    ToleranceNotMetError,
    TooLargeError,
)
from kernels.attention.symmetry.multigraph import components
from kernels.attention.tensor_network import contraction
from kernels.attention.tensor_network.contraction import Contractor
from kernels.attention.tensor_network.estimator import TIGHTEST
from kernels.attention.tensor_network.grid import ShiftGrid, StepRule
from kernels.attention.tensor_network.layout import Layout
from kernels.attention.tensor_network.logits import aligned_logits, local_logits
from kernels.attention.tensor_network.network import BOTH, PLAIN, Tensor, contract
from kernels.attention.tensor_network.order import find_path
from tests.reference_values import REFERENCES, Reference
from tests.tolerances import (
    REFERENCE_VALUES,
    SAME_SUM_IN_ANOTHER_ORDER,
    SECOND_ROUTE_TOLERANCE,
    STANDARD_ERRORS,
    TEN_NOMINAL,
)
from validation import strategies

PRODUCT = ProductRule(SECOND_ROUTE_TOLERANCE, effort=4e5)


def _value(estimator: TensorNetwork, pattern: Pattern, beta: float, gamma: float) -> float:
    return float(estimator.estimate([pattern], beta, gamma).values[0])


@pytest.mark.parametrize("tolerance", [1e-4, 1e-10, TIGHTEST])
@pytest.mark.parametrize("reference", REFERENCES, ids=str)
def test_reference_values(reference: Reference, tolerance: float) -> None:
    found = TensorNetwork(tolerance).estimate([reference.pattern], reference.beta, reference.gamma)
    error = abs(found.values[0] - reference.k_attn)
    assert error <= found.errors[0] + REFERENCE_VALUES
    assert found.errors[0] <= tolerance


@given(
    strategies.patterns(max_length=4),
    strategies.inverse_temperatures(),
    strategies.positional_weights(),
    st.sampled_from([1e-5, 1e-10]),
)
def test_errors_are_honest(pattern: Pattern, beta: float, gamma: float, tolerance: float) -> None:
    """Against the product rule, which shares no code with the contraction."""
    assume(PRODUCT.cost(pattern, beta, gamma) <= PRODUCT.effort)
    quadrature = TensorNetwork(tolerance, effort=3e8)
    assume(quadrature.costs([pattern], beta, gamma)[0] <= quadrature.effort)
    found = quadrature.estimate([pattern], beta, gamma)
    other = PRODUCT.estimate([pattern], beta, gamma)
    assert abs(found.values[0] - other.values[0]) <= found.errors[0] + other.errors[0]
    assert found.errors[0] <= tolerance


def test_an_error_claimed_too_small_would_be_seen() -> None:
    """The check above can fail: a coarse grid's value is not within a fine grid's error."""
    pattern, fine = Pattern.of("AA", "BC"), TensorNetwork(1e-12)
    coarse = fine._integrals([pattern], ShiftGrid(1.0, 1.0, 3, 1e-3), 1)[0]
    exact = fine.estimate([pattern], 1.0, 1.0)
    assert abs(coarse - exact.values[0]) > 1e3 * exact.errors[0]


@pytest.mark.parametrize(("beta", "gamma"), [(0.01, 0.0), (0.3, 2.0), (1.0, 0.5), (2.0, 1.0)])
def test_long_strings_against_sampling(beta: float, gamma: float) -> None:
    pattern = Pattern.of("ABABAABABBA", "CDDCCDECDCC")
    found = TensorNetwork(1e-8).estimate([pattern], beta, gamma)[0]
    sampled = QuasiMonteCarlo(points=2**12, seed=1).estimate([pattern], beta, gamma)[0]
    assert abs(found.value - sampled.value) <= found.error + STANDARD_ERRORS * sampled.error


def test_quadrature_takes_the_cheaper_route() -> None:
    """Few directions and a cycle of shared tokens, against many directions and a tree."""
    quadrature = Quadrature(1e-10)
    cycle, tree = Pattern.of("AB", "BA"), Pattern.of("AAAAAA", "BBCCDD")
    found = quadrature.estimate([cycle, tree], 1.0, 1.0)
    assert found.method == "product rule, tensor network"
    other = TensorNetwork(1e-10).estimate([cycle, tree], 1.0, 1.0)
    assert (np.abs(found.values - other.values) <= found.errors + other.errors).all()


@pytest.mark.parametrize(("x", "y"), [("AABC", "DEFF"), ("AAB", "CDD")])
def test_a_component_and_its_reverse_in_one_pattern(x: str, y: str) -> None:
    """They are computed once, and the one from the other by exchanging the strings."""
    pattern = Pattern.of(x, y)
    found = TensorNetwork(1e-8).estimate([pattern], 1.0, 1.0)[0]
    proved = ProvedQuadrature(1e-8).estimate([pattern], 1.0, 1.0)[0]
    assert abs(found.value - proved.value) <= found.error + proved.error


@given(strategies.string_pairs(max_length=4), st.data())
def test_both_symmetries(pair: tuple[str, str], data: st.DataObject) -> None:
    """Token and position permutations, and the exchange of the strings, change nothing."""
    x, y = pair
    order = data.draw(st.permutations(range(len(x))))
    rename = data.draw(strategies.permutations_of_tokens())
    moved = ["".join(strategies.permuted(s, rename)[i] for i in order) for s in (y, x)]
    estimator = TensorNetwork(1e-6, effort=3e8)
    assume(estimator.costs([Pattern.of(x, y)], 0.7, 0.6)[0] <= estimator.effort)
    first = _value(estimator, Pattern.of(x, y), 0.7, 0.6)
    second = _value(estimator, Pattern.of(*moved), 0.7, 0.6)
    assert first == pytest.approx(second, rel=SAME_SUM_IN_ANOTHER_ORDER)


@pytest.mark.parametrize("strings", [("ABAB", "CDDC"), ("AABC", "CDEA")], ids=str)
def test_every_layout_gives_the_same_contribution(
    strings: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Logits shared by the shifts, windows on them, and local windows: three networks."""
    grid = ShiftGrid(0.4, 0.8, 5, 1e-9)
    for component in components(Pattern.of(*strings)):
        layouts = [
            Layout(component, aligned_logits(grid), windowed=False),
            Layout(component, aligned_logits(grid), windowed=True),
            Layout(component, local_logits(grid), windowed=True),
        ]
        found = []
        for layout in layouts:
            monkeypatch.setattr(contraction, "cheapest_layout", lambda *_, layout=layout: layout)
            found.append(Contractor(grid).contribution(component))
        for other in found[1:]:
            np.testing.assert_allclose(
                other.plain, found[0].plain, atol=TEN_NOMINAL * grid.tolerance
            )
            np.testing.assert_allclose(
                other.inserted, found[0].inserted, atol=TEN_NOMINAL * grid.tolerance
            )


@pytest.mark.parametrize(("beta", "largest"), [(0.01, 4), (0.1, 8)])
def test_local_windows_are_few_and_integrate(beta: float, largest: int) -> None:
    """Against a Gauss-Hermite rule of a hundred nodes."""
    grid = ShiftGrid(beta, 1.0, 3, 1e-12)
    local = local_logits(grid)
    assert len(local.weights) <= largest
    nodes, weights = np.polynomial.hermite_e.hermegauss(100)
    u = grid.shifts[:, None] + beta * nodes
    exact = np.exp(u - np.exp(u)) @ weights / math.sqrt(2.0 * math.pi)
    found = local.windows(np.exp(local.logits - np.exp(local.logits)), axis=0) @ local.weights
    np.testing.assert_allclose(found, exact, atol=TEN_NOMINAL * grid.tolerance)


@pytest.mark.parametrize(("beta", "gamma"), [(0.1, 1.0), (1.0, 0.3), (2.0, 3.0)])
@pytest.mark.parametrize("strings", [("A", "A"), ("AAAAA", "AAAAA"), ("ABC", "DDD")], ids=str)
def test_no_shift_beyond_the_grid_matters(
    strings: tuple[str, str], beta: float, gamma: float
) -> None:
    """As many further nodes on the right, in the same places, change nothing."""
    pattern, network = Pattern.of(*strings), TensorNetwork()
    grid = ShiftGrid(beta, gamma, pattern.length, 1e-9)
    wider = _Wider(beta, gamma, pattern.length, 1e-9)
    narrow, wide = (network._integrals([pattern], g, 1)[0] for g in (grid, wider))
    assert wider.count > grid.count + 5
    assert abs(wide - narrow) <= grid.tolerance * (1.0 + gamma**2)


class _Wider(ShiftGrid):
    """A grid that goes on to the right."""

    @property
    def count(self) -> int:
        return super().count + 10


def test_blocks_do_not_change_the_contribution(monkeypatch: pytest.MonkeyPatch) -> None:
    grid = ShiftGrid(1.0, 0.5, 4, 1e-6)
    for component in components(Pattern.of("ABC", "BCA")):
        whole = Contractor(grid).contribution(component)
        monkeypatch.setattr(contraction, "_BLOCK", 2.0**14)
        parts = Contractor(grid).contribution(component)
        np.testing.assert_allclose(parts.plain, whole.plain, rtol=SAME_SUM_IN_ANOTHER_ORDER)
        np.testing.assert_allclose(parts.inserted, whole.inserted, rtol=SAME_SUM_IN_ANOTHER_ORDER)


def test_a_contracted_jet_is_the_mixed_derivative() -> None:
    """Against differences of numpy's einsum, exact because the product is bilinear in s and r."""
    rng = np.random.default_rng(0)
    a, b, c = ({m: rng.normal(size=(3, 3)) for m in range(4)} for _ in range(3))
    axes = [("i", "p"), ("p", "q"), ("j", "q")]
    sizes = {"i": 3, "j": 3, "p": 3, "q": 3}
    path = find_path(axes, ("i", "j"), sizes)
    tensors = [Tensor(names, jet) for names, jet in zip(axes, (a, b, c), strict=True)]
    weights = rng.normal(size=3)
    jet = contract(tensors, ("i", "j"), path, {"q": weights})

    def coefficient(monomial: int) -> np.ndarray:
        total = np.zeros((3, 3))
        for m in itertools.product(range(4), repeat=3):
            if (
                sum(m) == monomial
                and m[0] | m[1] | m[2] == monomial
                and not (m[0] & m[1] or m[0] & m[2] or m[1] & m[2])
            ):
                total += np.einsum("ip,pq,jq,q->ij", a[m[0]], b[m[1]], c[m[2]], weights)
        return total

    np.testing.assert_allclose(jet[PLAIN], coefficient(0))
    np.testing.assert_allclose(jet[BOTH], coefficient(3))


def test_step_rule_is_what_the_tolerance_needs() -> None:
    """The trapezoidal sum of exp(u - exp(u)), whose integral is 1, errs by less than asked."""
    for tolerance in (1e-4, 1e-8, 1e-12):
        step = StepRule(tolerance).step
        worst = max(
            abs(step * np.exp(u - np.exp(u)).sum() - 1.0)
            for offset in (0.0, 0.3, 0.7)
            for u in [step * (np.arange(-60 / step, 6 / step) + offset)]
        )
        assert worst < TEN_NOMINAL * tolerance
        coarse = 2.0 * step * (np.arange(-30 / step, 3 / step) + 0.3)
        assert (
            abs(2.0 * step * np.exp(coarse - np.exp(coarse)).sum() - 1.0) > TEN_NOMINAL * tolerance
        )


def test_without_temperature_attention_is_uniform() -> None:
    """At beta = 0 both softmaxes are constant: the mean entry of X Y^T + gamma^2 I."""
    pattern = Pattern.of("AAB", "ABB")
    exact = (2 * 1 + 1 * 2 + 1 + 0.25 * 4) / 16
    assert _value(TensorNetwork(), pattern, 0.0, 0.5) == pytest.approx(exact, abs=1e-15)
    tiny = _value(TensorNetwork(1e-12), pattern, 1e-6, 0.5)
    assert tiny == pytest.approx(exact, abs=1e-10)


def test_what_is_too_expensive_is_refused() -> None:
    pattern = Pattern.of("ABCABCABC", "DDDEEEFFF")
    with pytest.raises(TooLargeError, match="effort"):
        TensorNetwork(effort=1e6).estimate([pattern], 1.0, 1.0)


@pytest.mark.parametrize("estimator", [Quadrature(), TensorNetwork()], ids=repr)
def test_costs_are_found_once(
    estimator: AttentionEstimator, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, costs = [], TensorNetwork.costs

    def counted(self: TensorNetwork, patterns: list[Pattern], *given: float) -> list[float]:
        asked.extend(patterns)
        return costs(self, patterns, *given)

    monkeypatch.setattr(TensorNetwork, "costs", counted)
    patterns = [Pattern.of("AA", "BC"), Pattern.of("A", "B")]
    estimator.estimate(patterns, 0.3, 1.0)
    assert asked == patterns


def test_what_is_refused_is_refused_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ProductRule, "estimate", lambda *_, **__: pytest.fail("work was done"))
    cheap, expensive = Pattern.of("AB", "BA"), Pattern.of("ABCABCABC", "DDDEEEFFF")
    with pytest.raises(TooLargeError, match="effort"):
        Quadrature(effort=1e7).estimate([cheap, expensive], 1.0, 1.0)


def test_a_tolerance_out_of_reach_says_what_was_reached() -> None:
    """Rounding at gamma = 1000 exceeds the tolerance, whatever the grid."""
    with pytest.raises(ToleranceNotMetError, match="was reached") as caught:
        TensorNetwork(1e-13).estimate([Pattern.of("A", "A")], 1e-3, 1e3)
    assert caught.value.reached > 1e-13


@pytest.mark.parametrize("tolerance", [0.0, -1.0, 1e-20, float("nan"), float("inf")])
def test_tolerances_that_make_no_sense(tolerance: float) -> None:
    with pytest.raises(InvalidInputError, match="tolerance"):
        TensorNetwork(tolerance)
