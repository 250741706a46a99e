"""The two forms of output: JSON, and tables for people with text as it is and all digits."""

from __future__ import annotations

import codecs
import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import cast

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
