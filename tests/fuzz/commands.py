"""Command lines: an answer and status 0, or one line and status 2; never a traceback.

The program, which is made anew for each process, is made once for all lines: that alone takes ten
times as long as most of them.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import signal
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FrameType
from unittest import mock

import typer

import validation.commands
from tests.fuzz.command_lines import line
from validation.__main__ import main

_SECONDS = 60
"""Longer than any of these requests should take on a loaded machine."""


def check(rng: random.Random) -> str | None:
    """One command line; what is wrong with how it ends, if anything is."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = list(line(rng, Path(folder)))
        return _ending(arguments) or _half_written(arguments, Path(folder))


def _half_written(arguments: list[str], folder: Path) -> str | None:
    """Files beside those that the line names."""
    named = {Path(argument).name for argument in arguments}
    others = [path.name for path in folder.rglob("*") if path.name not in {"f.csv", *named}]
    return f"{arguments} leaves {others[0]!r} behind" if others else None


@cache
def _program() -> Callable[..., object]:
    return typer.main.get_command(validation.commands.app)


class _Late(BaseException):
    """No command catches it; `TimeoutError` is an `OSError`, which is refused in one line."""


def _ending(arguments: list[str]) -> str | None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")

    def late(_: int, __: FrameType | None) -> None:
        raise _Late

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(_SECONDS)
    try:
        with (
            mock.patch.object(validation.commands, "app", _program()),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            status = main(arguments)
    except _Late:
        return f"{arguments} takes more than {_SECONDS} s"
    except BaseException as error:  # whatever comes here would be a traceback
        return f"{arguments} ends with {type(error).__name__}: {error}"
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    printed, said = (_read(stream) for stream in (out, err))
    fault = _fault(status, printed, said, as_json={"--json"} == {"--json", "--help"} & {*arguments})
    return None if fault is None else f"{arguments} {fault}"


def _fault(status: int, printed: str, said: str, *, as_json: bool) -> str | None:
    """What is wrong with what a command printed and said."""
    refused = status == 2
    one_line = said.startswith("template-kernels: ") and said.rstrip("\n").count("\n") == 0
    if status not in (0, 2) or "Traceback" in printed + said:
        return f"ends with status {status}: {said}"
    if refused and (printed or not one_line):
        return f"is refused with {printed!r}, {said!r}"
    if as_json and not refused:
        try:
            json.loads(printed, parse_constant=_refuse)
        except ValueError as error:
            return f"prints what is no JSON ({error}): {printed[:200]!r}"
    return None


def _read(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number of JSON")
