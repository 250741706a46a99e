"""Tasks, kernels and arguments that are odd: a verdict is earned, and a refusal says what to do."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Sequence

import numpy as np
import pytest
from latex2mathml.converter import convert

from kernels import MonteCarlo
from kernels.activations import Cosine, Polynomial
from kernels.boundary.exceptions import InvalidInputError
from kernels.contract.kernel import Kernel
from kernels.estimates import ErrorKind, EstimateArray, Numerical
from kernels.mlp import MLPKernel
from kernels.strings.patterns import Pattern
from kernels.transformer import TransformerKernel
from tests.instances import SAME, TOY, TWO
from tests.toy_kernels import NumberedKernel, RelationalKernel
from theory import TemplateTask, catalogue, statements
from theory.laws import Categorical
from theory.statements import HypothesisError, Outcome
from theory.statements.section_4_1.definition_4_2 import inclusion
from theory.statements.shared.defaults import transformer_kernel
from theory.template import WILDCARDS, Template

COARSE = transformer_kernel().set_params(attention=MonteCarlo(16))
SAMPLED = transformer_kernel().set_params(attention=MonteCarlo(100_000))
CONSTANT = transformer_kernel().set_params(activation=Cosine(0.0, 0.4))
ONE = TemplateTask.parse({"αβ": 1.0})
LONG = TemplateTask.parse({WILDCARDS[:10]: 1.0, WILDCARDS[:9] + "α": 2.0})


class OneNumberKernel(RelationalKernel):
    """Not token-symmetric: another value where [CLS] has the number 0, which few draws give it."""

    @property
    def name(self) -> str:
        return "one number"

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int | None = None) -> EstimateArray:
        found = super().evaluate(patterns, n_jobs=n_jobs or 1)
        odd = [0.1 * (p.x[:2] == (3, 1)) for p in patterns]
        return dataclasses.replace(found, values=found.values + np.array(odd))


# Verdicts that are earned


@pytest.mark.parametrize("seed", [1, 5, 7, 12, 13, 14, 20])
def test_overlaps_are_seen_at_every_seed(seed: int) -> None:
    assert statements.find("Definition 4.1").check(quick=True, seed=seed).outcome is Outcome.HOLDS


@pytest.mark.parametrize("seed", range(6))
def test_small_samples_do_not_refute_lemma_45(seed: int) -> None:
    task = TemplateTask.parse({"aαα": 1.0, "aαβ": -1.0, "αbα": 0.5, "bβα": 2.0})
    found = statements.find("Lemma 4.5").check(task, TOY, quick=True, seed=seed)
    assert found.outcome is not Outcome.VIOLATED


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_five_templates_do_not_refute_lemma_45(seed: int) -> None:
    task = TemplateTask.parse({"ααβ": 1, "αβα": -1, "αββ": 1, "ααα": -1, "αβγ": 2})
    found = statements.find("Lemma 4.5").check(task, quick=True, seed=seed)
    assert found.outcome is not Outcome.VIOLATED
    assert found.settles is None or "samples" in found.settles


@pytest.mark.parametrize(
    "kernel",
    [
        COARSE,
        CONSTANT,
        transformer_kernel().set_params(beta=0.01, attention=MonteCarlo(10_000)),
        transformer_kernel().set_params(activation=Polynomial((1.0,))),
    ],
)
def test_errors_do_not_refute_observation_12(kernel: Kernel) -> None:
    found = statements.find("Observation 1.2").check(kernel=kernel, quick=True)
    assert found.outcome is Outcome.INCONCLUSIVE
    assert "N of the kernel is nonsingular: " in str(found.settles) or kernel is not CONSTANT


@pytest.mark.parametrize("kernel", [MLPKernel(), TransformerKernel(0.0, 1.0)])
def test_observation_12_is_about_attention(kernel: Kernel) -> None:
    with pytest.raises(HypothesisError, match=r"transformer kernel|beta is positive"):
        statements.find("Observation 1.2").check(kernel=kernel, quick=True)


def test_large_errors_do_not_show_that_n_is_semidefinite() -> None:
    coarse = RelationalKernel(Numerical(1.0))
    found = statements.find("Equation (12)").check(kernel=coarse, quick=True)
    assert found.outcome is Outcome.INCONCLUSIVE
    assert "smallest eigenvalue" in str(found.settles)


@pytest.mark.parametrize("seed", range(3))
def test_an_asymmetry_is_seen_at_every_seed(seed: int) -> None:
    found = statements.find("Definition C.1")
    for kernel in (NumberedKernel(), OneNumberKernel()):
        assert found.check(kernel=kernel, quick=True, seed=seed).outcome is Outcome.VIOLATED


def test_kind_of_the_kernel_is_the_kind_of_the_verdict() -> None:
    found = statements.find("Proposition 4.3").check(TWO, SAMPLED, quick=True)
    assert found.kind is ErrorKind.STATISTICAL


def test_certificates_ask_for_values_that_are_not_sampled() -> None:
    with pytest.raises(InvalidInputError, match="small error"):
        statements.find("Definition 3.3").check(TWO, SAMPLED, quick=True)


def test_errors_do_not_refute_that_a_gram_matrix_is_semidefinite() -> None:
    with pytest.raises(HypothesisError, match=r"could not be shown: .*less error would settle it"):
        statements.find("Proposition 4.3").check(TWO, COARSE, quick=True)


@pytest.mark.parametrize("id", ["F.2", "F.3", "F.4", "F.5", "F.6", "Lemma 4.7"])
def test_one_template_has_no_competitors(id: str) -> None:
    with pytest.raises(HypothesisError, match="at least two templates"):
        statements.find(f"Claim {id}" if len(id) < 4 else id).check(ONE)


# Labels of any size


@pytest.mark.parametrize(
    "id",
    ["Definition 3.2", "Definition 3.3", "Proposition 4.3", "(5)", "(16)", "D.2", "D.4"],
)
@pytest.mark.parametrize("size", [1e-200, 1e3, 1e15, 1e308])
def test_labels_of_any_size_give_one_verdict(id: str, size: float) -> None:
    statement = statements.find(id)
    task = TemplateTask.parse({"αα": size, "αβ": -size})
    found = statement.check(task, TOY if statement.takes_kernel else None, quick=True)
    assert found.outcome is Outcome.HOLDS, found.settles
    assert found.evidence["labels divided by"] == size


@pytest.mark.parametrize("size", [1e3, 1e200])
def test_training_does_not_diverge_on_large_labels(size: float) -> None:
    task = TemplateTask.parse({"αα": size, "αβ": -size})
    assert statements.find("Theorem I.2").check(task, quick=True).outcome is Outcome.HOLDS


# Bounds that are attained


@pytest.mark.parametrize("kernel", [None, CONSTANT])
@pytest.mark.parametrize("task", [ONE, TemplateTask.parse({"AB": 1.0, "AC": -1.0})])
def test_claim_d2_where_both_sides_are_0(task: TemplateTask, kernel: Kernel | None) -> None:
    assert statements.find("D.2").check(task, kernel, quick=True).outcome is Outcome.HOLDS


@pytest.mark.parametrize("seed", range(4))
def test_equation_5_for_one_template(seed: int) -> None:
    found = statements.find("Equation (5)").check(ONE, quick=True, seed=seed)
    assert found.outcome is Outcome.HOLDS, found.settles


# Large tasks


def test_every_template_of_forty_is_sampled() -> None:
    task = catalogue.find("relational-match-to-sample")
    found = statements.find("Claim D.2").check(task, TOY, quick=True)
    assert found.outcome is Outcome.HOLDS, found.settles


def test_a_template_that_is_one_in_seventy_is_sampled() -> None:
    templates = {"aαα": 1.0, "aαβ": -1.0, "αbα": 0.5}
    task = TemplateTask.parse(templates, weights=(1.0, 1.0, 0.03))
    found = statements.find("Equation (5)").check(task, TOY, quick=True)
    assert found.outcome is Outcome.HOLDS, found.settles


def test_a_template_too_rare_to_sample_is_refused() -> None:
    task = TemplateTask.parse({"αα": 1.0, "αβ": -1.0}, weights=(1.0, 1e-4))
    with pytest.raises(HypothesisError, match="at most 1200 samples"):
        statements.find("Claim D.2").check(task, TOY, quick=True)


def test_inclusion_with_many_wildcards() -> None:
    # Drawing all but one of m equal tokens includes each with probability (m - 1) / m.
    template = Template.parse(WILDCARDS[:23])
    found = inclusion(template, Categorical([1.0] * 24))
    assert {float(share) for share in found.values()} == {23 / 24}


@pytest.mark.parametrize("id", ["Definition 4.2", "Definition J.1", "Definition 3.3"])
def test_many_wildcards(id: str) -> None:
    statement = statements.find(id)
    for task in (LONG, TemplateTask.parse({WILDCARDS[:23]: 1.0})):
        found = statement.check(task, TOY if statement.takes_kernel else None, quick=True)
        assert found.outcome is Outcome.HOLDS


def test_a_check_that_would_take_hours_is_refused() -> None:
    with pytest.raises(HypothesisError, match="at most 4 tokens"):
        statements.find("Lemma 4.5").check(LONG, quick=True)


# Arguments


WRONG = {
    "find('Lemma 4.5').check(kernel=3)": "kernel = 3: give a kernel",
    "find('Lemma 4.5').check(kernel='abc')": "kernel = 'abc': give a kernel",
    "find('Lemma 4.5').check('AA')": "task = 'AA': give a TemplateTask",
    "find('Lemma 4.5').check(quick='yes')": "quick = 'yes': give True or False",
    "find('Lemma 4.5').check(seed=1.5)": "seed = 1.5: give a whole number",
    "find(4.7)": "id = 4.7: give a string; ids look like",
    "find(None)": "id = None: give a string; ids look like",
}
"""Arguments of wrong types, and what the error says."""


def test_wrong_types_are_named() -> None:
    # In a fresh interpreter: here, the checker of annotations would refuse them first.
    code = ["from theory.statements import find"]
    for call in WRONG:
        code += ["try:", f"    {call}", "except ValueError as error:", "    print(error)"]
    run = [sys.executable, "-c", "\n".join(code)]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert len(lines) == len(WRONG)
    for line, said in zip(lines, WRONG.values(), strict=True):
        assert line.startswith(said)


@pytest.mark.parametrize("seed", [-1, 2**62, 10**26])
def test_seeds_out_of_range_are_named(seed: int) -> None:
    with pytest.raises(InvalidInputError, match=f"seed = {seed}: give a whole number"):
        statements.find("Lemma 4.5").check(quick=True, seed=seed)


def test_the_largest_seed_is_taken() -> None:
    found = statements.find("Definition 3.2").check(SAME, quick=True, seed=2**62 - 1)
    assert found.outcome is Outcome.HOLDS


@pytest.mark.parametrize("id", ["Equation (16)", "Claim D.2"])
def test_a_kernel_of_large_errors_is_named(id: str) -> None:
    with pytest.raises(HypothesisError, match=r"kernel = .*could not be shown: N has"):
        statements.find(id).check(kernel=COARSE, quick=True)


def test_an_error_inside_names_what_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise np.linalg.LinAlgError("singular matrix")

    monkeypatch.setattr(np.linalg, "solve", fail)
    with pytest.raises(InvalidInputError, match=r"kernel = .*cannot be checked on it"):
        statements.find("Definition 3.3").check(TWO, TOY, quick=True)


def test_doubt_about_n_says_what_would_settle_it() -> None:
    # A kernel that no theorem is about: of the others, errors leave nothing open.
    with pytest.raises(HypothesisError, match="could not be shown: the smallest eigenvalue") as it:
        statements.find("Claim D.3").check(kernel=RelationalKernel(Numerical(1.0)), quick=True)
    assert "would settle it" in str(it.value)


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
