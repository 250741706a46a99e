"""Training, validation and test strings: their alphabets, labels and seeds."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.boundary.exceptions import InvalidInputError, TooLargeError
from theory import SymbolicTask, TemplateTask, catalogue
from theory.networks.trained.problem import Problem, problem

TASK = TemplateTask.parse({"aαβ": 2.0, "bαα": -1.0})


def symbols(found: Problem, part: str, tokens: int) -> set[int]:
    codes = set(np.unique(getattr(found, part).codes).tolist())
    return {code for code in codes if code > tokens}


def test_alphabets_are_disjoint_and_regular_tokens_shared() -> None:
    found = problem(TASK, 40, alphabet=9, seeds=[0, 1, 2], held_out=15)
    parts = {part: symbols(found, part, 2) for part in ("train", "validation", "test")}
    assert parts["train"] == set(range(3, 12))
    assert parts["validation"] <= set(range(12, 27))
    assert parts["test"] <= set(range(27, 42))
    assert found.tokens == 42
    for part in parts:
        codes = getattr(found, part).codes
        assert set(np.unique(codes[:, :, 0]).tolist()) == {1, 2}
        assert not codes[:, :, -1].any()
    assert found.validation.codes.shape == found.test.codes.shape == (3, 15, 4)


def test_labels_are_those_of_the_templates() -> None:
    found = problem(TASK, 40, seeds=[0], held_out=15)
    for part in (found.train, found.test):
        first, second, third = part.codes[0, :, :3].T
        assert ((second == third) == (first == 2)).all()
        assert (part.labels[0] == np.where(first == 1, 2.0, -1.0)).all()
    assert not found.symbolic


def test_symbolic_labels_are_tokens_of_the_strings_own_alphabet() -> None:
    task = SymbolicTask.parse({"αβα": "β", "αββ": "T"})
    found = problem(task, 40, seeds=[7, 8], held_out=15, cls=False)
    assert found.symbolic
    assert found.train.codes.shape == (2, 40, 3)
    for part in (found.train, found.validation, found.test):
        first, second, third = np.moveaxis(part.codes, -1, 0)
        assert (part.labels == np.where(first == third, second, 1)).all()


def test_seeds_decide() -> None:
    one, two = (problem(TASK, 40, seeds=seeds) for seeds in ([0, 1], [1, 0]))
    assert np.array_equal(one.train.codes, two.train.codes[::-1])
    assert not np.array_equal(one.train.codes[0], one.train.codes[1])
    # The three sets are three draws, not one draw under other names.
    shifted = one.test.codes[0] - one.validation.codes[0]
    assert len(np.unique(shifted)) > 3


def test_alphabet_is_as_large_as_the_sample_where_left_out() -> None:
    assert problem(TASK, 40, seeds=[0]).tokens == 1 + 2 + 40 + 200
    assert problem(catalogue.same_different(), 1, seeds=[0]).tokens == 1 + 2 + 200


def test_bad_input() -> None:
    with pytest.raises(InvalidInputError, match="need at least 2 symbols"):
        problem(TASK, 40, alphabet=1, seeds=[0])
    with pytest.raises(InvalidInputError, match="need at least 2 symbols"):
        problem(TASK, 40, seeds=[0], held_out=1)
    with pytest.raises(InvalidInputError, match=r"seeds = \[\]: give at least one"):
        problem(TASK, 40, seeds=[])
    with pytest.raises(InvalidInputError, match="seeds = -1"):
        problem(TASK, 40, seeds=[-1])
    with pytest.raises(InvalidInputError, match="n = 0"):
        problem(TASK, 0, seeds=[0])
    with pytest.raises(TooLargeError, match="ask for fewer samples"):
        problem(TASK, 10**13, seeds=[0])
