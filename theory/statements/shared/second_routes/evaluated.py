"""A kernel's value computed anew, in place of looked up."""

from __future__ import annotations

from numpy.random import Generator

from kernels.contract.kernel import Kernel
from kernels.estimates import Estimate
from kernels.strings.patterns import Pattern
from kernels.strings.tokens import CLS, tokenize


def evaluated(kernel: Kernel, x: str, y: str, rng: Generator) -> Estimate:
    """K(x, y) computed anew: no table of values, and tokens under numbers that are no pattern's.

    A look-up knows the value of a pattern by its tokens' numbers in order of appearance. These
    numbers are random, so that nothing that was computed for N is read again.
    """
    first, second = tokenize(x), tokenize(y)
    names = dict.fromkeys(token for token in (*first, *second) if token != CLS)
    drawn = 1 + rng.permutation(3 * len(names))
    number = {**dict(zip(names, drawn.tolist(), strict=False)), CLS: 0}
    pattern = Pattern(tuple(number[t] for t in first), tuple(number[t] for t in second))
    return kernel.evaluate([pattern])[0]
