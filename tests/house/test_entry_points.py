"""What is given in the wrong place, or in another form: it works, or one line says what to give."""

from __future__ import annotations

import itertools
import math
import multiprocessing
import sys
from collections.abc import Callable, Sequence
from typing import Any

import joblib
import numpy as np
import pytest
from jaxtyping import TypeCheckError

from kernels import (
    CustomActivation,
    Estimate,
    EstimateArray,
    Exact,
    InvalidInputError,
    Kernel,
    MLPKernel,
    Numerical,
    Pattern,
)
from kernels.boundary import workers
from theory import Categorical, Template, TemplateTask, decide_singularity, template_matrix
from theory.template import WILDCARDS
from validation import strategies
from validation.strategy_ranges import count_templates

KERNEL = MLPKernel()
TASK = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})


def test_templates_may_be_written() -> None:
    written = template_matrix(KERNEL, ["αα", Template.parse("αβ")])
    assert written.templates == TASK.templates
    assert (written.values == template_matrix(KERNEL, TASK).values).all()
    assert decide_singularity(KERNEL, ["αα", "αβ"]).outcome is not None


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: template_matrix(TASK, KERNEL), "kernel = .*comes first"),
        (lambda: decide_singularity(TASK, KERNEL), "kernel = .*comes first"),
        (lambda: template_matrix(KERNEL, KERNEL), "templates = .*the kernel comes first"),
        (lambda: template_matrix(KERNEL, "αα"), "templates = 'αα': give a TemplateTask or a list"),
        (lambda: template_matrix(KERNEL, 7), "templates = 7"),
        (lambda: template_matrix(KERNEL, ["αα", 7]), "templates = 7"),
        (lambda: template_matrix(KERNEL, []), "at least one template"),
        (lambda: template_matrix(KERNEL, ["αα", "α"]), "'αα', has 2 tokens and this one 1"),
        (lambda: Categorical({"x": 0.5}), "probabilities = .*give a list"),
        (lambda: Categorical(["x"]), "probabilities = .*give numbers"),
    ],
)
def test_misplaced_arguments_are_named(make: Callable[[], object], says: str) -> None:
    """Tests check types by annotations too, and may be the first to refuse."""
    with pytest.raises((InvalidInputError, TypeCheckError)) as caught:
        make()
    if caught.type is InvalidInputError:
        assert caught.match(says)


class Toy(Kernel):
    name = "toy"

    def __init__(self, result: Any) -> None:
        self.result = result

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int | None = None) -> EstimateArray:
        del patterns, n_jobs
        return self.result


@pytest.mark.parametrize(
    "result",
    [np.ones(1), [1.0], 1.0, None, EstimateArray.exact([1.0, 2.0]), EstimateArray.exact([[1.0]])],
)
def test_what_evaluate_gives_is_checked(result: object) -> None:
    check = Kernel.values  # the annotation of `evaluate` is checked in tests alone
    with pytest.raises((InvalidInputError, TypeCheckError)) as caught:
        check(Toy(result), [Pattern.of("A", "A")])
    if caught.type is InvalidInputError:
        assert caught.match("evaluate = .*EstimateArray of shape")
    good = Toy(EstimateArray.of([2.0], Numerical, 0.1))
    assert good("A", "A").value == 2.0


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (math.tanh, "entry by entry"),
        (lambda t: t if t > 0 else 0.0, "entry by entry"),
        (lambda t: [None] * len(np.ravel(t)), "give real numbers"),
        (lambda t: np.array(["x"] * t.size), "give real numbers"),
    ],
)
def test_a_function_that_takes_no_array_is_refused(function: Any, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        CustomActivation(function).dual(1.0, 0.5, 1.0)
    slow = CustomActivation(np.vectorize(math.tanh)).dual(1.0, 0.5, 1.0).item()
    fast = CustomActivation(np.tanh).dual(1.0, 0.5, 1.0).item()
    assert abs(slow.value - fast.value) <= slow.error + fast.error


@pytest.mark.parametrize("letter", ["µ", "ϐ", "ϕ", "ϵ", "𝛼", "ɑ", "ɛ"])
def test_look_alikes_of_wildcards_are_refused(letter: str) -> None:
    with pytest.raises(InvalidInputError, match="looks like the wildcard"):
        Template.parse(f"{letter} {letter}")
    assert Template.parse("".join(WILDCARDS)).wildcards == tuple(WILDCARDS)
    assert Template.parse("αßäé𝔸").regular_tokens == ("ß", "ä", "é", "𝔸")


def test_exact_numbers_have_no_error_beside_them() -> None:
    one = Estimate(1.0, Exact())
    assert f"{one} {one:.2f}" == "1 (exact) 1.00 (exact)"
    assert one._repr_html_() == '<span title="">1 (exact)</span>'
    assert one._repr_latex_() == "$1$ (exact)"
    assert "± 1.0e-09 (numerical)" in str(Estimate(1.0, Numerical(1e-9)))


@pytest.mark.parametrize(
    ("make", "argument"),
    [
        (lambda: strategies.tasks(min_size=5, max_length=1, min_length=1), "max_size"),
        (lambda: strategies.tasks(min_size=9, max_size=9, min_length=1, max_length=1), "min_size"),
        (lambda: strategies.disjoint_templates(min_length=3, max_length=2), "max_length"),
        (lambda: strategies.templates(min_length=0), "min_length"),
        (lambda: strategies.templates(wildcards=0, regular=""), "wildcards"),
        (lambda: strategies.templates(wildcards=26), "wildcards"),
        (lambda: strategies.strings(letters=""), "letters"),
        (lambda: strategies.string_pairs(min_length=5), "max_length"),
        (lambda: strategies.patterns(max_length=0), "max_length"),
        (lambda: strategies.permutations_of_tokens(""), "letters"),
        (lambda: strategies.token_laws(min_symbols=0), "min_symbols"),
        (lambda: strategies.token_laws(min_symbols=9), "max_symbols"),
        (lambda: strategies.inverse_temperatures(0.0), "largest"),
        (lambda: strategies.positional_weights(-1.0), "largest"),
    ],
)
def test_strategies_that_can_draw_nothing_are_refused_at_once(
    make: Callable[[], object], argument: str
) -> None:
    with pytest.raises(InvalidInputError, match=f"^{argument} = "):
        make()


@pytest.mark.parametrize(
    ("length", "wildcards", "regular"), [(3, 2, "ab"), (2, 3, ""), (4, 3, "a")]
)
def test_templates_are_counted(length: int, wildcards: int, regular: str) -> None:
    letters = [*WILDCARDS[:wildcards], *regular]
    rows = itertools.product(letters, repeat=length)
    assert count_templates(length, wildcards, len(regular)) == len(
        {Template.parse(r) for r in rows}
    )


def test_forks_of_a_process_with_jax_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jax", math)
    forks = multiprocessing.get_start_method() == "fork"
    with joblib.parallel_config(backend="multiprocessing", n_jobs=2):
        if forks:
            with pytest.raises(InvalidInputError, match="backend = 'multiprocessing'"):
                workers.spread(None)
            monkeypatch.setattr(joblib.parallel, "DEFAULT_MP_CONTEXT", _spawn())
        workers.spread(None)
        workers.spread(1)
        monkeypatch.delitem(sys.modules, "jax")
        monkeypatch.undo()
    for backend in ("loky", "threading"):
        with joblib.parallel_config(backend=backend, n_jobs=2):
            workers.spread(None)


def _spawn() -> Any:
    return multiprocessing.get_context("spawn")
