"""Many mutants in one process that has loaded all: each is put in after a fork.

Of a mutant of a function's body, only the code objects of live functions need be exchanged. What
was computed at import stays as it was without the fault, so a mutant that survives here is tried
once more in a process of its own; so is one outside of functions.
"""

from __future__ import annotations

import gc
import json
import math
import os
import resource
import signal
import time
import warnings
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import CodeType, FunctionType

import pytest

from tests.mutation.mutant import Mutant

NOT_PUT_IN = 97
"""The exit status of a child in which no function has the fault."""


class ManyMutants:
    """A plugin of pytest: in place of the tests, all of them once for each mutant.

    Args:
        folder: the copy of the project.
        mutants: what is tried.
        limit: seconds of each.
        deadline: when no further one is begun, by the monotonic clock.
        results: a file that gets a line for each mutant: the exit status of its tests, null where
            they took longer, and the seconds.
    """

    def __init__(
        self, folder: Path, mutants: Sequence[Mutant], limit: float, deadline: float, results: Path
    ) -> None:
        self._folder = folder
        self._mutants = mutants
        self._limit = limit
        self._deadline = deadline
        self._results = results

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> bool | None:
        """In the parent one child after the other; in a child nothing, so that tests run."""
        for mutant in self._mutants:
            began = time.monotonic()
            if began > self._deadline:
                break
            file = self._folder / mutant.path
            source = file.read_text(encoding="utf-8")
            changed = mutant.applied(source)
            # Processes that tests start must have the fault, too.
            file.write_text(changed, encoding="utf-8")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of threads that libraries may have
                child = os.fork()
            if child == 0:
                os.setsid()
                limit_processor_time(self._limit)
                if put_in(str(file), source, changed):
                    return None
                os._exit(NOT_PUT_IN)
            status = status_of(child, self._limit)
            file.write_text(source, encoding="utf-8")
            with self._results.open("a", encoding="utf-8") as results:
                results.write(json.dumps([status, time.monotonic() - began]) + "\n")
        return True


def limit_processor_time(seconds: float) -> None:
    """End this process after so much time of a processor, however many others wait for it."""
    whole = math.ceil(seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole + 1))


def status_of(child: int, limit: float) -> int | None:
    """The exit status of a process; None where it took too long.

    Args:
        child: a process that `limit_processor_time` ends, and that leads a group of its own.
        limit: seconds of a processor; of time, ten times as many.
    """
    deadline = time.monotonic() + 10.0 * limit
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            found = os.waitstatus_to_exitcode(status)
            return None if found in (-signal.SIGXCPU, -signal.SIGKILL) else found
        time.sleep(0.05)
    with suppress(ProcessLookupError):  # it has ended just now
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def put_in(path: str, source: str, changed: str) -> bool:
    """Exchange the code of the functions that a change of their file changes.

    Args:
        path: of the file, from which its functions were loaded.
        source: what it holds.
        changed: what it should hold.

    Returns:
        Whether there is such a function; where not, or where one cannot be exchanged, nothing is
        said of the change.
    """
    exchanged: dict[tuple[str, int], CodeType] = {}
    _compare(compile(source, path, "exec"), compile(changed, path, "exec"), exchanged)
    found = False
    for function in gc.get_objects():
        if isinstance(function, FunctionType) and function.__code__.co_filename == path:
            code = function.__code__
            other = exchanged.get((code.co_qualname, code.co_firstlineno))
            if other is not None:
                try:
                    function.__code__ = other
                except ValueError:  # it closes over more, or less
                    return False
                found = True
    return found


def _compare(old: CodeType, new: CodeType, exchanged: dict[tuple[str, int], CodeType]) -> None:
    """Note the functions in which two versions of a piece of code differ."""
    parts = [[part for part in code.co_consts if isinstance(part, CodeType)] for code in (old, new)]
    if len(parts[0]) != len(parts[1]):
        return
    for before, after in zip(*parts, strict=True):
        _compare(before, after, exchanged)
        if _differ(before, after):
            exchanged[before.co_qualname, before.co_firstlineno] = after


def _differ(old: CodeType, new: CodeType) -> bool:
    """Whether two versions do something else; lines that have moved count for nothing."""
    for part in ("co_code", "co_names", "co_varnames", "co_freevars"):
        if getattr(old, part) != getattr(new, part):
            return True
    if len(old.co_consts) != len(new.co_consts):
        return True
    return any(
        _differ(a, b)
        if isinstance(a, CodeType) and isinstance(b, CodeType)
        else (type(a), repr(a)) != (type(b), repr(b))
        for a, b in zip(old.co_consts, new.co_consts, strict=True)
    )
