"""A folder of pictures, each with the data that it shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from kernels.atomic_write import write_aside

_UNDATED = {"svg": {"Date": None}, "png": {}}
"""No date in the files, so that the same data give the same file."""


class Gallery:
    """Writes pictures and tables into a folder.

    Args:
        folder: one that is there.
        write: writes a file there, whole or not at all.

    Attributes:
        stems: the names of the pictures written so far.
    """

    def __init__(
        self, folder: Path, write: Callable[[Path, str | bytes], None] = write_aside
    ) -> None:
        self.stems: list[str] = []
        self._folder = folder
        self._write = write

    def save(
        self, figure: Figure, stem: str, header: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Write ``stem.svg``, ``stem.png`` and the data in ``stem.csv``."""
        for suffix, metadata in _UNDATED.items():
            picture = io.BytesIO()
            figure.savefig(picture, format=suffix, metadata=metadata)
            self._write(self._folder / f"{stem}.{suffix}", picture.getvalue())
        self.table(stem, header, rows)
        self.stems.append(stem)

    def table(self, stem: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Write ``stem.csv``; floats keep all their digits."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
        self._write(self._folder / f"{stem}.csv", text.getvalue())
