"""The two forms of output: JSON, and tables for people with text as it is and all digits."""

from __future__ import annotations

import codecs
import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast

from rich.cells import cell_len
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from validation.commands.frame.streams import flushed

_UNLIMITED = 100_000
"""Columns of what is not a terminal: no line of a file or a pipe is folded."""


class _Console(Console):
    """A console that leaves it to `flushed` what to do where the reader has gone."""

    def on_broken_pipe(self) -> None:
        """Raise, where rich would end the process with status 1."""
        raise BrokenPipeError


def console() -> Console:
    """Standard output, on which no text is markup: ``[a]`` may be two templates of the user's."""
    width = None if sys.stdout.isatty() else _UNLIMITED
    return _Console(width=width, markup=False, emoji=False)


def table(*columns: str | Column, title: str | None = None) -> Table:
    """A table whose cells are folded where they are too wide, and never cut."""
    made = [Column(one, overflow="fold") if isinstance(one, str) else one for one in columns]
    return Table(*made, title=title)


def in_blocks(
    console: Console,
    first: str,
    names: Sequence[str],
    rows: Mapping[str, Sequence[str]],
    title: str,
) -> Iterator[Table]:
    """A table of many columns, as tables below each other that are no wider than the console.

    Args:
        console: where they are printed; the first column stands in each.
        first: its name.
        names: of the other columns.
        rows: the cells of the other columns, by what stands in the first.
        title: of the first table.

    >>> tables = list(in_blocks(Console(width=14), "N", ["a", "b"], {"a": ["0.25", "0.5"]}, ""))
    >>> [one.columns[1].header for one in tables]
    ['a', 'b']
    """
    frame = 3  # a border, and a space on each side
    widths = [
        frame + max(cell_len(name), *(cell_len(cells[i]) for cells in rows.values()))
        for i, name in enumerate(names)
    ]
    room = console.width - 1 - frame - max(map(cell_len, (first, *rows)))
    start = 0
    while start < len(names):
        end = start + 1
        while end < len(names) and sum(widths[start : end + 1]) <= room:
            end += 1
        block = table(first, *names[start:end], title=title if start == 0 else None)
        for name, cells in rows.items():
            block.add_row(name, *cells[start:end])
        yield block
        start = end


def bold(text: object) -> Text:
    """Text that stands out."""
    return Text(str(text), style="bold")


def report(
    payload: Mapping[str, object] | Sequence[object], as_json: bool, show: Callable[[Console], None]
) -> None:
    """Print a result: JSON and nothing else, or for people.

    Args:
        payload: what ``--json`` prints.
        as_json: which of the two.
        show: prints for people.

    Raises:
        OSError: standard output cannot be written.
    """
    with flushed():
        if as_json:
            ascii_only = codecs.lookup(sys.stdout.encoding or "ascii").name != "utf-8"
            print(json.dumps(finite(payload), ensure_ascii=ascii_only, allow_nan=False))
        else:
            show(console())


def finite(value: object) -> object:
    """The value with null for every number that JSON cannot write.

    Raises:
        InvalidInputError: a number that JSON has no name for.

    >>> finite({"a": [1.0, float("inf")], "b": "nan"})
    {'a': [1.0, None], 'b': 'nan'}
    """
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value)
        return {str(key): finite(item) for key, item in items.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    return value
