"""Another package named ``kernels`` in the place of this one's."""

from __future__ import annotations

import importlib.machinery
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from validation import installation

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("hidden", [True, False], ids=["hidden", "overwritten"])
def test_foreign_kernels_are_noticed(tmp_path: Path, hidden: bool) -> None:
    """Another package named ``kernels``, found before ours or written over ours."""
    for package in ("kernels", "theory", "validation"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    place = tmp_path / "other" / "kernels" if hidden else tmp_path / "kernels"
    place.mkdir(parents=True, exist_ok=True)
    (place / "__init__.py").write_text("raise RuntimeError('this is not ours')\n")
    path = [str(tmp_path / "other"), str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "validation", "task"],
        cwd=tmp_path / "theory",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "environment of its own" in done.stderr


def test_our_kernels_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert installation.foreign_kernels() is None
    monkeypatch.setattr(installation, "find_spec", lambda _: None)
    assert "not found" in str(installation.foreign_kernels())
    spec = importlib.machinery.ModuleSpec("kernels", None, origin="/elsewhere/kernels/__init__.py")
    monkeypatch.setattr(installation, "find_spec", lambda _: spec)
    assert "/elsewhere/kernels" in str(installation.foreign_kernels())
