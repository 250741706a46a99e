"""Hypotheses about the kind of a kernel, and about the template matrix that it gives."""

from __future__ import annotations

from kernels.activations import Cosine
from kernels.contract.kernel import Kernel
from kernels.transformer import TransformerKernel
from theory.matrix.singularity import Singularity
from theory.matrix.template_matrix import template_matrix
from theory.statements.framework.hypothesis import Doubt, Hypothesis
from theory.statements.framework.setting import Setting


def needs_kernel(kind: type[Kernel], words: str) -> Hypothesis:
    """The hypothesis that the kernel is of a class."""

    def objection(setting: Setting) -> str | None:
        return None if isinstance(setting.kernel, kind) else f"give a {kind.__name__}"

    return Hypothesis(words, "kernel", objection)


TRANSFORMER = needs_kernel(TransformerKernel, "the kernel is a transformer kernel")


def _not_cosine(setting: Setting) -> str | None:
    kernel = setting.kernel
    if isinstance(kernel, TransformerKernel) and isinstance(kernel.activation, Cosine):
        return None
    return "give a TransformerKernel with the activation Cosine"


SHIFTED_COSINE = Hypothesis(
    "the kernel is K_trans with phi = cos(b1 t + b2)", "kernel", _not_cosine
)


def _not_nonsingular(setting: Setting) -> str | Doubt | None:
    verdict = template_matrix(setting.kernel, setting.task).verdict
    if verdict.outcome is Singularity.NONSINGULAR:
        return None
    if verdict.outcome is Singularity.INCONCLUSIVE:
        return Doubt(verdict.reason)
    return f"N is singular: {verdict.reason}; give a task and a kernel with nonsingular N"


NONSINGULAR = Hypothesis("the template matrix N is nonsingular", "kernel", _not_nonsingular)
