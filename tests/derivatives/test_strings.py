"""Derivatives of two given strings at (0, 0): exact values by independent routes."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction
from math import factorial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels import Pattern, Quadrature
from kernels.boundary.exceptions import InvalidInputError, TooLargeError
from tests.derivatives.gaussian_polynomials import taylor_coefficients
from tests.tolerances import CONTOUR_ERRORS
from theory.derivatives import attention_derivatives, contour_derivatives, derivative_table
from theory.derivatives.given_strings.attention import derivatives_cost
from theory.derivatives.given_strings.cumulants import CumulantTable, TokenPart
from theory.derivatives.orders import even_orders
from theory.derivatives.series.length_two import coefficients
from validation.strategies import string_pairs

PUBLISHED = json.loads(
    (Path(__file__).parents[1] / "data" / "published_derivatives.json").read_text(encoding="utf-8")
)["orders"]

PAIRS = [("A", "A"), ("A", "B"), ("AA", "AB"), ("AB", "BA"), ("AAB", "CAA"), ("ABC", "CBA")]

pairs = string_pairs(letters="ABCDE")


def published_value(terms: list[dict], x: str, y: str) -> Fraction:
    """The published sum over indices, taken literally."""
    strings = {"x": [*x, "[CLS]"], "y": [*y, "[CLS]"]}
    k, total = len(x) + 1, Fraction(0)
    for term in terms:
        names = sorted({index for pair in term["indicators"] for _, index in pair})
        count = 0
        for values in itertools.product(range(k), repeat=len(names)):
            at = dict(zip(names, values, strict=True))
            count += all(
                strings[s][at[i]] == strings[t][at[j]] for (s, i), (t, j) in term["indicators"]
            )
        total += Fraction(term["coefficient"] * count, k ** term["power"])
    return total


def test_value_given_in_the_contract() -> None:
    assert attention_derivatives("AA", "AB")[6, 4] == Fraction(35840, 9)


@pytest.mark.parametrize("pair", [("A", "B"), ("AA", "AB"), ("AB", "BA")])
def test_published_orders_summed_literally(pair: tuple[str, str]) -> None:
    found = attention_derivatives(*pair)
    for name, terms in PUBLISHED.items():
        i, j = map(int, name.split(","))
        assert found[i, j] == published_value(terms, *pair)


@pytest.mark.parametrize(
    ("x", "y", "order"), [("A", "A", 8), ("A", "B", 8), ("AA", "AB", 4), ("AB", "CA", 4)]
)
def test_equals_polynomials_in_the_gaussians(x: str, y: str, order: int) -> None:
    oracle = taylor_coefficients(x, y, order)
    found = attention_derivatives(x, y, 2 * order + 2)
    for (i, j), value in found.items():
        if i <= order:
            assert value == factorial(i) * factorial(j) * oracle.get((i, j), Fraction(0))
    assert all(value == 0 for at, value in oracle.items() if at not in found)


@settings(max_examples=25)
@given(pair=pairs)
def test_equals_the_symbolic_table(pair: tuple[str, str]) -> None:
    for order, value in attention_derivatives(*pair).items():
        assert derivative_table(*order).evaluate(*pair) == value


@pytest.mark.long
@settings(max_examples=20)
@given(pair=pairs)
def test_equals_the_symbolic_table_beyond_order_ten(pair: tuple[str, str]) -> None:
    for order, value in attention_derivatives(*pair, 12).items():
        assert derivative_table(*order).evaluate(*pair) == value


@pytest.mark.parametrize(("x", "y"), [("A", "B"), ("AA", "AB"), ("AB", "BA")])
def test_contour_integrals_agree_within_their_error(x: str, y: str) -> None:
    exact = attention_derivatives(x, y)
    for order, estimate in contour_derivatives(x, y).items():
        assert abs(estimate.value - float(exact[order])) <= estimate.error
        scale = factorial(order[0]) * factorial(order[1])
        assert estimate.error <= CONTOUR_ERRORS * scale


@pytest.mark.parametrize(("x", "y"), [("A", "B"), ("AA", "AB"), ("AAB", "CAA")])
def test_taylor_polynomials_touch_the_quadrature(x: str, y: str) -> None:
    """The kernel itself, computed at small beta, not a discretization made for the purpose."""
    gamma, betas = 0.5, (0.05, 0.1)
    exact = attention_derivatives(x, y, 14)
    gaps = {}
    for beta in betas:
        found = Quadrature(1e-13).estimate([Pattern.of(x, y)], beta, gamma)[0]
        for order in (2, 4):
            polynomial = sum(
                float(value / (factorial(i) * factorial(j))) * beta**i * gamma**j
                for (i, j), value in exact.items()
                if i <= order  # every j: at most i + 2
            )
            gaps[beta, order] = abs(polynomial - found.value)
            first_left_out = sum(
                abs(float(value / (factorial(i) * factorial(j)))) * beta**i * gamma**j
                for (i, j), value in exact.items()
                if i == order + 2
            )
            assert gaps[beta, order] <= 2.0 * first_left_out + found.error
    # What a polynomial of order 4 leaves falls like beta^6.
    assert gaps[betas[1], 4] / gaps[betas[0], 4] == pytest.approx(64.0, rel=0.4)


def test_contour_integrals_can_disagree() -> None:
    estimate = contour_derivatives("A", "A", 6)[6, 0]
    other = float(attention_derivatives("A", "B", 6)[6, 0])
    assert abs(estimate.value - other) > estimate.error


def test_order_fourteen_of_the_shortest_string_against_its_closed_form() -> None:
    found = attention_derivatives("A", "A", 14)
    for n, c in coefficients(14).items():
        assert found[n, 0] == c * factorial(n)


def test_higher_orders_extend_lower_ones() -> None:
    low, high = attention_derivatives("AAB", "CAA", 6), attention_derivatives("AAB", "CAA", 14)
    assert {order: high[order] for order in low} == low


def test_every_even_order_is_there_zeros_included() -> None:
    found = attention_derivatives("AA", "BC", 6)
    assert list(found) == even_orders(6)
    assert found[0, 4] == 0


def test_scaling_of_appendix_h() -> None:
    # A[CLS] with itself: (1 + g)/2 (1 + (1 + g)^s b/2 + ...), g = gamma^2, b = beta^2, s = 1 or 2
    section = attention_derivatives("A", "A", 6)
    appendix = attention_derivatives("A", "A", 6, scaling="appendix-H")
    assert (section[2, 2], appendix[2, 2]) == (2, 3)
    assert (section[2, 4], appendix[2, 4]) == (12, 36)


@pytest.mark.parametrize("pair", PAIRS)
def test_scaling_of_appendix_h_is_a_substitution(pair: tuple[str, str]) -> None:
    section = attention_derivatives(*pair, 8)
    appendix = attention_derivatives(*pair, 8, scaling="appendix-H")
    # Compare the two polynomials where gamma^2 = 1 turns beta^2 into 2 beta^2, order by order in
    # beta: the sum over j of appendix's coefficients must be 2^(i/2) times section's. The highest
    # gamma order of beta^i is i + 2 or, in Appendix H, 2 i + 2, so only i = 0 and 2 are complete.
    for i in (0, 2):
        totals = [
            sum(d[i, j] / (factorial(i) * factorial(j)) for j in range(0, 8 - i + 1, 2))
            for d in (section, appendix)
        ]
        assert totals[1] == 2 ** (i // 2) * totals[0]


@settings(max_examples=15)
@given(pair=pairs, data=st.data())
def test_symmetries(pair: tuple[str, str], data: st.DataObject) -> None:
    x, y = pair
    renaming = dict(zip("ABCDE", data.draw(st.permutations("ABCDE")), strict=True))
    places = data.draw(st.permutations(range(len(x))))
    renamed = ["".join(renaming[t] for t in s) for s in (y, x)]
    moved = ["".join(s[i] for i in places) for s in renamed]
    assert attention_derivatives(*moved, 8) == attention_derivatives(x, y, 8)


def test_a_shared_table_changes_nothing() -> None:
    table = CumulantTable(4)
    for x, y in (("AAB", "CAA"), ("ABC", "CBA")):
        assert attention_derivatives(x, y, cumulants=table) == attention_derivatives(x, y)
    assert len(table)
    with pytest.raises(InvalidInputError, match="of 5 positions"):
        attention_derivatives("ABCD", "ABCD", cumulants=table)


@pytest.mark.parametrize("order", [-1, 2.5, "4", True])
def test_bad_orders(order: object) -> None:
    with pytest.raises(Exception, match="order"):
        attention_derivatives("A", "B", order)


def test_unequal_lengths() -> None:
    with pytest.raises(InvalidInputError, match="length"):
        attention_derivatives("AA", "ABC")


class CountingTable(CumulantTable):
    """Counts what is looked up in it from outside."""

    looked_up, depth = 0, 0

    def __getitem__(self, parts: tuple[TokenPart, ...]) -> int:
        self.looked_up += not self.depth
        self.depth += 1
        found = super().__getitem__(parts)
        self.depth -= 1
        return found


@pytest.mark.parametrize(("x", "y", "order"), [("A", "B", 10), ("AAB", "CAA", 6), ("AB", "AB", 8)])
def test_the_cost_is_known_within_half(x: str, y: str, order: int) -> None:
    table = CountingTable(len(x) + 1)
    attention_derivatives(x, y, order, cumulants=table)
    assert table.looked_up <= derivatives_cost(x, y, order) <= 1.5 * table.looked_up


@pytest.mark.parametrize("order", [10**16, 10**60])
def test_an_order_beyond_any_cost_is_refused_at_once(order: int) -> None:
    """Without a count of all its terms, and with a cost that no float holds."""
    for letters in ("AB", "ABCDEFGH"):
        with pytest.raises(TooLargeError, match=r"cumulants or more"):
            attention_derivatives(letters, letters[::-1], order)
    with pytest.raises(TooLargeError, match=r"nodes"):
        contour_derivatives("ABCDEFGH", "HGFEDCBA", order)


def test_too_large_says_the_cost() -> None:
    with pytest.raises(TooLargeError, match=r"would need .* cumulants"):
        attention_derivatives("ABCDEFGH", "HGFEDCBA", 40)
    with pytest.raises(TooLargeError, match=r"nodes"):
        contour_derivatives("ABCDEFGH", "HGFEDCBA")
