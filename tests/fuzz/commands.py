"""Command lines: an answer and status 0, or one line and status 2; never a traceback."""

from __future__ import annotations

import contextlib
import io
import json
import random
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from validation.__main__ import main

_SECONDS = 60
"""Longer than any of these requests should take on a loaded machine."""

_NUMBERS = (
    "0",
    "1",
    "-1",
    "0.5",
    "1e-3",
    "3",
    "1e400",
    "nan",
    "inf",
    "-inf",
    "1e6",
    "x",
    "",
    "1e-320",
)
_WHOLE = "0", "1", "2", "5", "-1", "1.5", "2e1", "1e30", "x", "", "0x10", "٣"
_TEXTS = (
    "AA",
    "AB",
    "BA",
    "ABC",
    "A B",
    "",
    " ",
    "[CLS]",
    "αα",
    "A\x00B",
    "\udce9A",
    "😀A",
    "[b]",
    "=",
    "-",
)
_TEMPLATES = "αα", "αβ", "αβα", "αββ", "aα", "α b", "ω", "[b] α", "αα=1", "", "AB", "Α", "α\udc80"
_LABELLED = (
    "αα=1",
    "αβ=-1",
    "aα=2",
    "αα=nan",
    "αβ=1e400",
    "αβ=",
    "=1",
    "αβ",
    "αα=1e300",
    "ββ=0",
    "α=x",
)
_NAMES = (
    "mlp",
    "transformer",
    "cos",
    "relu",
    "tanh",
    "erf",
    "none",
    "same-different",
    "aba-abb",
    "\udcff",
)
_TASKS = "same-different", "aba-abb", "nothing", "", "\udcff"


def check(rng: random.Random) -> str | None:
    """One command line; what is wrong with how it ends, if anything is."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = list(_line(rng, Path(folder)))
        return _ending(arguments)


def _ending(arguments: list[str]) -> str | None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")

    def late(_: int, __: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(_SECONDS)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main(arguments)
    except TimeoutError:
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


def _line(rng: random.Random, folder: Path) -> Iterator[str]:
    """A command, its arguments, and options that may or may not be its own."""
    command = rng.choice(["kernel", "matrix", "ridge", "task", "derivatives", "separate", "plan"])
    yield command
    match command:
        case "kernel":
            yield from rng.choices(_TEXTS, k=rng.choice([2, 2, 2, 1]))
        case "matrix" | "separate":
            yield from rng.choices(_TEMPLATES, k=rng.randint(0, 3))
        case "ridge" | "plan":
            yield from rng.choices(_LABELLED, k=rng.randint(1, 3))
            yield from ("--samples", rng.choice(_WHOLE)) if rng.random() < 0.8 else ()
            yield from ("--alphabet", rng.choice(_WHOLE)) if rng.random() < 0.8 else ()
        case "task":
            yield from rng.choices(_TASKS, k=rng.randint(0, 1))
        case "derivatives":
            yield from rng.choices(_TEXTS, k=2)
    for _ in range(rng.choice([0, 1, 1, 2])):
        option = rng.choice(["--beta", "--gamma", "--b1", "--tolerance", "--ridge", "--noise"])
        yield from (option, rng.choice(_NUMBERS))
    for option, values in {
        "--kernel": _NAMES,
        "--activation": _NAMES,
        "--depth": _WHOLE,
        "--seed": _WHOLE,
        "--task": _TASKS,
        "--order": _WHOLE,
    }.items():
        if rng.random() < 0.15:
            yield from (option, rng.choice(values))
    if command == "separate" and rng.random() < 0.3:
        yield from ("--save", str(folder / rng.choice(["c.json", "no/c.json", "", "n" * 300])))
    if rng.random() < 0.5:
        yield "--json"
