"""Tasks, kernels and arguments that are odd: a verdict is earned, and a refusal says what to do."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest

from kernels import MonteCarlo
from kernels.activations import Cosine, Polynomial
from kernels.boundary.exceptions import InvalidInputError
from kernels.contract.kernel import Kernel
from kernels.estimates import ErrorKind, EstimateArray, Numerical
from kernels.mlp import MLPKernel
from kernels.strings.patterns import Pattern
from kernels.transformer import TransformerKernel
from tests.instances import TOY, TWO
from tests.toy_kernels import NumberedKernel, RelationalKernel
from theory import TemplateTask, catalogue, statements
from theory.laws import Categorical
from theory.statements import HypothesisError, Outcome
from theory.statements.section_4_1.definition_4_2 import inclusion
from theory.statements.shared.instances.defaults import transformer_kernel
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
