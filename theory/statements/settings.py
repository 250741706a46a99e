"""The tasks and kernels that statements are checked on by default, and shared hypotheses."""

from __future__ import annotations

import dataclasses
from functools import cache
from itertools import islice

from kernels.activations import Cosine
from kernels.attention.automatic import Automatic
from kernels.kernel import Kernel
from kernels.patterns import Pattern
from kernels.transformer import TransformerKernel
from theory import catalogue
from theory.disjoint import fresh_tokens
from theory.matrix import template_matrix
from theory.statements.statement import Doubt, Hypothesis, Setting
from theory.task import TemplateTask
from theory.verdict import Outcome


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


def divided_by(scale: float) -> dict[str, object]:
    """What the evidence says of labels that `with_unit_labels` divided."""
    return {} if scale == 1.0 else {"labels divided by": scale}


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
