"""Another package named ``kernels`` in the place of this one's."""

from __future__ import annotations

import importlib.machinery
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import template_kernels
from validation import __main__ as validation_main

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["kernels", "theory", "validation"])
@pytest.mark.parametrize("hidden", [True, False], ids=["hidden", "overwritten"])
def test_foreign_packages_are_noticed(tmp_path: Path, name: str, hidden: bool) -> None:
    """Another package of one of the names, found before ours or written over ours."""
    shutil.copy(ROOT / "template_kernels.py", tmp_path)
    for package in ("kernels", "theory", "validation"):
        (tmp_path / package).mkdir()
        shutil.copy(ROOT / package / "__init__.py", tmp_path / package)
    place = (tmp_path / "other" if hidden else tmp_path) / name
    place.mkdir(parents=True, exist_ok=True)
    (place / "__init__.py").write_text("raise RuntimeError('this is not ours')\n")
    path = [str(tmp_path / "other"), str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-c", "import sys, template_kernels; sys.exit(template_kernels.main())"],
        cwd=tmp_path / "theory",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert f"'{name}' in {place} is not" in done.stderr
    assert "environment of its own" in done.stderr


def test_our_packages_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert template_kernels.foreign_packages() is None
    monkeypatch.setattr(template_kernels, "find_spec", lambda _: None)
    assert "not found" in str(template_kernels.foreign_packages())
    spec = importlib.machinery.ModuleSpec("kernels", None, origin="/elsewhere/kernels/__init__.py")
    monkeypatch.setattr(template_kernels, "find_spec", lambda _: spec)
    assert "/elsewhere/kernels" in str(template_kernels.foreign_packages())


def test_both_ways_to_the_command_look_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(template_kernels, "find_spec", lambda _: None)
    monkeypatch.setattr(validation_main, "foreign_packages", template_kernels.foreign_packages)
    for run in (template_kernels.main, lambda: validation_main.main(["task"])):
        assert run() == 2
        assert "was not found" in capsys.readouterr().err
