"""Kernel values by matching, and their inclusion-exclusion.

For two strings of shapes t and t', the pairs of symbols that hold the same token form a partial
matching M, and the kernel is a function V(t, t', M). With

    D(t, t', S) = sum over Q in S of (-1)^(|S| - |Q|) V(t, t', Q),

Moebius inversion gives V(t, t', M) = sum over S in M of D(t, t', S): a sum over the sets of tokens
that the two strings have in common, the empty set included.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, combinations

import numpy as np

from kernels.errors import TooLargeError
from kernels.kernel import Kernel
from kernels.patterns import Pattern
from kernels.regression.finite_values import finite_values
from kernels.regression.shapes import Shape

Matching = tuple[tuple[int, int], ...]
"""Pairs (symbol of the first shape, symbol of the second), sorted; each symbol at most once."""

Key = tuple[Shape, Shape, Matching]
"""Two shapes, and a matching of their symbols."""

_MOST = 2_000_000
"""Values above which the strings are refused: at a few microseconds each, minutes of bookkeeping
alone, and the kernel itself costs more."""


class MatchingTable:
    """V and D for one kernel, each value computed once.

    Args:
        kernel: a token-symmetric kernel.
        n_jobs: joblib workers for kernel values; where left out, joblib decides.
        progress: show a progress bar.

    Attributes:
        largest_error: the largest error of a kernel value used so far.
        largest_value: the largest magnitude of one.

    >>> from kernels import MLPKernel
    >>> table = MatchingTable(MLPKernel())
    >>> one, two = Shape((0, 0, -1)), Shape((0, 1, -1))
    >>> table.require([(one, two, ((0, 1),))])
    >>> parts = table.interaction(one, two, ()) + table.interaction(one, two, ((0, 1),))
    >>> abs(parts - MLPKernel()("AA", "BA").value) < 1e-15
    True
    """

    def __init__(
        self, kernel: Kernel, *, n_jobs: int | None = None, progress: bool = False
    ) -> None:
        self.kernel = kernel
        self.n_jobs = n_jobs
        self.progress = progress
        self.largest_error = 0.0
        self.largest_value = 0.0
        self._values: dict[Key, float] = {}
        self._interactions: dict[Key, float] = {}

    def require(self, wanted: Iterable[Key]) -> None:
        """Compute the values that `interaction` needs for these, all at once.

        Raises:
            TooLargeError: too many values.
        """
        self.require_values((x, y, part) for x, y, matching in wanted for part in subsets(matching))

    def require_values(self, wanted: Iterable[Key]) -> None:
        """Compute the values that `value` needs for these, all at once.

        Raises:
            InvalidInputError: a value or its error is not finite.
            TooLargeError: too many values.
        """
        todo: dict[Key, None] = {}
        for key in wanted:
            if key not in self._values:
                todo[key] = None
            if len(todo) > _MOST:
                raise TooLargeError(
                    "strings",
                    f"more than {_MOST} kinds of pairs",
                    "their equality patterns have too little in common; use fewer strings",
                )
        patterns = [_pattern(*key) for key in todo]
        values = self.kernel.values(patterns, n_jobs=self.n_jobs, progress=self.progress)
        found = finite_values(self.kernel, values)
        self.largest_error = max(self.largest_error, found.largest_error)
        self.largest_value = max(self.largest_value, float(np.abs(found.values).max(initial=0.0)))
        self._values.update(zip(todo, found.values.tolist(), strict=True))

    def value(self, first: Shape, second: Shape, matching: Matching) -> float:
        """V: the kernel of strings of these shapes that share the matched tokens and no others."""
        return self._values[first, second, matching]

    def interaction(self, first: Shape, second: Shape, matching: Matching) -> float:
        """D: what sharing all of the matched tokens adds to sharing any part of them."""
        key = first, second, matching
        found = self._interactions.get(key)
        if found is None:
            found = sum(
                (-1) ** (len(matching) - len(part)) * self._values[first, second, part]
                for part in subsets(matching)
            )
            self._interactions[key] = found
        return found


def subsets(matching: Matching) -> Iterable[Matching]:
    """All sub-matchings, the empty one and the whole included."""
    return chain.from_iterable(combinations(matching, s) for s in range(len(matching) + 1))


def _pattern(first: Shape, second: Shape, matching: Matching) -> Pattern:
    """The joint pattern: a matched symbol of the second string is the first string's."""
    partner = {b: a for a, b in matching}
    x = [(0, place) if place >= 0 else (2, place) for place in first.places]
    y = [
        (2, place) if place < 0 else (0, partner[place]) if place in partner else (1, place)
        for place in second.places
    ]
    return Pattern.of_codes(x, y)
