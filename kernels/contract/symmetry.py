"""Which pairs of strings a kernel provably cannot tell apart: the whole protocol in one object."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable

import numpy as np
from jaxtyping import Int32

from kernels.attention.symmetry.multigraph import multigraph_key, multigraph_pattern
from kernels.attention.tensor_network.positionless import positionless_key, positionless_pattern
from kernels.strings.pairs import unique_patterns
from kernels.strings.patterns import Pattern


class Symmetry(ABC):
    """A partition of joint patterns into classes on which a kernel is constant.

    A kernel names its symmetry once, `Kernel.symmetry`; what wraps a kernel forwards that.
    """

    @abstractmethod
    def key(self, pattern: Pattern) -> Hashable:
        """The class of a pattern, as nested tuples of integers."""

    def representative(self, pattern: Pattern) -> Pattern:
        """One pattern that stands for the class, the same for each pattern in it.

        What a sampling estimator gives for a class must not depend on who asked first.
        """
        return pattern

    def classes(
        self, x: Int32[np.ndarray, "n k"], y: Int32[np.ndarray, "m k"]
    ) -> tuple[list[Pattern], Int32[np.ndarray, "n m"]]:
        """Patterns that stand for all pairs of encoded strings, and the index of each pair's.

        There may be several patterns of one class; a symmetry that sees little of a pair gives
        fewer than the distinct patterns.
        """
        return unique_patterns(x, y)


class TokenSymmetry(Symmetry):
    """Tokens may be permuted, and the two strings exchanged (Def. C.1): what all kernels have.

    >>> TokenSymmetry().key(Pattern.of("AB", "BC")) == TokenSymmetry().key(Pattern.of("XY", "YZ"))
    True
    """

    def key(self, pattern: Pattern) -> Hashable:
        """The pattern itself."""
        return pattern.x, pattern.y


class PositionSymmetry(Symmetry):
    """Tokens may be permuted, and the positions of both strings by one permutation.

    >>> symmetry = PositionSymmetry()
    >>> symmetry.key(Pattern.of("AAB", "CDE")) == symmetry.key(Pattern.of("BAA", "ECD"))
    True
    """

    def key(self, pattern: Pattern) -> Hashable:
        """The multigraph that joins the two tokens of each position, up to isomorphism."""
        return multigraph_key(pattern)

    def representative(self, pattern: Pattern) -> Pattern:
        """The canonical pattern of the multigraph."""
        return multigraph_pattern(pattern)


class CountSymmetry(Symmetry):
    """Tokens may be permuted, and the positions of each string on their own.

    >>> symmetry = CountSymmetry()
    >>> symmetry.key(Pattern.of("AAB", "CDE")) == symmetry.key(Pattern.of("ABA", "EDC"))
    True
    """

    def key(self, pattern: Pattern) -> Hashable:
        """How often tokens occur in each string."""
        return positionless_key(pattern)

    def representative(self, pattern: Pattern) -> Pattern:
        """The canonical pattern of the counts."""
        return positionless_pattern(pattern)


class AgreementSymmetry(Symmetry):
    """All that counts is at how many positions the strings agree.

    >>> AgreementSymmetry().key(Pattern.of("AAB", "AXY"))
    (2, 4)
    """

    def key(self, pattern: Pattern) -> Hashable:
        """The number of agreements, and of positions, ``[CLS]`` included."""
        return pattern.agreements, pattern.length

    def classes(
        self, x: Int32[np.ndarray, "n k"], y: Int32[np.ndarray, "m k"]
    ) -> tuple[list[Pattern], Int32[np.ndarray, "n m"]]:
        """One pair for each number of agreements: long strings have nearly as many patterns."""
        agreements = np.zeros((len(x), len(y)), dtype=np.int32)
        for a, b in zip(x.T, y.T, strict=True):
            agreements += a[:, None] == b[None, :]
        _, first, index = np.unique(agreements, return_index=True, return_inverse=True)
        pairs = (divmod(place, len(y)) for place in first.tolist())
        patterns = [Pattern.of_codes(x[i].tolist(), y[j].tolist()) for i, j in pairs]
        return patterns, index.reshape(agreements.shape).astype(np.int32)
