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


def is_estimate(e: object) -> bool:
    return isinstance(e, dict) and set(e) == {"value", "error", "kind"} and e["error"] >= 0.0
