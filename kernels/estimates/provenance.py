"""Where the entries of an array come from: what their errors mean, which methods gave them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from jaxtyping import Float, Shaped, UInt

from kernels.estimates.error import ErrorKind
from kernels.estimates.estimate import Estimate, joined


class Source(NamedTuple):
    """What the error of a number means, and which method gave the number."""

    kind: ErrorKind
    degrees: float
    method: str

    @classmethod
    def of(cls, estimate: Estimate) -> Self:
        """The source of an estimate."""
        return cls(estimate.kind, estimate.error.degrees, estimate.method)

    @classmethod
    def combined(cls, sources: Iterable[Source]) -> Self:
        """The source of a number computed from numbers of these sources."""
        found = list(sources)
        return cls(
            ErrorKind.weakest(one.kind for one in found),
            min((one.degrees for one in found), default=math.inf),
            joined(one.method for one in found),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Provenance:
    """The source of every entry: arrays have many entries and few sources.

    Attributes:
        codes: which of the sources each entry has, in as few bytes as their number needs.
        sources: the sources.
    """

    codes: UInt[np.ndarray, "*shape"]
    sources: tuple[Source, ...]

    @classmethod
    def uniform(cls, source: Source, shape: tuple[int, ...]) -> Self:
        """One source for all entries."""
        return cls(np.broadcast_to(np.uint8(0), shape), (source,))

    @classmethod
    def listed(cls, sources: list[Source]) -> Self:
        """One source for each entry of a one-dimensional array."""
        return cls._distinct(np.arange(len(sources)), sources)

    @classmethod
    def combined(cls, parts: Iterable[Provenance], shape: tuple[int, ...]) -> Self:
        """Of entries computed from the same entry of several arrays, broadcast to a shape."""
        first, *others = parts
        if not others and first.codes.shape == shape:
            return cls(first.codes, first.sources)
        codes, sources = first.codes.astype(np.intp), list(first.sources)
        for other in others:
            codes = np.asarray(codes * len(other.sources) + other.codes)
            pairs: Iterable[tuple[Source, Source]] = itertools.product(sources, other.sources)
            if len(sources) * len(other.sources) > codes.size:  # most pairs do not occur
                used, places = np.unique(codes, return_inverse=True)
                codes = places.reshape(codes.shape)
                split = [divmod(code, len(other.sources)) for code in used.tolist()]
                pairs = [(sources[i], other.sources[j]) for i, j in split]
            sources = [Source.combined(pair) for pair in pairs]
        found = cls._distinct(codes, sources)
        return cls(np.broadcast_to(found.codes, shape), found.sources)

    @classmethod
    def _distinct(cls, codes: Shaped[np.ndarray, "..."], sources: list[Source]) -> Self:
        """Equal sources counted once."""
        numbers = {source: i for i, source in enumerate(dict.fromkeys(sources))}
        smallest = np.min_scalar_type(max(len(numbers) - 1, 0))
        renumbered = np.array([numbers[source] for source in sources], dtype=smallest)
        return cls(np.asarray(renumbered[codes]), tuple(numbers))

    @property
    def weakest(self) -> Source:
        """The source of a number computed from all entries."""
        return Source.combined(self.sources[code] for code in np.unique(self.codes).tolist())

    @property
    def kinds(self) -> Shaped[np.ndarray, "*shape"]:
        """The kind of each entry, as an array of objects."""
        return np.asarray(np.array([one.kind for one in self.sources], dtype=object)[self.codes])

    def item(self) -> Source:
        """The source of the only entry."""
        return self.sources[self.codes.item()]

    def moved(self, move: Callable[[Any], Any]) -> Self:
        """The entries picked or arranged otherwise, by what does so with an array."""
        return type(self)(np.asarray(move(self.codes)), self.sources)

    def settled(self, bounds: Float[np.ndarray, "*shape"]) -> Self:
        """What is exact but has a bound above 0 is from then on proved."""
        exact = np.array([one.kind is ErrorKind.EXACT for one in self.sources], dtype=bool)
        if not exact.any() or not (rounded := exact[self.codes] & (bounds > 0.0)).any():
            return self
        proved = [one._replace(kind=ErrorKind.PROVED) for one in self.sources]
        codes = self.codes.astype(np.intp) + np.where(rounded, len(proved), 0)
        return self._distinct(np.asarray(codes), [*self.sources, *proved])
