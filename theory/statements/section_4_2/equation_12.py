"""The template matrix is well defined and positive semidefinite: equations (12) and (13)."""

from __future__ import annotations

import dataclasses
from copy import deepcopy
from itertools import islice

import numpy as np
from numpy.random import Generator

from kernels.contract.kernel import Kernel
from kernels.estimates import Estimate, Exact
from kernels.transformer import TransformerKernel
from theory.disjoint import fresh_tokens
from theory.matrix.template_matrix import TemplateMatrix, template_matrix
from theory.statements.framework.claims import AtMost, Claim, Equal, Every
from theory.statements.framework.examination import Examination
from theory.statements.framework.hypothesis import Doubt, Hypothesis
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.semidefinite import IS_SEMIDEFINITE, indefinite
from theory.statements.hypotheses.symmetry import TOKEN_SYMMETRIC
from theory.statements.shared.instances.defaults import mixed_task, transformer_kernel
from theory.statements.shared.instances.strings import sharing_strings, values_between
from theory.statements.shared.second_routes.evaluated import evaluated
from theory.task import TemplateTask
from theory.template import Template

_COARSEST = 1e-3
"""The error, relative to the largest entry or eigenvalue, above which agreement counts for
nothing."""


def _substituted(z: Template, tokens: list[str]) -> str:
    return z.substitute(dict(zip(z.wildcards, tokens, strict=False)))


def choices_claim(
    kernel: Kernel, matrix: TemplateMatrix, task: TemplateTask, choices: int, rng: Generator
) -> Every:
    """That K(sub(z_i, s), sub(z_j, s')) is N_ij for random s, s'."""
    most = max(len(z.wildcards) for z in task.templates)
    tokens = np.array(list(islice(fresh_tokens(task.regular_tokens), max(60, 2 * most))))
    coarsest = _COARSEST * float(np.abs(matrix.values).max())
    fresh = deepcopy(kernel)  # copies of a kernel leave its tables of values behind
    parts = []
    for _ in range(choices):
        for i, first in enumerate(task.templates):
            for j, second in enumerate(task.templates):
                drawn = rng.permutation(tokens).tolist()
                split = len(first.wildcards)
                x, y = _substituted(first, drawn[:split]), _substituted(second, drawn[split:])
                entry = matrix.entries[i, j]
                parts.append(Equal(f"{x}, {y}", kernel(x, y), entry, resolution=coarsest))
                anew = evaluated(fresh, x, y, rng)
                parts.append(Equal(f"{x}, {y} anew", anew, entry, resolution=coarsest))
    return Every("N does not depend on s and s'", parts, {"choices": choices})


def attention_claims(setting: Setting, choices: int) -> list[Claim]:
    """The same of the attention kernel inside, whose values the kernel looks up."""
    kernel, task = setting.kernel, setting.task
    if not isinstance(kernel, TransformerKernel):
        return []
    attention = kernel.attention_kernel
    matrix = template_matrix(attention, task)
    found = choices_claim(attention, matrix, task, choices, setting.rng())
    return [dataclasses.replace(found, name="nor does the attention kernel inside")]


def semidefinite_claim(lowest: Estimate, largest: float) -> Claim:
    """``lowest >= 0``; an eigenvalue within its error of 0 passes only if the error is small."""
    zero = Estimate(0.0, Exact())
    name, slight = "N is positive semidefinite", _COARSEST * largest
    needed = f"an error of its smallest eigenvalue below {slight:.1g}"
    evidence = {"smallest eigenvalue": lowest.to_json()}
    return AtMost(name, zero, lowest, evidence, slight, settles=needed)


def examine_entries(setting: Setting) -> Examination:
    """N by random choices of s and s', and its smallest eigenvalue."""
    matrix = template_matrix(setting.kernel, setting.task)
    choices = 2 if setting.quick else 5
    lowest = matrix.eigenvalues[0]
    claims = [
        choices_claim(setting.kernel, matrix, setting.task, choices, setting.rng()),
        *attention_claims(setting, choices),
        semidefinite_claim(lowest, float(np.abs(matrix.eigenvalues.values).max())),
    ]
    return Examination(claims, f"smallest eigenvalue {lowest.value:.2e} ± {lowest.error:.0e}")


def _not_semidefinite(setting: Setting) -> str | Doubt | None:
    """Strings that share tokens: their matrix has no N in it, which is left for the check."""
    gram = values_between(setting.kernel, sharing_strings(setting, 8))
    return indefinite("a Gram matrix has", gram)


STATEMENT = Statement(
    ids=("Equation (12)", "Equation (13)"),
    title="The template matrix",
    words="Nᵢⱼ is the kernel between template i and template j, substituted with tokens that "
    "avoid each other and R. It does not depend on which, and is positive semidefinite "
    "for a positive semidefinite kernel.",
    latex=r"N_{ij} = K(\mathrm{sub}(z_i, s), \mathrm{sub}(z_j, s')),\quad "
    r"s(\mathcal{W}) \cap s'(\mathcal{W}) = \emptyset",
    examine=examine_entries,
    hypotheses=(TOKEN_SYMMETRIC, Hypothesis(IS_SEMIDEFINITE, "kernel", _not_semidefinite)),
    default_task=mixed_task,
    default_kernel=transformer_kernel,
)
