"""Whether a kernel is token-symmetric: the hypothesis of other statements."""

from __future__ import annotations

from itertools import islice

from kernels.contract.kernel import Kernel
from kernels.strings.patterns import Pattern
from theory.disjoint import fresh_tokens
from theory.statements.framework.decision import differ
from theory.statements.framework.hypothesis import Hypothesis


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
    renumbered = kernel.evaluate([Pattern((3, 1, 0), (3, 2, 0))])[0]
    for other in (second, renumbered):
        if differ(first, other, comparisons=2):
            return (
                f"K is {first.value:.6g} at one pair of strings and {other.value:.6g} at its image "
                "under a permutation of tokens; give a token-symmetric kernel (Def. C.1)"
            )
    return None


TOKEN_SYMMETRIC = Hypothesis(
    "the kernel is token-symmetric", "kernel", lambda setting: asymmetry(setting.kernel)
)
