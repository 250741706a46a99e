"""One run at a time in a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kernels import InvalidInputError
from kernels.atomic_write import remove_leftovers
from kernels.file_lock import locked

_NAME = ".template-kernels-lock"


@contextmanager
def sole_run(folder: Path) -> Iterator[None]:
    """Keep other runs out of a folder; the system lets go of it however this one ends.

    Two runs would compute the same points, and each would remove kernel values that the other
    still reads. What an earlier run that was killed has left half-written is removed.

    Args:
        folder: made where missing.

    Raises:
        InvalidInputError: another run is at work there.
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _NAME
    # Never removed: who waits for a file that another replaces holds a lock on nothing.
    file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    try:
        if not locked(file, wait=False):
            remedy = "another run is at work in this folder; wait for it or give another folder"
            raise InvalidInputError("out", str(folder), remedy)
        for room in _rooms(folder):
            remove_leftovers(room)
        yield
    finally:
        os.close(file)


def _rooms(folder: Path) -> Iterator[Path]:
    """Where a run writes."""
    yield folder
    for room in ("points", "pictures", "tables"):
        yield folder / room
    yield from (path for path in (folder / "points").glob("*") if path.is_dir())
