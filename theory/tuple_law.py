"""Laws of substitutions under which wildcards depend on each other (Definition 3.2 allows any)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

import numpy as np
from jaxtyping import Float64, Int32

from kernels.boundary.exceptions import InvalidInputError
from theory.laws import TokenLaw
from theory.substitution import DistinctTokens


class TupleTokens(DistinctTokens):
    """One of several tuples of distinct tokens 0 to ``size - 1``, with given probabilities.

    >>> law = TupleTokens(np.array([[0, 1], [1, 2]], dtype=np.int32), np.array([0.75, 0.25]), 3)
    >>> law.inclusion.tolist()
    [0.75, 1.0, 0.25]
    """

    def __init__(
        self, tuples: Int32[np.ndarray, "q w"], probabilities: Float64[np.ndarray, " q"], size: int
    ) -> None:
        self.tuples = np.asarray(tuples, dtype=np.int32)
        self.probabilities = probabilities
        self.size = size
        self.draws = int(self.tuples.shape[1])

    @cached_property
    def inclusion(self) -> Float64[np.ndarray, " m"]:
        """The probability of each token of being among those drawn."""
        found = np.zeros(self.size)
        for place in range(self.draws):
            np.add.at(found, self.tuples[:, place], self.probabilities)
        return found

    @property
    def diversity(self) -> float:
        """One over the largest inclusion."""
        return 1.0 / float(self.inclusion.max()) if self.draws else float("inf")

    def sample(self, n: int, rng: np.random.Generator) -> Int32[np.ndarray, "n w"]:
        """``n`` tuples."""
        found: Int32[np.ndarray, "n w"]
        found = self.tuples[rng.choice(len(self.tuples), size=n, p=self.probabilities)]
        return found


class Tuples(TokenLaw):
    """A law of whole substitutions: one of several tuples of tokens.

    A template of w wildcards gets the first w tokens of a tuple, given that its own regular tokens
    are not among these.

    Args:
        tuples: of equal length, each of different tokens: ``0`` to ``symbols - 1`` are generated
            symbols, the ones from there on the named tokens.
        probabilities: of the tuples, scaled to sum to 1; equal where left out.
        symbols: the number of generated symbols; as many as occur where left out.
        named: regular tokens of the task.

    Raises:
        InvalidInputError: tuples of unequal length, of tokens that repeat or that there are not;
            probabilities that are negative, not finite, all 0, or not one for each tuple.

    >>> neighbours = Tuples([(0, 1), (1, 2), (2, 0)])
    >>> neighbours.distinct(2).diversity, neighbours.distinct(1).diversity
    (1.5, 3.0)
    """

    def __init__(
        self,
        tuples: Sequence[Sequence[int]],
        probabilities: Sequence[float] | None = None,
        *,
        symbols: int | None = None,
        named: Sequence[str] = (),
    ) -> None:
        if not len(tuples) or len({len(one) for one in tuples}) > 1:
            raise InvalidInputError("tuples", tuples, "give tuples of one length, one at least")
        given = np.array(tuples, dtype=np.int64).reshape(len(tuples), -1)
        most = int(given.max(initial=-1)) + 1 - len(named)
        self._setup(max(most, 0) if symbols is None else symbols, named)
        size = self.symbols + len(self.named)
        repeats = any(len(set(row)) < len(row) for row in given.tolist())
        if repeats or given.min(initial=0) < 0 or given.max(initial=0) >= max(size, 1):
            raise InvalidInputError("tuples", tuples, f"give different tokens from 0 to {size - 1}")
        weights = np.ones(len(given)) if probabilities is None else np.array(probabilities, float)
        if weights.shape != (len(given),) or not (
            np.isfinite(weights).all() and (weights >= 0.0).all() and weights.sum() > 0.0
        ):
            raise InvalidInputError(
                "probabilities", probabilities, "give a number of at least 0 a tuple, not all 0"
            )
        self.tuples = given
        self.probabilities: Float64[np.ndarray, " q"] = weights / weights.sum()

    def distinct(self, draws: int, excluded: Collection[str] = ()) -> DistinctTokens:
        """The first tokens of tuples that avoid the excluded ones.

        Raises:
            InvalidInputError: tuples are too short, or none of them avoids the excluded ones.
        """
        if draws > self.tuples.shape[1]:
            raise InvalidInputError(
                "alphabet", self, f"{draws} wildcards need tuples of at least {draws} tokens"
            )
        first = self.tuples[:, :draws]
        kept = np.concatenate([np.ones(self.symbols, dtype=bool), self._kept(excluded)])
        possible = kept[first].all(axis=1) & (self.probabilities > 0.0)
        if not possible.any():
            raise InvalidInputError("alphabet", self, "give tuples that avoid the templates' own")
        # Named tokens that are excluded are not counted in the codes of those after them.
        place = np.cumsum(kept) - 1
        weights = self.probabilities[possible]
        tuples = place[first[possible]].astype(np.int32)
        return TupleTokens(tuples, weights / weights.sum(), int(kept.sum()))

    def __repr__(self) -> str:
        shown = f", named={self.named!r}" if self.named else ""
        return f"Tuples({len(self.tuples)} of {self.tuples.shape[1]} tokens{shown})"
