"""Evidence that is drawn or tabulated: named columns of equal length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Entry = float | int | str
"""What stands in a column."""


@dataclass(frozen=True)
class Series:
    """A table of evidence under a name that programs rely on.

    Attributes:
        name: the key, such as ``"conditioning"``.
        columns: the entries of each column, by its name.

    Raises:
        ValueError: columns of different lengths.

    >>> series = Series("gap", {"symbols": (30, 300), "gap": (0.5, 0.1)})
    >>> series.rows()
    [(30, 0.5), (300, 0.1)]
    """

    name: str
    columns: Mapping[str, tuple[Entry, ...]]

    def __post_init__(self) -> None:
        if len({len(column) for column in self.columns.values()}) > 1:
            raise ValueError(f"the columns of {self.name!r} are of different lengths")

    @classmethod
    def of_rows(cls, name: str, columns: Sequence[str], rows: Sequence[Sequence[Entry]]) -> Series:
        """A table given row by row.

        >>> Series.of_rows("gap", ["symbols", "gap"], [[30, 0.5], [300, 0.1]]).columns["gap"]
        (0.5, 0.1)
        """
        return cls(name, {key: tuple(row[i] for row in rows) for i, key in enumerate(columns)})

    def rows(self) -> list[tuple[Entry, ...]]:
        """The table row by row."""
        return list(zip(*self.columns.values(), strict=True))

    def to_json(self) -> dict[str, list[Entry]]:
        """The columns."""
        return {key: list(column) for key, column in self.columns.items()}

    @classmethod
    def from_json(cls, name: str, columns: Mapping[str, Sequence[Any]]) -> Series:
        """What `to_json` gave.

        >>> series = Series("gap", {"symbols": (30, 300), "gap": (0.5, 0.1)})
        >>> Series.from_json("gap", series.to_json()) == series
        True
        """
        return cls(name, {key: tuple(column) for key, column in columns.items()})
