"""Columns by name from a file of comma-separated values, and such a file with more columns."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kernels import InvalidInputError
from kernels.atomic_write import write_aside


@dataclass(frozen=True)
class Columns:
    """The cells of a file, and where they stand in it.

    Attributes:
        path: the file.
        names: its header.
        rows: the cells of each row that is not empty.
        lines: the line on which each row ends, as editors number them.
    """

    path: Path
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    @classmethod
    def read(cls, path: Path) -> Columns:
        """Read a file in UTF-8 whose first line names the columns; ``.tsv`` has tabs for commas.

        Raises:
            InvalidInputError: no text in UTF-8, no header or one that repeats a name, no rows, or
                a row of more or fewer cells than the header.
            OSError: the file cannot be read.
        """
        try:
            text = path.read_text(encoding="utf-8-sig")
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(path))
            read = [(tuple(row), reader.line_num) for row in reader if row]
        except (UnicodeDecodeError, csv.Error) as error:
            raise InvalidInputError(
                "data", str(path), f"give a CSV file in UTF-8: {error}"
            ) from None
        if len(read) < 2:
            raise InvalidInputError("data", str(path), "give a line of names and at least one row")
        (names, _), *body = read
        if len(set(names)) < len(names):
            raise InvalidInputError("data", str(path), f"two columns have one name: {list(names)}")
        for row, line in body:
            if len(row) != len(names):
                fault = f"line {line} has {len(row)} cells, and the header {len(names)}"
                raise InvalidInputError("data", str(path), f"{fault}; quote cells that hold commas")
        rows, lines = zip(*body, strict=True)
        return cls(path, names, rows, lines)

    def texts(self, name: str, argument: str) -> list[str]:
        """The cells of a column.

        Args:
            name: of the column.
            argument: what named it; errors say so.

        Raises:
            InvalidInputError: no such column.
        """
        if name not in self.names:
            known = ", ".join(map(repr, self.names))
            raise InvalidInputError(argument, name, f"{self.path} has the columns {known}")
        place = self.names.index(name)
        return [row[place] for row in self.rows]

    def numbers(self, name: str, argument: str) -> list[float]:
        """The cells of a column as finite numbers.

        Raises:
            InvalidInputError: no such column, or a cell that is no finite number, with its line.
        """
        found = []
        for cell, line in zip(self.texts(name, argument), self.lines, strict=True):
            try:
                number = float(cell)
            except ValueError:
                number = math.nan
            if not math.isfinite(number):
                fault = f"{cell!r} in line {line} of {self.path} is no finite number"
                raise InvalidInputError(
                    argument, name, f"{fault}; leave the row out, or fill it in"
                )
            found.append(number)
        return found

    def write_with(self, path: Path, added: Mapping[str, Sequence[float]]) -> None:
        """Write the file with columns added, every digit kept.

        Raises:
            InvalidInputError: the file has a column of such a name; what `write_aside` refuses.
            OSError: it cannot be written.
        """
        taken = [name for name in added if name in self.names]
        if taken:
            remedy = f"{self.path} has a column {taken[0]!r} already; rename that one"
            raise InvalidInputError("predict", str(self.path), remedy)
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=_delimiter(path), lineterminator="\n")
        writer.writerow([*self.names, *added])
        numbers = zip(*added.values(), strict=True)
        for row, more in zip(self.rows, numbers, strict=True):
            writer.writerow([*row, *(repr(float(number)) for number in more)])
        write_aside(path, text.getvalue())


def _delimiter(path: Path) -> str:
    return "\t" if path.suffix.lower() == ".tsv" else ","
