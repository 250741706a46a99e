"""Whether a kernel is token-symmetric: the hypothesis of other statements."""

from __future__ import annotations

from itertools import islice, permutations

from kernels.contract.kernel import Kernel
from kernels.estimates import Estimate
from kernels.strings.patterns import Pattern
from theory.disjoint import fresh_tokens
from theory.statements.framework.decision import differ
from theory.statements.framework.hypothesis import Hypothesis
from theory.statements.framework.setting import Setting

_LONGEST = 6
"""Of the strings that are compared: kernels of longer ones take their time."""

_ALL_NUMBERINGS = 4
"""Tokens up to which every numbering is tried, 24 of them."""


def _numberings(tokens: int) -> list[tuple[int, ...]]:
    """All numberings of up to 4 tokens; of more, those that run up or down, from any number on."""
    if tokens <= _ALL_NUMBERINGS:
        return list(permutations(range(tokens)))
    starts = [tuple((start + i) % tokens for i in range(tokens)) for start in range(tokens)]
    return [*starts, *(numbers[::-1] for numbers in starts)]


def images(kernel: Kernel, length: int) -> tuple[Estimate, list[Estimate]]:
    """The kernel at a pair of strings that share their first token alone, and at its images.

    The kernel is called by strings and, where it computes, by patterns that are not numbered by
    first appearance, so that neither a look-up nor the numbering can hide an asymmetry. Up to
    length 2 the pattern gets every numbering.

    >>> from kernels import MLPKernel
    >>> first, others = images(MLPKernel(), 2)
    >>> len(others), {first.value == other.value for other in others}
    (25, {True})
    """
    tokens = list(islice(fresh_tokens(()), 2 * length))
    x, y = tokens[:length], [tokens[0], *tokens[length : 2 * length - 1]]
    swap = dict(zip(tokens, reversed(tokens), strict=True))
    swapped = kernel([swap[t] for t in x], [swap[t] for t in y])
    patterns = []
    for cls, *numbers in _numberings(2 * length):
        own, others = numbers[:length], numbers[length:]
        patterns.append(Pattern((*own, cls), (own[0], *others, cls)))
    return kernel(x, y), [swapped, *kernel.evaluate(patterns)]


def asymmetry(kernel: Kernel, length: int = 2) -> str | None:
    """Where a kernel tells two strings of a length from their image under an exchange of tokens."""
    first, others = images(kernel, length)
    for other in others:
        if differ(first, other, comparisons=len(others)):
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
