"""What tests of the command line share."""

from __future__ import annotations

import json

import pytest

from validation.__main__ import main


def run_json(capsys: pytest.CaptureFixture[str], arguments: str) -> dict[str, object]:
    """The JSON that a command prints; nothing else may be on standard output."""
    assert main([*arguments.split(), "--json"]) == 0
    printed = capsys.readouterr().out

    def refuse(constant: str) -> float:
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(printed, parse_constant=refuse)


def refused_in_one_line(capsys: pytest.CaptureFixture[str], arguments: str, says: str) -> None:
    """That a command ends with exit code 2 and one line that says so, and prints nothing else."""
    assert main(arguments.split()) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert printed.err.startswith("template-kernels: ")
    assert says in printed.err


def is_estimate(e: object) -> bool:
    return isinstance(e, dict) and set(e) == {"value", "error", "kind"} and e["error"] >= 0.0
