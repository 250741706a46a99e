"""The words of statements: names as people write them, figures, formulas."""

from __future__ import annotations

import json

import pytest
from latex2mathml.converter import convert

from kernels.boundary.exceptions import InvalidInputError
from tests.instances import TWO
from theory import statements

# Names


@pytest.mark.parametrize(
    ("given", "id"),
    [
        ("Lemma4.7", "Lemma 4.7"),
        ("lemma  4.7", "Lemma 4.7"),
        ("eq. 5", "Equation (5)"),
        ("Eq 16", "Equation (16)"),
        ("ClaimD.2", "Claim D.2"),
        ("open point 2", "Open point 2"),
    ],
)
def test_names_as_people_write_them(given: str, id: str) -> None:
    assert statements.find(given) is statements.find(id)


@pytest.mark.parametrize(
    ("given", "suggested"),
    [
        ("5", "the nearest are Equation (5), Theorem 5.1"),
        ("1", "the nearest are Open point 1, Theorem 1.1"),
        ("2", "the nearest are Open point 2"),
        ("Theorem 4.7", "the nearest are Lemma 4.7"),
        ("xyz", "ids look like 'Lemma 4.7'"),
    ],
)
def test_names_that_none_has(given: str, suggested: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        statements.find(given)
    assert suggested in str(caught.value)


# What is read


@pytest.mark.parametrize("id", ["3.1", "3.2", "3.3", "4.1", "(12)", "4.7", "F.6", "J.1", "G.3"])
def test_figures_are_short_sentences(id: str) -> None:
    figure = statements.find(f"Claim {id}" if id == "F.6" else id).check(quick=True).figure
    assert len(figure) < 76
    assert len(figure.split()) > 3


def test_figure_of_lemma_47_names_orders() -> None:
    figure = statements.find("Lemma 4.7").check(TWO).figure
    assert figure == "all 2 competitors separated at (4,2)"


def test_counterexample_of_theorem_51_is_short() -> None:
    example = statements.find("Theorem 5.1").check(quick=True).counterexample
    assert isinstance(example, dict)
    assert example["gamma"] == 1.0
    assert example["limit of dL_test/dt"] > 0.0
    assert len(json.dumps(example)) < 200


@pytest.mark.parametrize("statement", statements.all(), ids=lambda s: s.id)
def test_formula_converts_without_rest(statement: statements.Statement) -> None:
    assert "\\" not in convert(statement.latex)


@pytest.mark.parametrize("statement", statements.all(), ids=lambda s: s.id)
def test_words_are_free_of_markup(statement: statements.Statement) -> None:
    for text in (statement.title, statement.words):
        for raw in ("`", "{", "^", "sqrt", "lambda", "gamma", "->", ">="):
            assert raw not in text
