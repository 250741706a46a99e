"""One picture in a file of the user's."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from kernels.atomic_write import write_aside
from kernels.boundary.exceptions import InvalidInputError
from validation.plots.style import styled

_FORMATS = {".svg": {"Date": None}, ".png": {}, ".pdf": {"CreationDate": None}}
"""The endings, and what leaves out the date: the same data give the same file."""


def save_figure(path: Path, draw: Callable[[], Figure]) -> None:
    """Draw in the style of the project, and write the file whole or not at all.

    Args:
        path: its ending says the format.
        draw: makes the picture.

    Raises:
        InvalidInputError: another ending; no place to write.
        OSError: it cannot be written.
    """
    ending = require_format(path)
    picture = io.BytesIO()
    with styled():
        draw().savefig(picture, format=ending[1:], metadata=_FORMATS[ending])
    write_aside(path, picture.getvalue())


def require_format(path: Path) -> str:
    """The ending of a picture's file.

    Raises:
        InvalidInputError: it is none of a format that can be written.
    """
    ending = path.suffix.lower()
    if ending not in _FORMATS:
        raise InvalidInputError("path", str(path), f"end it with {', '.join(_FORMATS)}")
    return ending
