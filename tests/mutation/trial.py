"""One mutant against its tests: in a copy of the project, in a process that can be stopped."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

import pytest

from tests.mutation.mutant import Mutant

_COPIED = "kernels", "theory", "validation", "tests", "pyproject.toml", "template_kernels.py"
_OPTIONS = "-q", "-p", "no:cacheprovider", "-p", "no:xdist"
_OPTIONS += "-W", "ignore::pytest.PytestAssertRewriteWarning"  # loaded before the fork


class Outcome(StrEnum):
    """How a trial can end."""

    KILLED = "killed"
    TIMEOUT = "timeout"
    SURVIVED = "survived"


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

    def tried(self, mutant: Mutant, tests: Sequence[str], limit: float) -> Outcome:
        """How the tests take the mutant; longer than ``limit`` seconds, they have noticed it."""
        file = self.folder / mutant.path
        source = file.read_text(encoding="utf-8")
        try:
            file.write_text(mutant.applied(source), encoding="utf-8")
            self._forget(file)
            status = self.run(tests, limit)
        finally:
            file.write_text(source, encoding="utf-8")
            self._forget(file)
        if status is None:
            return Outcome.TIMEOUT
        return Outcome.SURVIVED if status == 0 else Outcome.KILLED

    def prepare(self, tests: Sequence[str], limit: float) -> int | None:
        """Run the tests without a fault, which also compiles all; those that fail are left out.

        They are about the checks of types, without which mutants are tried.

        Returns:
            How many fail; None where something else goes wrong, or takes longer than ``limit``.
        """
        failing = self.folder / "failing"
        failing.unlink(missing_ok=True)
        status = self.run(tests, limit, failing=failing)
        if status not in (0, 1) or not failing.exists():
            return None
        names = failing.read_text(encoding="utf-8").splitlines()
        self._left_out[tuple(tests)] = [f"--deselect={name}" for name in names]
        return len(names)

    def run(self, tests: Sequence[str], limit: float, *, failing: Path | None = None) -> int | None:
        """Pytest's exit status in the copy; None where it took longer than ``limit`` seconds.

        The process is forked from this one, which has loaded what all tests load.

        Args:
            tests: files and folders.
            limit: seconds.
            failing: where the names of tests that fail go, one a line; else the first one ends it.
        """
        child = os.fork()
        if child == 0:
            self._become_pytest(tests, failing)
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.05)
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return None

    def _become_pytest(self, tests: Sequence[str], failing: Path | None) -> None:
        status = 99
        try:
            os.setsid()
            os.chdir(self.folder)
            os.environ["UNCHECKED_TYPES"] = "1"
            sys.path[:] = [str(self.folder), *(p for p in sys.path if p not in ("", os.curdir))]
            # What is compiled from a fault must not be found by the next trial.
            sys.dont_write_bytecode = failing is None
            said = os.open("said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(said, 1)
            os.dup2(said, 2)
            options = [*_OPTIONS, *self._left_out.get(tuple(tests), [])]
            plugins = [] if failing is None else [_Failures(failing)]
            if failing is None:
                options.append("-x")
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
