"""Progress on standard error, for what may take long."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn, track

T = TypeVar("T")


def bar(items: Sequence[T], title: str, *, shown: bool) -> Iterable[T]:
    """The items, with a bar that says how many have been taken.

    >>> sum(bar([1, 2], "numbers", shown=False))
    3
    """
    if not (shown and items):
        return items
    return track(items, title, console=Console(stderr=True))


@contextmanager
def counter(title: str, *, shown: bool) -> Iterator[Callable[[int, float], None]]:
    """A line for an iteration whose length nobody knows: its steps so far and its residual.

    >>> with counter("conjugate gradients", shown=False) as tell:
    ...     tell(3, 1e-4)
    """
    columns = TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), disable=not shown) as line:
        task = line.add_task(title, total=None)

        def tell(steps: int, residual: float) -> None:
            line.update(task, description=f"{title}: step {steps}, residual {residual:.1e}")

        yield tell
