"""The fuzz run: some cases, and what it says of implementations that are wrong."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

import tests.fuzz.__main__ as run
from tests.fuzz import commands, fits, values


@pytest.mark.parametrize("name", ["fits", "commands"])
def test_cases_are_right_and_repeat(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main([name, "--case", "3"]) == 0
    assert capsys.readouterr().out == f"{name}: 1 cases, 0 wrong\n"
    first, second = (list(commands._line(random.Random(5), Path("here"))) for _ in range(2))
    assert first == second


def test_a_wrong_value_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "_drawn", lambda *_: (0.0, 1e-9))
    assert "by drawing" in str(run.outcome_of("values", 0, 2))


def test_a_wrong_fit_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    exactly = fits._exactly
    monkeypatch.setattr(fits, "_exactly", lambda *given: [1 + 2 * x for x in exactly(*given)])
    found = [run.outcome_of("fits", 0, case) for case in range(3)]
    assert all("route dense predicts" in str(one) for one in found)


@pytest.mark.parametrize(
    ("printed", "said", "status", "words"),
    [
        ("", "", 1, "status 1"),
        ("half", "template-kernels: no\n", 2, "is refused with"),
        ("", "no\n", 2, "is refused with"),
        ("", "template-kernels: a\nb\n", 2, "is refused with"),
        ("", "Traceback (most recent call last)\n", 0, "status 0"),
        ('{"a": NaN}', "", 0, "no JSON"),
    ],
)
def test_a_wrong_ending_is_told(
    monkeypatch: pytest.MonkeyPatch, printed: str, said: str, status: int, words: str
) -> None:
    def main(_: list[str]) -> int:
        print(printed, end="")
        print(said, end="", file=sys.stderr)
        return status

    monkeypatch.setattr(commands, "main", main)
    assert words in str(commands._ending(["task", "--json"]))


def test_a_traceback_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def main(_: list[str]) -> int:
        raise ZeroDivisionError("1 / 0")

    monkeypatch.setattr(commands, "main", main)
    assert "ends with ZeroDivisionError: 1 / 0" in str(commands._ending(["task"]))
    monkeypatch.setattr(run, "CHECKS", {"values": lambda _: main([])})
    assert "ZeroDivisionError" in str(run.outcome_of("values", 0, 0))
