"""The tasks and kernels that statements are checked on by default, and shared hypotheses."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cache
from itertools import islice

import numpy as np
from kernels.estimate import EstimateArray

from kernels.activations import Cosine
from kernels.attention.automatic import Automatic
from kernels.kernel import Kernel
from kernels.patterns import Pattern
from kernels.transformer import TransformerKernel
from theory import catalogue
from theory.disjoint import fresh_tokens
from theory.matrix.template_matrix import template_matrix
from theory.matrix.verdict import Outcome, allowed_multiple, eigenvalues
from theory.statements.hypothesis import Doubt, Hypothesis
from theory.statements.setting import Setting
from theory.task import TemplateTask

_SLIGHT = 1e-6
"""Beside the largest entry of a matrix: how far below 0 an eigenvalue may be that errors explain.
A thousand samples make a thousandth of it, and every check has a ridge of a hundredth or more."""

_LONGEST = 10
"""Tokens of a string, at most, whose kernel values with strings that share tokens are quick."""

_TWICE = 8
"""Templates, at most, of which two strings are compared."""


@cache
def transformer_kernel() -> TransformerKernel:
    """``K_trans`` at beta = 1, gamma = 2 with an activation of Theorem 4.4.

    One object, so that statements share its table of values.
    """
    return TransformerKernel(
        beta=1.0, gamma=2.0, activation=Cosine(1.0, 0.4), attention=Automatic(tolerance=1e-6)
    )


def small_task() -> TemplateTask:
    """Two templates without regular tokens: ``αβα`` and ``αββ``."""
    return catalogue.aba_abb()


def mixed_task() -> TemplateTask:
    """Three templates with regular tokens: the statements' edges are there."""
    return TemplateTask.parse({"aαα": 1.0, "aαβ": -1.0, "αbα": 0.5}, name="mixed")


def with_unit_labels(setting: Setting) -> tuple[Setting, float]:
    """The setting with the labels divided by the largest in size, and that number.

    Statements that are linear in the labels are examined on these, so that tolerances mean the
    same at any scale. Labels that are all 0 stay; the number is then 1.

    >>> from theory.task import TemplateTask
    >>> setting, scale = with_unit_labels(Setting(TemplateTask.parse({"αα": 4e300, "αβ": -1e300})))
    >>> setting.task.labels, scale
    ((1.0, -0.25), 4e+300)
    """
    task = setting.task
    scale = max(abs(y) for y in task.labels) or 1.0
    unit = dataclasses.replace(task, labels=tuple(y / scale for y in task.labels))
    return dataclasses.replace(setting, given_task=unit), scale


def kernel_size(setting: Setting) -> float:
    """The largest K(x, x) at strings of the task, 1 where that is 0.

    K(x, x) is the same at every string of a template. Checks choose their ridge relative to this
    number, or divide the kernel by it, so that tolerances mean the same at any scale: prediction
    and weights do not change where kernel and ridge are divided by one number.
    """
    strings = setting.task.unseen()
    own = setting.kernel.values([Pattern.of(x, x) for x in strings]).values
    return float(np.abs(own).max()) or 1.0


def divided_by(labels: float, kernel: float = 1.0) -> dict[str, object]:
    """What the evidence says of labels and of a kernel, with its ridge, that were divided."""
    found = {"labels divided by": labels, "kernel and ridge divided by": kernel}
    return {what: number for what, number in found.items() if number != 1.0}


def asymmetry(kernel: Kernel) -> str | None:
    """Where a kernel tells two strings from their image under an exchange of tokens.

    The kernel is called by strings and, where it computes, by patterns that are not numbered by
    first appearance, so that neither a look-up nor the numbering can hide an asymmetry.
    """
    length = 2
    tokens = list(islice(fresh_tokens(()), 2 * length))
    x, y = tokens[:length], [tokens[0], *tokens[length : 2 * length - 1]]
    swap = dict(zip(tokens, reversed(tokens), strict=True))
    first = kernel(x, y)
    second = kernel([swap[t] for t in x], [swap[t] for t in y])
    renumbered = kernel.evaluate([Pattern((3, 1, 0), (3, 2, 0))]).at(0)
    for other in (second, renumbered):
        if abs(first.value - other.value) > 6.0 * (first.error + other.error):
            return (
                f"K is {first.value:.6g} at one pair of strings and {other.value:.6g} at its image "
                "under a permutation of tokens; give a token-symmetric kernel (Def. C.1)"
            )
    return None


TOKEN_SYMMETRIC = Hypothesis(
    "the kernel is token-symmetric", "kernel", lambda setting: asymmetry(setting.kernel)
)


def _not_nonsingular(setting: Setting) -> str | Doubt | None:
    verdict = template_matrix(setting.kernel, setting.task).verdict
    if verdict.outcome is Outcome.NONSINGULAR:
        return None
    if verdict.outcome is Outcome.INCONCLUSIVE:
        return Doubt(verdict.reason)
    return f"N is singular: {verdict.reason}; give a task and a kernel with nonsingular N"


NONSINGULAR = Hypothesis("the template matrix N is nonsingular", "kernel", _not_nonsingular)


def unseen_strings(task: TemplateTask, copies: int) -> list[str]:
    """Strings with tokens that no sample has, so many of each template, template after template.

    >>> unseen_strings(TemplateTask.parse({"αα": 1.0, "aβ": 2.0}), 2)
    ['AA', 'BB', 'aA', 'aB']
    """
    most = max(len(z.wildcards) for z in task.templates)
    tokens = list(islice(fresh_tokens(task.regular_tokens), copies * most))
    return [
        z.substitute(dict(zip(z.wildcards, tokens[copy * most :], strict=False)))
        for z in task.templates
        for copy in range(copies)
    ]


def indefinite(
    said: str, matrix: EstimateArray, multiple: float | None = None
) -> str | Doubt | None:
    """What is wrong with a matrix of kernel values that should be positive semidefinite.

    An eigenvalue below 0 by more than its error shows a kernel that is not semidefinite. One that
    errors explain is let pass where it is slight.

    Args:
        said: the matrix with a verb, as the objection begins.
        matrix: symmetric.
        multiple: how many errors an entry may be off; by `allowed_multiple` where left out.
    """
    if not np.isfinite(matrix.values).all():
        return f"{said} an entry that is no finite number; give a kernel of finite values"
    spectrum, rounding = eigenvalues(matrix)
    smallest = spectrum.at(0)
    multiple = multiple or allowed_multiple(matrix.kind, matrix.values.size)
    off = rounding + multiple * (smallest.error - rounding)
    seen = f"{said} the eigenvalue {smallest.value:.3g}"
    if smallest.value < -off:
        return f"{seen}; give a positive semidefinite kernel"
    slight = _SLIGHT * float(np.abs(matrix.values).max())
    if smallest.value >= -slight:
        return None
    return Doubt(
        f"{seen}, off by up to {off:.1g}; kernel values of less error would settle it "
        f"(up to {slight:.1g} is let pass)"
    )


def values_between(kernel: Kernel, strings: Sequence[str | Sequence[str]]) -> EstimateArray:
    """The Gram matrix of strings, its diagonal with it, by patterns."""
    n = len(strings)
    rows, columns = np.tril_indices(n)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    found = kernel.values([Pattern.of(strings[i], strings[j]) for i, j in pairs])
    index = np.empty((n, n), dtype=np.int64)
    index[rows, columns] = index[columns, rows] = np.arange(len(rows))
    return EstimateArray(found.values[index], found.errors[index], found.kind, found.method)


def sharing_strings(setting: Setting, count: int) -> Sequence[tuple[str, ...]]:
    """Strings that share many tokens: of the task, or of two tokens where the task's are long.

    A kernel on strings is one for strings of any length, and long ones that share tokens are of
    many patterns, each a value of the kernel.
    """
    task = setting.task
    if task.length - 1 > _LONGEST:
        return [(x, y) for x in "ABC" for y in "ABC"][:count]
    symbols = 1 + max(len(z.wildcards) for z in task.templates)
    sample = task.sample(count, alphabet=symbols, seed=setting.seed)
    return [sample.strings.tokens(row) for row in range(count)]


def _not_semidefinite(setting: Setting) -> str | Doubt | None:
    """N, two strings of each template with their diagonal, and strings that share tokens."""
    kernel, task = setting.kernel, setting.task
    strings = unseen_strings(task, 2)[: 2 * _TWICE]
    matrix, said = template_matrix(kernel, task), "a Gram matrix has"
    return (
        indefinite("N has", matrix.entries, matrix.error_multiple)
        or indefinite(said, values_between(kernel, strings))
        or indefinite(said, values_between(kernel, sharing_strings(setting, 6)))
    )


IS_SEMIDEFINITE = "the kernel is positive semidefinite"
"""The name of the hypothesis, whichever matrices it is tested on."""

SEMIDEFINITE = Hypothesis(IS_SEMIDEFINITE, "kernel", _not_semidefinite)


def needs_kernel(kind: type[Kernel], words: str) -> Hypothesis:
    """The hypothesis that the kernel is of a class."""

    def objection(setting: Setting) -> str | None:
        return None if isinstance(setting.kernel, kind) else f"give a {kind.__name__}"

    return Hypothesis(words, "kernel", objection)


def _one_template(setting: Setting) -> str | None:
    return None if len(setting.task) > 1 else "give at least two templates"


SEVERAL = Hypothesis("there are at least two templates", "task", _one_template)


def at_most_templates(most: int) -> Hypothesis:
    """The limit of a check whose cost grows with the templates: ours, not the paper's."""

    def objection(setting: Setting) -> str | None:
        count = len(setting.task)
        return None if count <= most else f"this check takes at most {most} templates, not {count}"

    return Hypothesis(f"at most {most} templates (a limit of the check)", "task", objection)
