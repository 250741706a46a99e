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
from math import comb

import numpy as np

from kernels.boundary.exceptions import TooLargeError
from kernels.contract.kernel import Kernel
from kernels.regression.arguments.kernel_values import finite_values
from kernels.strings.patterns import Pattern
from kernels.strings.shapes import Shape

_ROUNDING = 8.0 * float(np.finfo(np.float64).eps)
"""Interactions below this, relative to the kernel and to each of the 2^s values in them, are what
rounding makes of 0."""

Matching = tuple[tuple[int, int], ...]
"""Pairs (symbol of the first shape, symbol of the second), sorted; each symbol at most once."""

Key = tuple[Shape, Shape, Matching]
"""Two shapes, and a matching of their symbols."""

MOST = 20_000_000
"""Terms above which the strings are refused: at a few microseconds each, a minute of bookkeeping
alone, and the kernel itself costs more."""

_MOST_VALUES = 2_000_000
"""Values above which the strings are refused: about 1 KB each, with all that tells them apart."""


class MatchingTable:
    """V and D for one kernel, each value computed once.

    Args:
        kernel: a token-symmetric kernel.
        n_jobs: joblib workers for kernel values; where left out, joblib decides.
        progress: show progress bars.
        most: refuse more terms than this, see `charge`.

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
        self,
        kernel: Kernel,
        *,
        n_jobs: int | None = None,
        progress: bool = False,
        most: int = MOST,
    ) -> None:
        self.kernel = kernel
        self.most = most
        self._charged = 0
        self.n_jobs = n_jobs
        self.progress = progress
        self.largest_error = 0.0
        self.largest_value = 0.0
        self._values: dict[Key, float] = {}
        self._interactions: dict[Key, float] = {}

    def charge(self, terms: int) -> None:
        """Count terms of inclusion-exclusion before they are looked at.

        Raises:
            TooLargeError: too many in all.
        """
        self._charged += terms
        if self._charged > self.most:
            raise _too_many(self.most)

    def require(self, wanted: Iterable[Key], what: str = "") -> None:
        """Compute the values that `interaction` needs for these, all at once.

        Args:
            wanted: pairs of shapes and matchings.
            what: for a progress bar, what these have in common.
        """
        parts = ((x, y, part) for x, y, matching in wanted for part in subsets(matching))
        self.require_values(parts, what)

    def require_values(self, wanted: Iterable[Key], what: str = "") -> None:
        """Compute the values that `value` needs for these, all at once.

        Args:
            wanted: pairs of shapes and matchings.
            what: for a progress bar, what these have in common.

        Raises:
            InvalidInputError: a value or its error is not finite.
            TooLargeError: too many values.
        """
        todo: dict[Key, None] = {}
        for key in wanted:
            if key not in self._values:
                todo[key] = None
                if len(todo) > _MOST_VALUES:
                    raise _too_many(_MOST_VALUES)
        patterns = [_pattern(*key) for key in todo]
        title = f"kernel values: {what}" if what else "kernel values"
        values = self.kernel.values(
            patterns, n_jobs=self.n_jobs, progress=title if self.progress else False
        )
        found = finite_values(self.kernel, values)
        self.largest_error = max(self.largest_error, found.largest_error)
        self.largest_value = max(self.largest_value, float(np.abs(found.values).max(initial=0.0)))
        self._values.update(zip(todo, found.values.tolist(), strict=True))

    def floor(self, order: int) -> float:
        """What an interaction of this order must exceed to count as none that rounding made."""
        return _ROUNDING * 2**order * self.largest_value

    def magnitudes(self, symbols: int) -> tuple[float, float]:
        """The sum of the interactions' magnitudes for strings that share all of so many symbols.

        It is counted from the largest of each order so far; the second number is the part of those
        that are no larger than the `floor`.
        """
        largest, least = [self.largest_value, *[0.0] * symbols], [0.0] * (1 + symbols)
        for (_, _, matching), value in self._interactions.items():
            order, size = len(matching), abs(value)
            largest[order] = max(largest[order], size)
            if order > 0 and size <= self.floor(order):
                least[order] = max(least[order], size)
        ways = [comb(symbols, order) for order in range(1 + symbols)]
        return (
            sum(w * size for w, size in zip(ways, largest, strict=True)),
            sum(w * size for w, size in zip(ways, least, strict=True)),
        )

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


def _too_many(most: int) -> TooLargeError:
    return TooLargeError(
        "strings",
        f"more than {most} kinds of pairs",
        "they have too many equality patterns, or too many different symbols each; use fewer "
        "strings, or the dense route for some thousands",
    )


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
