"""Laws on tokens from which substitutions are drawn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from jaxtyping import Float64, Int32

from kernels.boundary.checks import nonnegative, whole
from kernels.boundary.exceptions import InvalidInputError
from kernels.strings.encoding import LARGEST_SYMBOL
from theory.substitution import DistinctTokens, UniformDistinct, WeightedDistinct


class TokenLaw(ABC):
    """A law on an alphabet of generated symbols and, possibly, regular tokens of the task.

    Attributes:
        symbols: the number m of generated symbols, ``s1`` to ``sm``.
        named: the regular tokens in the alphabet, which follow the symbols. A template's own
            regular tokens never replace its wildcards (Def. 3.1); those of other templates may.
    """

    symbols: int
    named: tuple[str, ...]

    @abstractmethod
    def distinct(self, draws: int, excluded: Collection[str] = ()) -> DistinctTokens:
        """The law of ``draws`` distinct tokens that avoid the excluded ones.

        Token i < ``symbols`` of the result is symbol s(i+1); the others are the named tokens
        that are not excluded, in their order.
        """

    def codes(
        self, tokens: Int32[np.ndarray, "n w"], named_codes: Int32[np.ndarray, " c"]
    ) -> Int32[np.ndarray, "n w"]:
        """Tokens of `distinct` as codes of a vocabulary with ``symbols`` generated symbols."""
        codes = tokens + np.int32(1)
        if len(named_codes):
            beyond = tokens >= self.symbols
            codes[beyond] = named_codes[tokens[beyond] - self.symbols]
        return codes

    def _setup(self, symbols: int, named: Sequence[str]) -> None:
        self.symbols = whole("symbols", symbols)
        self.named = tuple(named)
        if self.symbols > LARGEST_SYMBOL:
            raise InvalidInputError("symbols", symbols, f"give at most {LARGEST_SYMBOL} symbols")
        if len(set(self.named)) < len(self.named) or not all(self.named):
            raise InvalidInputError("named", self.named, "give different tokens")

    def _kept(self, excluded: Collection[str]) -> list[bool]:
        return [token not in excluded for token in self.named]


class Uniform(TokenLaw):
    """All tokens equally likely: diversity m / w for w wildcards and m tokens (Def. 4.2).

    >>> Uniform(2_000).distinct(2).diversity
    1000.0
    """

    def __init__(self, symbols: int, named: Sequence[str] = ()) -> None:
        self._setup(symbols, named)

    def distinct(self, draws: int, excluded: Collection[str] = ()) -> DistinctTokens:
        """Draws without replacement."""
        size = self.symbols + sum(self._kept(excluded))
        return UniformDistinct(_enough(size, draws), draws)

    def __repr__(self) -> str:
        return f"Uniform({self.symbols}{_shown(self.named)})"


class Categorical(TokenLaw):
    """Any law: one probability for each symbol, then one for each named token.

    Args:
        probabilities: nonnegative, finite, not all 0; scaled to sum to 1.
        named: the tokens to which the last probabilities belong.

    Raises:
        InvalidInputError: no list of numbers; too few of them; one that is negative or not finite;
            all of them 0; or named tokens that repeat.

    >>> Categorical([0.5, 0.25, 0.25]).distinct(1).diversity
    2.0
    """

    def __init__(
        self,
        probabilities: Sequence[float] | Float64[np.ndarray, " m"],
        named: Sequence[str] = (),
    ) -> None:
        if isinstance(probabilities, Mapping):
            raise InvalidInputError(
                "probabilities",
                probabilities,
                "give a list: one number for each generated symbol, then one for each name in "
                'named, as Categorical([0.5, 0.3, 0.2], named=["a"])',
            )
        try:
            given = np.array(probabilities, dtype=np.float64)
        except (TypeError, ValueError):
            raise InvalidInputError("probabilities", probabilities, "give numbers") from None
        if given.ndim != 1 or len(given) < len(named):
            raise InvalidInputError(
                "probabilities", probabilities, "give one number a symbol and one a named token"
            )
        if not (np.isfinite(given).all() and (given >= 0.0).all() and given.sum() > 0.0):
            raise InvalidInputError(
                "probabilities", probabilities, "give finite numbers of at least 0, not all 0"
            )
        self._setup(len(given) - len(named), named)
        self.probabilities: Float64[np.ndarray, " m"] = given / given.sum()

    def distinct(self, draws: int, excluded: Collection[str] = ()) -> DistinctTokens:
        """Draws weighted by the probabilities."""
        weights = self.probabilities
        if self.named:
            keep = np.ones(len(weights), dtype=bool)
            keep[self.symbols :] = self._kept(excluded)
            weights = weights[keep]
        _enough(int(np.count_nonzero(weights)), draws)
        return WeightedDistinct(weights, draws)

    def __repr__(self) -> str:
        return f"Categorical({len(self.probabilities)} probabilities{_shown(self.named)})"


class Zipf(Categorical):
    """Probability proportional to rank to the power of minus ``exponent``.

    Raises:
        InvalidInputError: an argument is out of range, or named tokens repeat.

    >>> law = Zipf(2_000, exponent=1.0)
    >>> round(law.distinct(1).diversity, 3)
    8.178
    """

    def __init__(self, symbols: int, exponent: float = 1.0, named: Sequence[str] = ()) -> None:
        self._setup(symbols, named)
        self.exponent = nonnegative("exponent", exponent)
        if not self.symbols + len(self.named):
            raise InvalidInputError("symbols", symbols, "give at least 1 symbol")
        ranks = np.arange(1, self.symbols + len(self.named) + 1, dtype=np.float64)
        super().__init__(ranks**-self.exponent, named)

    def __repr__(self) -> str:
        return f"Zipf({self.symbols}, {self.exponent:g}{_shown(self.named)})"


def _enough(available: int, draws: int) -> int:
    if available < draws:
        raise InvalidInputError(
            "alphabet", available, f"{draws} wildcards need at least {draws} tokens"
        )
    return available


def _shown(named: tuple[str, ...]) -> str:
    return f", named={named!r}" if named else ""
