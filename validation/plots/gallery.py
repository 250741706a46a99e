"""A folder of pictures, each with the data that it shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from kernels.atomic_write import write_aside

_UNDATED = {"svg": {"Date": None}, "png": {}}
"""No date in the files, so that the same data give the same file."""


class Gallery:
    """Writes pictures and tables into a folder.

    Args:
        folder: made where missing.

    Attributes:
        stems: the names of the pictures written so far.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stems: list[str] = []

    def save(
        self, figure: Figure, stem: str, header: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Write ``stem.svg``, ``stem.png`` and the data in ``stem.csv``."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for suffix, metadata in _UNDATED.items():
            figure.savefig(self.folder / f"{stem}.{suffix}", metadata=metadata)
        self.table(stem, header, rows)
        self.stems.append(stem)

    def table(self, stem: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Write ``stem.csv``; floats keep all their digits."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
        write_aside(self.folder / f"{stem}.csv", text.getvalue())
