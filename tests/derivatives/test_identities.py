"""F.2.1 to F.2.4, exactly: which hold, which do not, and under what assumption they do."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from theory.derivatives import derivative_table
from theory.derivatives.separation.claims import CARRIERS
from theory.derivatives.symbolic.identities import (
    PUBLISHED,
    check_identities,
    check_identity,
    evaluate,
    satisfies,
)
from theory.derivatives.symbolic.invariants import Invariant
from theory.derivatives.symbolic.notation import parse

TRACES = ("tr(XX^T XY^T)", "tr(XY^T YY^T)")
HOLDING = [(a, e) for a, found in PUBLISHED.items() for e in found if e not in TRACES]


def test_all_verdicts() -> None:
    verdicts = {(v.assumption, v.expression): v.verdict for v in check_identities()}
    assert verdicts == {
        **dict.fromkeys(HOLDING, "holds"),
        ("F.2.1", TRACES[0]): "violated",
        ("F.2.1", TRACES[1]): "violated",
    }


@pytest.mark.parametrize("trace", TRACES)
def test_the_two_traces(trace: str) -> None:
    violated = check_identity("F.2.1", trace)
    assert violated.counterexample is not None
    values = {violated.counterexample.first[2], violated.counterexample.second[2]}
    assert values == {1, 3}
    assert check_identity("F.2.1", trace, length=1).verdict == "holds"  # so 2 is the least length
    assert check_identity("F.2.2", trace).verdict == "holds"


@pytest.mark.long
@pytest.mark.parametrize(("assumption", "expression"), [*HOLDING, *(("F.2.2", t) for t in TRACES)])
def test_longer_strings(assumption: str, expression: str) -> None:
    assert check_identity(assumption, expression, length=3).verdict == "holds"


@pytest.mark.parametrize(
    ("assumption", "expression"),
    [("F.2.1", "tr(XY^T)"), ("F.2.3", "1^T XX^T YY^T 1"), ("F.2.4", "1^T XY^T 1")],
)
def test_weaker_assumptions_fail(assumption: str, expression: str) -> None:
    assert check_identity(assumption, expression, length=3).verdict == "violated"


strings = st.integers(2, 6).flatmap(
    lambda n: st.lists(st.sampled_from("ABCD"), min_size=n, max_size=n)
)


@given(x=strings, data=st.data())
def test_a_function_of_x_on_longer_strings(x: list[str], data: st.DataObject) -> None:
    """Y and Y' are made from X so that F.2.2 holds: outside S they may be anything else."""
    common = data.draw(st.sets(st.sampled_from("ABCD")))
    other = st.sampled_from("EFG")
    y, y2 = (tuple(t if t in common else data.draw(other) for t in x) for _ in range(2))
    assume(satisfies("F.2.2", tuple(x), y, common) and satisfies("F.2.2", tuple(x), y2, common))
    for expression in [*PUBLISHED["F.2.1"], *PUBLISHED["F.2.2"]]:
        invariant = parse(expression)
        assert evaluate(invariant, tuple(x), y) == evaluate(invariant, tuple(x), y2)


@given(x=strings, data=st.data())
def test_a_function_of_x_when_columns_are_shuffled(x: list[str], data: st.DataObject) -> None:
    common = data.draw(st.sets(st.sampled_from("ABCD")))
    drawn = []
    for _ in range(2):
        kept = [t if t in common else data.draw(st.sampled_from("EFG")) for t in x]
        drawn.append(tuple(data.draw(st.permutations(kept))))
    for expression in PUBLISHED["F.2.1"]:
        if expression not in TRACES:
            values = {evaluate(parse(expression), tuple(x), y) for y in drawn}
            assert len(values) == 1


def test_the_identities_cover_every_term_but_the_carriers() -> None:
    """What Claims F.2 to F.6 need of F.2, with the two traces moved from F.2.1 to F.2.2.

    At each order, a term is a function of x alone or of y alone, given the ties of the stages
    before, or it is the carrier.
    """
    gained = [
        [e for e in PUBLISHED["F.2.1"] if e not in TRACES],
        [*PUBLISHED["F.2.2"], *TRACES],
        PUBLISHED["F.2.3"],
        PUBLISHED["F.2.4"],
    ]
    constant = set()
    for stage, (order, carrier) in enumerate(CARRIERS.items()):
        carriers = 0
        for term in derivative_table(*order).terms:
            rest = [v for v in term.invariants if v not in constant]
            if tuple(sorted(map(parse, carrier))) == term.invariants:
                carriers += 1
            else:
                assert any(all(of_one_string(v, side) for v in rest) for side in (0, 1))
        assert carriers == 1
        if stage < len(gained):
            constant |= set(map(parse, gained[stage]))


def of_one_string(invariant: Invariant, side: int) -> bool:
    """Whether only x (0) or only y (1) has indices in it."""
    return not invariant.links and all(one[1 - side] == 0 for one in invariant.classes)


def test_equal_norms_of_degrees_are_not_equal_degrees() -> None:
    """F.2.3 asks that degrees are equal in sum, F.2.4 that they are at every place."""
    x, y = ("A", "A", "B"), ("C", "D", "D")
    assert satisfies("F.2.3", x, y, ())
    assert not satisfies("F.2.4", x, y, ())
    assert satisfies("F.2.4", x, ("C", "C", "D"), ())
    assert not satisfies("F.2.3", x, ("C", "C", "C"), ())
