"""The command line as a whole: the catalogue, tables for people, help, interruption."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import run_json
from validation.__main__ import main
from validation.commands import kernel as kernel_command
from validation.commands.frame.output import finite

ROOT = Path(__file__).parents[2]


def test_task_prints_a_task_and_the_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "task majority-3")
    labels = {row["template"]: row["label"] for row in found["templates"]}
    assert labels == {"ααα": 1.0, "ααβ": -1.0, "αβα": -1.0, "αββ": -1.0}
    assert "same-different" in run_json(capsys, "task")["tasks"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("kernel", "AA", "BC"),
        ("matrix", "αα", "αβ"),
        ("matrix", "--task", "majority-5", "--kernel", "mlp"),
        ("ridge", "αα=1", "αβ=-1", "--samples", "20", "--alphabet", "10"),
        ("task",),
        ("task", "raven"),
    ],
)
def test_tables_for_people(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    assert main(arguments) == 0
    assert "│" in capsys.readouterr().out


def test_interruption_ends_cleanly(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(kernel_command, "report", interrupted)
    assert main(["kernel", "A", "B"]) == 130
    assert capsys.readouterr().err == "template-kernels: interrupted\n"


def test_help_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    listed = capsys.readouterr().out
    for command in ("kernel", "matrix", "ridge", "task", "reproduce"):
        assert command in listed
        assert main([command, "--help"]) == 0
        assert "--json" in capsys.readouterr().out


def test_numbers_that_json_lacks_become_null() -> None:
    value = {"a": [1.0, math.inf, (math.nan,)], "b": {"c": -math.inf, "d": True}}
    assert finite(value) == {"a": [1.0, None, [None]], "b": {"c": None, "d": True}}


def test_runs_as_a_module_and_imports_little() -> None:
    code = (
        "import sys; from validation.__main__ import main; main(['kernel', 'AA', 'BC']);"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not {"jax", "matplotlib", "sklearn"} & set(done.stdout.split())
    done = subprocess.run(
        [sys.executable, "-m", "validation", "kernel", "AA", "B"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
