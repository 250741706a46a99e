"""How far the experiment of Theorem 4.4 goes: to so many samples, or for so many seconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter

from kernels.boundary.checks import positive, whole

LARGE = ((400, 64), (400, 256), (800, 512))
"""Samples and symbols where the fitted bound is tested, whatever the user allows."""

_FIRST, _STEP = 1_600, 4
"""Sizes beyond these: the first, and the ratio of each to the one before."""

_MOST_IN_TIME = _FIRST * _STEP**5
"""Samples at most where the user gives seconds alone: 1.6 million."""

Sizes = Sequence[tuple[int, int]]
"""Pairs of samples and symbols."""


def largest_of(sizes: Sizes) -> int:
    """The most samples among sizes."""
    return max(n for n, _ in sizes)


def sizes_up_to(
    large: Sizes, samples: int | None, seconds: float | None = None
) -> list[tuple[int, int]]:
    """Sizes to test the bound at: those given, and larger ones at the same ratios.

    Args:
        large: without a wish.
        samples: the most that the user allows.
        seconds: that the user allows; without ``samples``, the sizes go on far beyond them.

    Raises:
        InvalidInputError: no whole number, or fewer than the least size has; seconds that are not
            above 0.

    >>> sizes_up_to(LARGE, 5_000)[3:]
    [(1600, 256), (1600, 1024), (5000, 800), (5000, 3200)]
    """
    if seconds is not None:
        positive("seconds", seconds)
        samples = _MOST_IN_TIME if samples is None else samples
    if samples is None:
        return list(large)
    most = whole("samples", samples, least=min(n for n, _ in large))
    found = [(n, symbols) for n, symbols in large if n <= most]
    numbers = [_FIRST * _STEP**j for j in range(most.bit_length()) if _FIRST * _STEP**j < most]
    more = [*numbers, most] if most > largest_of(large) else []
    return found + [(n, n * share // 100) for n in more for share in (16, 64)]


def in_time(
    sizes: Sizes,
    measure: Callable[[int, tuple[int, int]], list[float]],
    seconds: float | None,
    *,
    clock: Callable[[], float] = perf_counter,
) -> dict[tuple[int, int], list[float]]:
    """What is measured at each size, in their order, as far as the time allows.

    The sizes of `LARGE` are measured in any case. A further one is begun where it should end in
    time, at the time a sample that the one before took. No number that was measured decides where
    this ends, so that ending favours no verdict.

    Args:
        sizes: ascending in their samples.
        measure: takes the place of a size and the size.
        seconds: for all of them; no limit where left out.
        clock: in seconds.

    >>> list(in_time([(400, 64), (1600, 256)], lambda place, at: [0.1], seconds=1e-9))
    [(400, 64)]
    """
    found: dict[tuple[int, int], list[float]] = {}
    started, a_sample = clock(), 0.0
    for place, (n, symbols) in enumerate(sizes):
        begun = clock()
        ends = begun - started + n * a_sample
        if seconds is not None and n > largest_of(LARGE) and ends > seconds:
            break
        found[n, symbols] = measure(place, (n, symbols))
        a_sample = (clock() - begun) / n
    return found
