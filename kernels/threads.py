"""The parts of a large sum, on as many threads as there are processors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from joblib import cpu_count

T = TypeVar("T")


def for_each(work: Callable[[T], None], parts: Iterable[T]) -> None:
    """Call ``work`` with each part; what it computes must not depend on the order.

    NumPy and SciPy let other threads run while they loop over arrays.

    >>> found = [0, 0]
    >>> for_each(lambda i: found.__setitem__(i, i + 1), range(2))
    >>> found
    [1, 2]
    """
    todo = list(parts)
    threads = min(len(todo), cpu_count()) if len(todo) > 1 else 1  # to count takes time
    if threads < 2:
        for part in todo:
            work(part)
        return
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(work, todo):
            pass
