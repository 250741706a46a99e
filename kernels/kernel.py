"""What every token-symmetric kernel is and does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from functools import cached_property
from typing import Self

import numpy as np
from jaxtyping import Int32

from kernels.errors import InvalidInputError
from kernels.estimate import Estimate, EstimateArray
from kernels.gram import unique_patterns
from kernels.memory import require_memory
from kernels.patterns import Pattern
from kernels.progress import bar
from kernels.strings import Strings, encode
from kernels.table import PatternTable

_BATCH = 256
"""Patterns evaluated between two updates of the table: what an interruption can lose."""


class Kernel(ABC):
    """A kernel on strings that is token-symmetric (Def. C.1): a function of the joint pattern.

    A kernel is immutable. Values are computed once per key and kept in `table`, from which
    every Gram matrix is read. A subclass gives `evaluate`, `name` and, where it is invariant
    under more than token permutations, `key`.
    """

    @property
    @abstractmethod
    def name(self) -> str:
        """The kernel and all its parameters in words; equal names mean equal kernels."""

    @abstractmethod
    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int | None = None) -> EstimateArray:
        """The kernel at each pattern, shape ``(len(patterns),)``, computed afresh."""

    def key(self, pattern: Pattern) -> Hashable:
        """The class of patterns on which the kernel provably agrees: nested tuples of integers."""
        return pattern.x, pattern.y

    def classes(
        self, x: Int32[np.ndarray, "n k"], y: Int32[np.ndarray, "m k"]
    ) -> tuple[list[Pattern], Int32[np.ndarray, "n m"]]:
        """Patterns that stand for all pairs of encoded strings, and the index of each pair's.

        A kernel that sees little of a pair may give fewer than the distinct patterns.
        """
        return unique_patterns(x, y)

    @cached_property
    def table(self) -> PatternTable:
        """The values computed so far; `PatternTable.save` and `PatternTable.load` keep them."""
        return PatternTable(self.name)

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        """The kernel itself, which is immutable: copies of what holds it share its table."""
        return self

    def __call__(self, x: str | Sequence[str], y: str | Sequence[str]) -> Estimate:
        """The kernel of two strings."""
        return self.values([Pattern.of(x, y)]).at(0)

    def values(
        self,
        patterns: Sequence[Pattern],
        *,
        n_jobs: int | None = None,
        progress: bool | str = False,
    ) -> EstimateArray:
        """The kernel at each pattern, shape ``(len(patterns),)``, each key computed once.

        Args:
            patterns: joint equality patterns.
            n_jobs: joblib workers; where left out, what ``joblib.parallel_config`` says.
            progress: show a progress bar on standard error, with this text where it is one; an
                interruption keeps the batches that are done.
        """
        keys = [self.key(pattern) for pattern in patterns]
        representative = dict(zip(reversed(keys), reversed(patterns), strict=True))
        todo = self.table.missing(keys)
        batches = [todo[start : start + _BATCH] for start in range(0, len(todo), _BATCH)]
        title = progress if isinstance(progress, str) else "kernel values"
        for batch in bar(batches, title, shown=bool(progress)):
            found = self.evaluate([representative[key] for key in batch], n_jobs=n_jobs)
            for i, key in enumerate(batch):
                self.table.add(key, found.at(i))
        return EstimateArray.gather(self.table[key] for key in keys)

    def gram(
        self,
        x: Strings,
        y: Strings | None = None,
        *,
        n_jobs: int | None = None,
        progress: bool | str = False,
    ) -> EstimateArray:
        """The kernel matrix, shape ``(n, m)``: one value per distinct pattern, then a look-up.

        Args:
            x: n strings.
            y: m strings of the same length; ``x`` itself where left out.
            n_jobs: joblib workers; where left out, what ``joblib.parallel_config`` says.
            progress: show a progress bar, with this text where it is one.

        Raises:
            InvalidInputError: unequal lengths.
            TooLargeError: the matrix would not fit in memory.
        """
        first = encode(x, argument="x")
        second = first if y is None else encode(y, first.vocabulary, argument="y")
        if first.length != second.length:
            raise InvalidInputError(
                "y", second[0], f"needs the length of x, {first.length - 1} tokens"
            )
        n, m = len(first), len(second)
        require_memory("strings", f"{n} by {m}", 20.0 * n * m, "use fewer strings")
        patterns, index = self.classes(first.codes, second.codes)
        found = self.values(patterns, n_jobs=n_jobs, progress=progress)
        return EstimateArray(
            found.values[index].astype(np.float64, copy=False),
            found.errors[index],
            found.kind,
            found.method,
        )
