"""The law of a substitution: tokens that are distinct (Definitions 3.1 and 3.2)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property

import numpy as np
from jaxtyping import Float, Float64, Int32

from kernels.boundary.exceptions import InvalidInputError
from kernels.boundary.memory import require_memory


class DistinctTokens(ABC):
    """A law on tuples of ``draws`` distinct tokens 0, 1, ....

    That of the two laws here is of independent draws, given that all differ: a tuple t_1, ..., t_w
    has probability proportional to p(t_1) ... p(t_w). That of `theory.tuple_law` is any.
    """

    draws: int

    @property
    @abstractmethod
    def diversity(self) -> float:
        """One over the largest probability, among all tokens, of being drawn (Def. 4.2)."""

    @abstractmethod
    def sample(self, n: int, rng: np.random.Generator) -> Int32[np.ndarray, "n w"]:
        """``n`` independent tuples."""


class UniformDistinct(DistinctTokens):
    """Draws without replacement from ``size`` equally likely tokens.

    >>> law = UniformDistinct(size=10, draws=2)
    >>> law.diversity
    5.0
    >>> law.sample(3, np.random.default_rng(0)).shape
    (3, 2)
    """

    def __init__(self, size: int, draws: int) -> None:
        self.size = size
        self.draws = draws

    @property
    def diversity(self) -> float:
        """``size / draws``."""
        return self.size / self.draws if self.draws else float("inf")

    def sample(self, n: int, rng: np.random.Generator) -> Int32[np.ndarray, "n w"]:
        """``n`` tuples, each by w uniform ranks."""
        result = np.empty((n, self.draws), dtype=np.int32)
        lower: list[Int32[np.ndarray, " n"]] = []  # the earlier draws of each row, in order
        for j in range(self.draws):
            # A uniform rank among the tokens not drawn yet; passing each earlier draw that is
            # not larger turns the rank into the token, so nothing is ever rejected.
            token = rng.integers(self.size - j, size=n, dtype=np.int32)
            for earlier in lower:
                token += token >= earlier
            result[:, j] = token
            for i, earlier in enumerate(lower):
                lower[i], token = np.minimum(earlier, token), np.maximum(earlier, token)
            lower.append(token)
        return result


class WeightedDistinct(DistinctTokens):
    """Draws from any law, through the elementary symmetric polynomials e_j of its weights.

    Sampling has no rejection, so it ends however few tokens carry the weight. The set drawn has
    probability prod p / e_w. With the tokens in a fixed order, its last member is t with
    probability p_t e_{w-1}(p_1..p_{t-1}) / e_w, whose distribution function is
    e_w(p_1..p_t) / e_w: an inversion of a table of e_w. Given t, the rest is the same problem
    with w - 1 draws from the tokens before t. A random order of the set makes it a tuple.

    Args:
        weights: nonnegative, not necessarily summing to 1.
        draws: the number w of tokens in a tuple.

    Raises:
        InvalidInputError: fewer than ``draws`` tokens have enough weight to be drawn together.
        TooLargeError: the tables would not fit in memory.

    >>> law = WeightedDistinct(np.array([0.5, 0.25, 0.25]), draws=2)
    >>> law.inclusion
    array([0.8, 0.6, 0.6])
    """

    def __init__(self, weights: Float64[np.ndarray, " m"], draws: int) -> None:
        require_memory(
            "alphabet", len(weights), 8.0 * len(weights) * (draws + 4), "use a smaller alphabet"
        )
        self.draws = draws
        # Ascending, so that small terms are summed first; scaled, so that e_w neither over- nor
        # underflows for any law with draws or more comparable weights.
        self._order = np.argsort(weights, kind="stable").astype(np.int32)
        largest = float(weights.max(initial=0.0))
        self._weights = weights[self._order] / (largest or 1.0)
        self._prefix = _symmetric_prefixes(self._weights, draws)
        if draws and not self._prefix[draws][-1:].sum() > 0.0:
            raise InvalidInputError(
                "alphabet",
                int(np.count_nonzero(weights)),
                f"at least {draws} tokens need a positive probability, and one large enough that "
                "drawing them together is possible in floating point",
            )

    @property
    def diversity(self) -> float:
        """One over the inclusion of the heaviest token."""
        if not self.draws:
            return float("inf")
        # Inclusion grows with the weight: for weights p > q, with e' taken over the other
        # tokens, the difference is (p - q) e'_{w-1} / e_w. So the heaviest token decides.
        rest = self._prefix[self.draws - 1][-2] if len(self._weights) > 1 else 1.0
        return float(self._prefix[self.draws][-1] / (self._weights[-1] * rest))

    @cached_property
    def inclusion(self) -> Float[np.ndarray, " m"]:
        """The probability of each token of being among those drawn.

        A token's is p_t e_{w-1}(the others) / e_w, and e_{w-1}(the others) a sum of products of
        e_j(the earlier) and e_{w-1-j}(the later): positive terms only, so nothing cancels.
        """
        if not self.draws:
            return np.zeros(len(self._weights))
        before = [np.concatenate([[float(j == 0)], e[:-1]]) for j, e in enumerate(self._prefix)]
        later = _symmetric_prefixes(self._weights[::-1], self.draws)
        after = [np.concatenate([[float(j == 0)], e[:-1]])[::-1] for j, e in enumerate(later)]
        others = sum(
            (before[j] * after[self.draws - 1 - j] for j in range(self.draws)),
            start=np.zeros(len(self._weights)),
        )
        result = np.empty(len(self._weights))
        result[self._order] = self._weights * others / self._prefix[self.draws][-1]
        return result

    def sample(self, n: int, rng: np.random.Generator) -> Int32[np.ndarray, "n w"]:
        """``n`` tuples, each by w inversions of a distribution function."""
        places = np.empty((n, self.draws), dtype=np.int32)
        before = np.full(n, len(self._weights))  # the place drawn last; those before it are left
        for j in range(self.draws, 0, -1):
            total = self._prefix[j][before - 1]
            # random() < 1, but the product may round up to the total: the largest number below
            # it is then still inside the table.
            level = np.minimum(rng.random(n) * total, np.nextafter(total, 0.0))
            before = np.searchsorted(self._prefix[j], level, side="right")
            places[:, j - 1] = before
        if self.draws > 1:
            places = rng.permuted(places, axis=1)
        return self._order[places]


def _symmetric_prefixes(
    weights: Float[np.ndarray, " m"], degree: int
) -> list[Float[np.ndarray, " m"]]:
    """``e_j(weights[0], ..., weights[t])`` for each t, for j = 0 to ``degree``.

    The recurrence e_j(..t) = e_j(..t-1) + p_t e_{j-1}(..t-1) adds nonnegative terms only.
    """
    prefixes = [np.ones(len(weights))]
    for _ in range(degree):
        terms = np.zeros(len(weights))
        terms[1:] = weights[1:] * prefixes[-1][:-1]
        if len(prefixes) == 1:
            terms[0] = weights[0]
        prefixes.append(np.cumsum(terms))
    return prefixes
