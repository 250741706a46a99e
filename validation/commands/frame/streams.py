"""The standard streams: missing, closed by who reads them, or full."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper


def prepare() -> None:
    """Give the process streams that can be written to, and a width that can be printed in.

    A shell closes a stream with ``>&-``; Python has None for it then. Greek letters may not be in
    the encoding of the output. A width of 0 columns, which some terminals and tools set for
    "unknown", would have every table vanish.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - to the end
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    columns = os.environ.get("COLUMNS", "")
    if columns and not (columns.isdecimal() and int(columns)):
        del os.environ["COLUMNS"]


@contextmanager
def flushed() -> Iterator[None]:
    """Write out what is printed within the context, while a failure can still be told.

    Raises:
        OSError: standard output cannot be written: the disk is full, say.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has gone, `| head` for one.
        _discard()
    except OSError as error:
        _discard()
        raise type(error)(
            error.errno, error.strerror, error.filename or "standard output"
        ) from None


def _discard() -> None:
    """What is still buffered has nowhere to go; the interpreter would try once more at its end."""
    with open(os.devnull, "wb") as nothing:
        os.dup2(nothing.fileno(), sys.stdout.fileno())
