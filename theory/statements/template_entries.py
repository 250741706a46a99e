"""The template matrix is well defined and positive semidefinite: equations (12) and (13)."""

from __future__ import annotations

from itertools import islice

import numpy as np
from kernels.estimate import ErrorKind, Estimate

from kernels.kernel import Kernel
from theory.disjoint import fresh_tokens
from theory.matrix.template_matrix import template_matrix
from theory.statements.hypothesis import Doubt, Hypothesis
from theory.statements.setting import Setting
from theory.statements.settings import (
    IS_SEMIDEFINITE,
    TOKEN_SYMMETRIC,
    indefinite,
    mixed_task,
    sharing_strings,
    transformer_kernel,
    values_between,
)
from theory.statements.statement import Statement
from theory.statements.verdict import Case, Finding, Outcome, conclude
from theory.task import TemplateTask
from theory.template import Template

_COARSEST = 1e-3
"""The error, relative to the largest entry or eigenvalue, above which agreement counts for
nothing."""


def _substituted(z: Template, tokens: list[str]) -> str:
    return z.substitute(dict(zip(z.wildcards, tokens, strict=False)))


def largest_deviation(
    kernel: Kernel, task: TemplateTask, choices: int, rng: np.random.Generator
) -> tuple[float, list[str]]:
    """How far K(sub(z_i, s), sub(z_j, s')) strays from N_ij beyond the errors, over random s, s'.

    Returns:
        The largest excess, 0 where all agree, and the strings where it occurs.
    """
    matrix = template_matrix(kernel, task)
    most = max(len(z.wildcards) for z in task.templates)
    tokens = np.array(list(islice(fresh_tokens(task.regular_tokens), max(60, 2 * most))))
    worst, where = 0.0, ["", ""]
    for _ in range(choices):
        for i, first in enumerate(task.templates):
            for j, second in enumerate(task.templates):
                drawn = rng.permutation(tokens).tolist()
                split = len(first.wildcards)
                x, y = _substituted(first, drawn[:split]), _substituted(second, drawn[split:])
                found = kernel(x, y)
                gap = abs(found.value - matrix.values[i, j])
                excess = float(gap - found.error - matrix.errors[i, j])
                if excess > worst:
                    worst, where = excess, [x, y]
    return worst, where


def semidefinite_case(lowest: Estimate, largest: float, multiple: float) -> Case:
    """``lowest >= 0``; an eigenvalue within its error of 0 passes only if the error is small."""
    name = "N is positive semidefinite"
    error = multiple * lowest.error
    kind = ErrorKind.weakest([lowest.kind, ErrorKind.NUMERICAL])
    evidence = {"smallest eigenvalue": lowest.to_json(), "allowed": error}
    if lowest.value < -error:
        return Case(name, Outcome.VIOLATED, kind, evidence)
    if lowest.value >= error or error <= _COARSEST * largest:
        return Case(name, Outcome.HOLDS, kind, evidence)
    settles = f"{name}: an error of its smallest eigenvalue below {_COARSEST * largest:.1g}"
    return Case(name, Outcome.INCONCLUSIVE, kind, evidence, f"{settles}, not {error:.1g}")


def examine_entries(setting: Setting) -> Finding:
    """N by random choices of s and s', and its smallest eigenvalue."""
    matrix = template_matrix(setting.kernel, setting.task)
    choices = 2 if setting.quick else 5
    excess, where = largest_deviation(setting.kernel, setting.task, choices, setting.rng())
    lowest, multiple = matrix.eigenvalues.at(0), matrix.error_multiple
    name, kind = "N does not depend on s and s'", matrix.entries.kind
    evidence = {"choices": choices, "largest excess over the errors": excess, "strings": where}
    coarsest = _COARSEST * float(np.abs(matrix.values).max())
    if excess > 0.0:
        chosen = Case(name, Outcome.VIOLATED, kind, evidence)
    elif matrix.entries.largest_error > coarsest:
        settles = f"{name}: errors of the entries below {coarsest:.1g}"
        chosen = Case(name, Outcome.INCONCLUSIVE, kind, evidence, settles)
    else:
        chosen = Case(name, Outcome.HOLDS, kind, evidence)
    largest = float(np.abs(matrix.eigenvalues.values).max())
    cases = [chosen, semidefinite_case(lowest, largest, multiple)]
    return conclude(
        cases, f"smallest eigenvalue {lowest.value:.2e} ± {multiple * lowest.error:.0e}"
    )


def _not_semidefinite(setting: Setting) -> str | Doubt | None:
    """Strings that share tokens: their matrix has no N in it, which is left for the check."""
    gram = values_between(setting.kernel, sharing_strings(setting, 8))
    return indefinite("a Gram matrix has", gram)


ENTRIES = Statement(
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
