"""The margin of Lemma 4.6's premise: how far S(id) is from every other S(pi)."""

from __future__ import annotations

from kernels.estimates import Estimate, EstimateArray
from kernels.transformer import AttentionKernel, TransformerKernel
from theory.matrix.template_matrix import template_matrix
from theory.statements.framework.decision import level
from theory.statements.framework.hypothesis import Doubt
from theory.statements.framework.setting import Setting


def attention_matrix(setting: Setting) -> EstimateArray:
    """A: the attention kernel between the templates, substituted with different tokens.

    Raises:
        TypeError: a kernel without attention, which the hypotheses exclude.
    """
    kernel = setting.kernel
    if not isinstance(kernel, TransformerKernel | AttentionKernel):
        raise TypeError("the hypotheses ask for a kernel with attention")
    attention = kernel if isinstance(kernel, AttentionKernel) else kernel.attention_kernel
    return template_matrix(attention, setting.task).entries


def margin(attention: EstimateArray) -> Estimate:
    """The least ``S(id) - S(pi)`` over the permutations other than the identity.

    By A1 of ``docs/theorems-nonsingular.md``, ``S(id) - S(pi)`` is half the sum of the squared
    distances ``A_ii + A_jj - 2 A_ij`` of i and j = pi(i): the least of all r! - 1 differences is
    the smallest of r (r - 1) / 2 squared distances. It is not negative, A being semidefinite.
    """
    r = len(attention)
    return min(
        (
            attention[i, i] + attention[j, j] - 2.0 * attention[i, j]
            for i in range(r)
            for j in range(i)
        ),
        key=lambda distance: distance.value,
    )


def premise_fails(setting: Setting) -> str | Doubt | None:
    """What is wrong with the premise of Lemma 4.6."""
    if len(setting.task) < 2:
        return None
    kernel, attention = setting.kernel, attention_matrix(setting)
    found = margin(attention)
    allowed = found.radius(level(attention.values.size))
    if found.value > allowed:
        return None
    if isinstance(kernel, TransformerKernel) and kernel.beta == 0.0:
        return "at beta = 0 attention is blind and all S(pi) are equal; give a positive beta"
    needed = attention.largest_error * found.value / (2.0 * allowed) if allowed else 0.0
    return Doubt(
        f"the least |S(id) - S(pi)| is {found}, which may be 0; attention values of errors below "
        f"{needed:.0e}, or other beta, gamma, would settle it"
    )
