"""Runs that are killed at any moment, and disks that are full at every write."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.validation.storage.small_report import halves, results, write_small
from tests.validation.training.small_training import require_whole, states, train_small

ROOT = Path(__file__).parents[3]


def _with_files_of_the_users(out: Path) -> dict[Path, str]:
    mine = {out / "tables" / "mine.json": '{"result": 1}', out / "pictures" / "mine.txt": "mine"}
    for path, text in mine.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return mine


@pytest.mark.long
def test_a_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    """Every file is whole after every kill, and the last run's are those of a run without one."""
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    mine = _with_files_of_the_users(killed)
    _with_files_of_the_users(whole)
    done = subprocess.run(
        [sys.executable, "-m", "tests.validation.storage.small_report", str(killed), "100", "0"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    write_small(whole)
    assert results(killed) == results(whole)
    assert all(path.read_text() == text for path, text in mine.items())


@pytest.mark.long
def test_training_that_is_killed_goes_on_to_the_same_numbers(tmp_path: Path) -> None:
    """Killed five times, at a random moment after a state was written; all is whole after each."""
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    mine = _with_files_of_the_users(killed)
    rng, kills = random.Random(0), 0
    for _ in range(5):
        running = subprocess.Popen(
            [sys.executable, "-m", "tests.validation.training.small_training", str(killed)],
            cwd=ROOT,
        )
        before = states(killed)
        while running.poll() is None and states(killed) == before:
            time.sleep(0.01)
        time.sleep(rng.uniform(0.0, 0.5))
        running.kill()
        kills += running.wait() != 0
        require_whole(killed)
        assert halves(killed) == []
    assert kills > 1
    assert train_small(killed) == train_small(whole)
    assert states(killed) == {}
    assert {p.name for p in (killed / "points").rglob("*.json")} == {
        p.name for p in (whole / "points").rglob("*.json")
    }
    assert all(path.read_text() == text for path, text in mine.items())


class FullDisk:
    """A disk on which there is room for some more writes, and then for half of one."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.left = 0
        write, append = Path.write_bytes, os.write

        def write_bytes(path: Path, data: bytes) -> int:
            if self._fits():
                return write(path, data)
            write(path, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        patch.setattr(Path, "write_bytes", write_bytes)
        patch.setattr(os, "write", lambda f, d: append(f, d if self._fits() else d[:3]))

    def _fits(self) -> bool:
        self.left -= 1
        return self.left >= 0


@pytest.mark.parametrize("anew", [False, pytest.param(True, marks=pytest.mark.long)])
def test_a_disk_that_is_full_at_any_write_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, anew: bool
) -> None:
    """There is room for no write, for one, and so on, until a run ends; before, one clear error.

    What was written is kept for the next run, or all is written anew.
    """
    whole = tmp_path / "whole"
    _with_files_of_the_users(whole)
    write_small(whole)
    with monkeypatch.context() as patch:
        disk = FullDisk(patch)
        for room in range(100):
            out = tmp_path / f"filled-{room * anew}"
            disk.left = 10**6
            mine = _with_files_of_the_users(out)
            disk.left = room
            try:
                write_small(out)
            except OSError as error:
                told, number = str(error.filename), error.errno
            else:
                break
            assert number == errno.ENOSPC
            assert str(out) in told
            assert halves(out) == []
    assert room > 4
    assert results(out) == results(whole)
    assert all(path.read_text() == text for path, text in mine.items())
