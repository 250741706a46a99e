"""The roundings that every sum states, against numbers that count their own in the same code."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from kernels import Pattern
from kernels.attention.proved import product
from kernels.attention.proved.bounds.plan import Plan, Shape, make_plan
from kernels.attention.proved.bounds.rules import Hermite, Trapezoid
from kernels.attention.proved.enclosure import _floor
from kernels.attention.proved.structure import READ_OUT, Structure
from kernels.attention.proved.sums import tensors
from kernels.attention.proved.sums.contraction import Contraction
from kernels.attention.proved.sums.positionless import token_contribution
from kernels.attention.proved.sums.route import Route, routes
from kernels.attention.proved.sums.slices import sliced_error, sliced_product, sliced_roundings
from kernels.attention.proved.sums.tables import ROUNDED, Tables
from kernels.attention.proved.sums.tensors import Sums, Tensor
from kernels.attention.symmetry.multigraph import components
from kernels.estimates.balls import precision
from tests.kernels.proved.counted import Counted, counted, most

TABLE = 9
"""Roundings of an entry of the tables that the sums begin with, in this test."""

PATTERNS = [
    ("AA", "BC"),
    ("AAB", "CCD"),
    ("AAB", "CDC"),
    ("AB", "BA"),
    ("aA", "aB"),
    ("AAA", "AAA"),
    ("ABAB", "CDDC"),
    ("aAb", "Bba"),
    ("ABC", "DDD"),
    ("ABCABC", "DDEEFF"),
    ("AABBCC", "DEDEDD"),
    ("ABCABC", "DDDEEE"),
]


def tiny(local: bool) -> Plan:
    """A plan of few nodes: their shapes matter here, not their accuracy."""
    plan = make_plan(1.0, 1.0, aim=0.1, shape=Shape.of(Structure.of(Pattern.of("AB", "BA"))))
    rule = Hermite(3) if local else Trapezoid(plan.token.rule.step, 2)
    token = replace(plan.token, rule=rule, places=0 if local else plan.token.places)
    position = replace(plan.position, rule=Trapezoid(arb(0.5), 1))
    return replace(plan, count=3, token=token, position=position)


class _Counting(Tables):
    """Tables of numbers that count."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        full = np.ones((plan.logits, plan.logits))
        self.__dict__["_positions"] = SimpleNamespace(
            roundings=TABLE, **{name: counted(full, TABLE) for name in ("ff", "gf", "gg")}
        )
        self.__dict__["smoothing"] = counted(Tables(plan).smoothing, ROUNDED)
        self.__dict__["windows"] = tuple(
            counted(np.ones((plan.count, plan.window)), ROUNDED) for _ in "fg"
        )
        self.weights = counted(self.weights, ROUNDED)
        self.gamma2 = self.one_more = Counted(ROUNDED)  # type: ignore[assignment]


@pytest.mark.parametrize("block", [0, 2])
@pytest.mark.parametrize("local", [False, True])
@pytest.mark.parametrize("strings", PATTERNS, ids="/".join)
def test_components(strings: tuple[str, str], local: bool, block: int) -> None:
    with precision():
        tables = _Counting(tiny(local))
    for component in {c for c in components(Pattern.of(*strings)) if c != READ_OUT}:
        for route in routes(component):
            found = Contraction(tables, Sums(block)).contribution(route)
            true = max(most(array) for array in found.jet.values())
            assert true <= found.roundings
            # Not far above, and half as many would be refused.
            assert found.roundings < 2 * true


@pytest.mark.parametrize("counts", [(0, 1), (1, 0), (1, 1), (2, 0), (3, 5), (12, 1)])
def test_tokens_without_positions(counts: tuple[int, int]) -> None:
    with precision():
        found = token_contribution(_Counting(tiny(local=False)), counts, Sums())
    true = max(most(array) for array in found.jet.values())
    assert true <= found.roundings < true + 4


@pytest.mark.parametrize("length", [1, 7, 8, 9, 40, 75])
@pytest.mark.parametrize("block", [0, 3, 8])
def test_sums(length: int, block: int) -> None:
    sums, one = Sums(block), counted(np.ones((1, length)), 0)
    found = sums.matmul(one, counted(np.ones((length, 1)), 0), length)
    assert most(found) <= sums.roundings(length, length) <= most(found) + 1


def test_a_count_that_leaves_out_a_sum_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check above can fail: a sum counted as one rounding."""
    monkeypatch.setattr(Sums, "roundings", lambda *_: 1)
    with precision():
        tables = _Counting(tiny(local=False))
    (component,) = {c for c in components(Pattern.of("AB", "CC")) if c != READ_OUT}
    found = Contraction(tables, Sums()).contribution(Route(component))
    assert max(most(array) for array in found.jet.values()) > found.roundings


@pytest.mark.parametrize("rank", [1, 4])
@pytest.mark.parametrize("length", [2, 3, 7])
def test_product_rule(rank: int, length: int) -> None:
    """Entries and a weight of ``rank`` factors each, and the integrand's own code."""
    entry = counted(np.ones((2 * (length - 1), 1, 1)), 3 * rank - 1)
    found = product._integrand(entry, counted(np.ones((length, length)), ROUNDED))
    true = most(found * counted(np.ones((1, 1)), 3 * rank - 1))
    assert true <= product.roundings_of(rank, length) <= true + 4


@given(st.integers(1, 5), st.integers(1, 5))
def test_jets_multiply_as_derivatives_do(first: int, second: int) -> None:
    """All four monomials on both sides: sums of up to four products."""
    a, b = (
        Tensor(("i",), {m: counted(np.ones(1), n) for m in range(4)}, n) for n in (first, second)
    )
    found = tensors.times(a, b)
    assert {m: most(array) for m, array in found.jet.items()} == {
        0: first + second + 1,
        1: first + second + 2,
        2: first + second + 2,
        3: first + second + 4,
    }
    assert found.roundings == first + second + 4


@pytest.mark.parametrize("terms", [1, 30, 256, 257, 700])
def test_sliced_products_err_by_one_rounding(terms: int) -> None:
    """Against integers: entries of up to 53 bits at all sizes."""
    rng = np.random.default_rng(terms)
    a = rng.random((3, terms)) * 2.0 ** -rng.integers(0, 60, (3, terms))
    b = rng.random((terms, 4)) * 2.0 ** -rng.integers(0, 60, (terms, 4))
    found, bits = sliced_product(a, b), 200
    exact = _whole(a, bits).dot(_whole(b, bits))
    for index, number in np.ndenumerate(found):
        error = abs(_whole(number, 2 * bits).item() - exact[index])
        roundings = sliced_roundings(terms) * 2.0**-53 * exact[index] / 2.0 ** (2 * bits)
        assert error / 2.0 ** (2 * bits) <= roundings + sliced_error(terms)


def test_a_product_in_plain_floats_would_be_seen() -> None:
    """The check above can fail: plain products of that many terms err by more."""
    rng = np.random.default_rng(0)
    a, b, bits = rng.random((30, 250)), rng.random((250, 30)), 100
    exact = _whole(a, bits).dot(_whole(b, bits))
    errors = np.abs(_whole(a @ b, 2 * bits) - exact) / exact
    assert errors.max() > 1.5 * 2.0**-53


def _whole(array: np.ndarray, bits: int) -> np.ndarray:
    """The floats times a power of two, as integers."""

    def scaled(number: float) -> int:
        numerator, denominator = float(number).as_integer_ratio()
        return numerator * 2**bits // denominator

    return np.vectorize(scaled, otypes=[object])(array)


@pytest.mark.parametrize("gamma", [0.5, 3.0])
def test_what_slices_leave_counts_at_every_pair_of_shifts(gamma: float) -> None:
    """Once for each weight of both sums, and for M's largest entry; at most for every insertion."""
    structure = Structure.of(Pattern.of("AA", "BC"))
    plan = make_plan(1.0, gamma, aim=1e-12, shape=Shape.of(structure))
    with precision():
        floor = _floor(structure, plan)
    nodes = max(plan.position.rule.size, plan.read_out.rule.size)
    pairs = float(Tables(plan).shift_weights.sum()) ** 2
    once = (1.0 + gamma**2) * pairs * sliced_error(nodes)
    assert 0.999 * once <= float(floor) <= 1.001 * structure.length**3 * once
