"""Independent random streams, one a pattern, all from one seed."""

from __future__ import annotations

import hashlib

from kernels.strings.patterns import Pattern


def entropy(seed: int, pattern: Pattern) -> int:
    """128 bits that depend on the seed and the pattern alone.

    An estimate is then the same whichever patterns stand beside it, in whatever order and on
    however many workers, and estimates of different patterns are independent.

    >>> entropy(0, Pattern.of("A", "B")) == entropy(0, Pattern.of("P", "Q"))
    True
    >>> entropy(0, Pattern.of("A", "B")) == entropy(0, Pattern.of("A", "A"))
    False
    """
    text = repr((seed, pattern.x, pattern.y)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=16).digest(), "little")
