"""One mutant against its tests: in a copy of the project, in a process that can be stopped."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path

import pytest

from tests.mutation.forked import NOT_PUT_IN, ManyMutants, limit_processor_time, status_of
from tests.mutation.mutant import Mutant

_COPIED = "kernels", "theory", "validation", "tests", "pyproject.toml", "template_kernels.py"
_OPTIONS = "-q", "-p", "no:cacheprovider", "-p", "no:xdist"
_OPTIONS += "-W", "ignore::pytest.PytestAssertRewriteWarning"  # loaded before the fork


class Outcome(StrEnum):
    """How a trial can end."""

    KILLED = "killed"
    TIMEOUT = "timeout"
    SURVIVED = "survived"


def _outcome(status: int | None) -> Outcome:
    if status is None:
        return Outcome.TIMEOUT
    return Outcome.SURVIVED if status == 0 else Outcome.KILLED


class _Failures:
    """A plugin of pytest that writes down which tests fail."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._names: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._names.append(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self._path.write_text("\n".join(self._names), encoding="utf-8")


class Copy:
    """A copy of the project, in which one file at a time is another.

    Args:
        project: its root, which stays as it is.
        folder: where the copy is made.
    """

    def __init__(self, project: Path, folder: Path) -> None:
        self.folder = folder
        self._left_out: dict[tuple[str, ...], list[str]] = {}
        ignored = shutil.ignore_patterns("__pycache__")
        for name in _COPIED:
            source = project / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=ignored)
            else:
                shutil.copy(source, folder / name)

    def tried(
        self, mutants: Sequence[Mutant], tests: Sequence[str], limit: float, total: float
    ) -> Iterator[tuple[Mutant, Outcome, float]]:
        """How the tests take each mutant, and the seconds; those beyond the total are left out.

        All are put into one process that has collected the tests; those that survive there are
        tried in one of their own.
        """
        began = time.monotonic()
        results = self.folder / "results"
        results.unlink(missing_ok=True)
        plugin = ManyMutants(self.folder, mutants, limit, began + total, results)
        self._forked(tests, total + 2.0 * limit, plugin)
        lines = results.read_text(encoding="utf-8").splitlines() if results.exists() else []
        for mutant, line in zip(mutants, lines, strict=False):
            status, seconds = json.loads(line)
            if status in (0, NOT_PUT_IN):
                before = time.monotonic()
                status = self._alone(mutant, tests, limit)
                seconds = time.monotonic() - before
            yield mutant, _outcome(status), seconds

    def _alone(self, mutant: Mutant, tests: Sequence[str], limit: float) -> int | None:
        """The status of the tests in a process that has the mutant from the start."""
        file = self.folder / mutant.path
        source = file.read_text(encoding="utf-8")
        try:
            file.write_text(mutant.applied(source), encoding="utf-8")
            self._forget(file)
            return self._forked(tests, limit)
        finally:
            file.write_text(source, encoding="utf-8")
            self._forget(file)

    def prepare(self, tests: Sequence[str], limit: float) -> int | None:
        """Run the tests without a fault, which also compiles all; those that fail are left out.

        They are about the checks of types, without which mutants are tried.

        Returns:
            How many fail; None where something else goes wrong, or takes longer than ``limit``.
        """
        failing = self.folder / "failing"
        failing.unlink(missing_ok=True)
        status = self._forked(tests, limit, _Failures(failing))
        if status not in (0, 1) or not failing.exists():
            return None
        names = failing.read_text(encoding="utf-8").splitlines()
        self._left_out[tuple(tests)] = [f"--deselect={name}" for name in names]
        return len(names)

    def _forked(
        self, tests: Sequence[str], limit: float, plugin: _Failures | ManyMutants | None = None
    ) -> int | None:
        """Pytest's exit status in the copy; None where it took longer than the limit.

        The process is forked from this one, which has loaded what all tests load. The first test
        that fails ends it, but where the plugin is to write down all.
        """
        child = os.fork()
        if child == 0:
            if plugin is None:
                limit_processor_time(limit)
            self._become_pytest(tests, plugin)
        return status_of(child, limit)

    def _become_pytest(self, tests: Sequence[str], plugin: _Failures | ManyMutants | None) -> None:
        status = 99
        try:
            os.setsid()
            os.chdir(self.folder)
            os.environ["UNCHECKED_TYPES"] = "1"
            for name in [name for name in sys.modules if name.split(".")[0] == "tests"]:
                del sys.modules[name]  # the copy has its own
            sys.path[:] = [str(self.folder), *(p for p in sys.path if p not in ("", os.curdir))]
            # What is compiled from a fault must not be found by the next trial.
            sys.dont_write_bytecode = not isinstance(plugin, _Failures)
            said = os.open("said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(said, 1)
            os.dup2(said, 2)
            options = [*_OPTIONS, *self._left_out.get(tuple(tests), [])]
            if not isinstance(plugin, _Failures):
                options.append("-x")
            plugins = [] if plugin is None else [plugin]
            status = int(pytest.main([*options, *tests], plugins=plugins))
            sys.stdout.flush()
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(status)

    def _forget(self, file: Path) -> None:
        """Remove what was compiled from a file: its time and size may not tell it is another."""
        for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*"):
            compiled.unlink()
