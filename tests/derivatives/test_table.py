"""The symbolic table: published orders term by term, its notation, its symmetries."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.boundary.exceptions import InvalidInputError, TooLargeError
from theory.derivatives import carrier_coefficients, derivative_table
from theory.derivatives.orders import even_orders
from theory.derivatives.separation.claims import positive_from_2_on
from theory.derivatives.symbolic.gluing import contingency_tables
from theory.derivatives.symbolic.halves import halves
from theory.derivatives.symbolic.invariants import Invariant, TokenCounts, from_equalities
from theory.derivatives.symbolic.notation import chain, latex, parse, text
from theory.derivatives.symbolic.table import DerivativeTable

PUBLISHED = json.loads(
    (Path(__file__).parents[1] / "data" / "published_derivatives.json").read_text(encoding="utf-8")
)["orders"]

INVARIANTS = sorted({v for o in even_orders(10) for v in derivative_table(*o).invariants})


def by_graph(table: DerivativeTable) -> dict:
    return {(term.k_power, term.invariants): term.coefficient for term in table.terms}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_orders_term_by_term(name: str) -> None:
    i, j = map(int, name.split(","))
    published = {}
    for term in PUBLISHED[name]:
        power, invariants = from_equalities([(tuple(a), tuple(b)) for a, b in term["indicators"]])
        key = (term["power"] - power, invariants)
        assert key not in published  # published terms are distinct index graphs
        published[key] = term["coefficient"]
    assert by_graph(derivative_table(i, j)) == published


@pytest.mark.parametrize(
    ("order", "terms"),
    [((0, 0), 1), ((2, 2), 2), ((4, 0), 23), ((4, 2), 17), ((6, 4), 44), ((8, 4), 214)],
)
def test_published_numbers_of_terms(order: tuple[int, int], terms: int) -> None:
    assert len(derivative_table(*order)) == terms


@pytest.mark.parametrize("order", even_orders(10))
def test_exchanging_the_strings_changes_nothing(order: tuple[int, int]) -> None:
    table = by_graph(derivative_table(*order))
    mirrored = {
        (power, tuple(sorted(v.mirrored for v in invariants))): c
        for (power, invariants), c in table.items()
    }
    assert mirrored == table


@pytest.mark.parametrize("order", [(1, 0), (2, 1), (3, 3), (0, 4), (4, 8)])
def test_orders_that_vanish(order: tuple[int, int]) -> None:
    assert not derivative_table(*order).terms
    assert str(derivative_table(*order)) == "0"
    assert derivative_table(*order).evaluate("AA", "AB") == 0


@pytest.mark.parametrize("order", [o for o in even_orders(8) if o[0] > 0])
def test_a_string_of_one_token_repeated_has_no_content(order: tuple[int, int]) -> None:
    # With all tokens equal and gamma = 0 softmax is uniform, so every pure beta derivative is 0.
    # Strings end with [CLS], so the counts are made by hand.
    i, j = order
    if j == 0:
        counts = TokenCounts.of((0, 0, 0), (0, 0, 0))
        assert derivative_table(i, j).evaluate_counts(counts, 3) == 0


def test_carriers_are_positive() -> None:
    found = {c.order: c for c in carrier_coefficients()}
    assert {order: c.powers for order, c in found.items()} == {
        (0, 0): {2: 1},
        (2, 2): {2: 8},
        (4, 0): {6: 24},
        (4, 2): {4: 48},
        (6, 4): {4: 17280},
    }
    assert all(c.positive for c in found.values())


def test_positivity_can_fail() -> None:
    assert not positive_from_2_on({2: 1, 3: -2})  # 0 at k = 2
    assert not positive_from_2_on({1: -1, 2: 100})  # negative from k = 101 on
    assert not positive_from_2_on({})


@pytest.mark.parametrize("invariant", INVARIANTS, ids=text)
def test_matrix_expressions(invariant: Invariant) -> None:
    product = chain(invariant)
    assert product is not None  # up to total order 10
    assert parse(product.text) == invariant
    assert latex(invariant).count("{") == latex(invariant).count("}")
    rng = np.random.default_rng(0)
    for _ in range(3):
        x, y = rng.integers(0, 3, size=(2, 4))
        one_hot = {"X": np.eye(3, dtype=int)[x], "Y": np.eye(3, dtype=int)[y]}
        matrix = np.eye(4, dtype=int)
        for left, right in product.factors:
            matrix = matrix @ one_hot[left] @ one_hot[right].T
        value = np.trace(matrix) if product.trace else matrix.sum()
        assert invariant.evaluate(TokenCounts.of(x.tolist(), y.tolist())) == value


def test_print() -> None:
    assert str(derivative_table(4, 2)).splitlines()[0] == "+72 k^-2 (tr(XY^T))"
    assert derivative_table(0, 0).latex == (
        r"1\,k^{-2}\,\left(\mathbf 1^\top XY^\top \mathbf 1\right)"
    )


@pytest.mark.parametrize("expression", ["XY^T", "1^T XZ^T 1", "tr()", "1^T  1"])
def test_expressions_that_cannot_be_read(expression: str) -> None:
    with pytest.raises(InvalidInputError, match="expression"):
        parse(expression)


@given(rows=st.lists(st.integers(1, 3), max_size=3), data=st.data())
def test_contingency_tables_count_all_matchings(rows: list[int], data: st.DataObject) -> None:
    columns = tuple(data.draw(st.permutations(rows)))
    total = sum(ways for _, ways in contingency_tables(tuple(rows), columns))
    assert total == np.prod(range(1, sum(rows) + 1), dtype=int)


@pytest.mark.parametrize("shape", [(1, 0, 1, 0), (2, 0, 1, 0), (0, 2, 1, 1), (1, 1, 2, 0)])
def test_cumulants_of_a_constant_vanish(shape: tuple[int, int, int, int]) -> None:
    # At k = 1 there is one position, the indicators are constant, so all sums but a mean are 0.
    assert sum(halves(*shape).values()) == 0


def test_too_large_says_the_cost() -> None:
    with pytest.raises(TooLargeError, match="pairs of half graphs"):
        derivative_table(18, 0)


def test_bad_orders() -> None:
    with pytest.raises(InvalidInputError, match="j = -2"):
        derivative_table(4, -2)


def test_what_branches_is_no_chain() -> None:
    star = Invariant(((0, 1), (1, 0), (1, 0), (1, 0)), ((1, 0), (2, 0), (3, 0)))
    assert chain(star) is None
