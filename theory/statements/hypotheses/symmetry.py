"""Whether a kernel is token-symmetric: the hypothesis of other statements."""

from __future__ import annotations

from itertools import islice

from kernels.contract.kernel import Kernel
from kernels.strings.patterns import Pattern
from theory.disjoint import fresh_tokens
from theory.statements.framework.decision import differ
from theory.statements.framework.hypothesis import Hypothesis
from theory.statements.framework.setting import Setting

_LONGEST = 6
"""Of the strings that are compared: kernels of longer ones take their time."""


def asymmetry(kernel: Kernel, length: int = 2) -> str | None:
    """Where a kernel tells two strings of a length from their image under an exchange of tokens.

    The kernel is called by strings and, where it computes, by patterns that are not numbered by
    first appearance, so that neither a look-up nor the numbering can hide an asymmetry.
    """
    tokens = list(islice(fresh_tokens(()), 2 * length))
    x, y = tokens[:length], [tokens[0], *tokens[length : 2 * length - 1]]
    swap = dict(zip(tokens, reversed(tokens), strict=True))
    first = kernel(x, y)
    second = kernel([swap[t] for t in x], [swap[t] for t in y])
    last = 2 * length - 1
    own, others = range(last, last - length, -1), range(last - length, 0, -1)
    renumbered = kernel.evaluate([Pattern((*own, 0), (last, *others, 0))])[0]
    for other in (second, renumbered):
        if differ(first, other, comparisons=2):
            return (
                f"K is {first.value:.6g} at one pair of strings and {other.value:.6g} at its image "
                "under a permutation of tokens; give a token-symmetric kernel (Def. C.1)"
            )
    return None


def _asymmetric(setting: Setting) -> str | None:
    """At strings of length 2, and of the task's length where there is a task."""
    lengths = {2}
    if setting.given_task is not None:
        lengths.add(min(setting.task.length - 1, _LONGEST))
    found = (asymmetry(setting.kernel, length) for length in sorted(lengths))
    return next((words for words in found if words is not None), None)


TOKEN_SYMMETRIC = Hypothesis("the kernel is token-symmetric", "kernel", _asymmetric)
