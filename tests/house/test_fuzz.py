"""The fuzz run: some cases, and what it says of implementations that are wrong."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import tests.fuzz.__main__ as run
from kernels import Pattern
from kernels.attention.proved.balls import Ball
from kernels.estimates import Estimate
from tests.fuzz import balls, commands, fits, values


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
    "change",
    [
        lambda ball: replace(ball, value=ball.value + 1.1 * ball.radius),
        lambda ball: replace(ball, value=ball.value + 0.1),
        lambda ball: replace(ball, truncation=0.0, rounding=0.0),
    ],
)
def test_a_wrong_ball_is_told(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[Ball], Ball]
) -> None:
    """A coarse one that is moved, or has no radius, does not meet the fine one."""
    monkeypatch.setattr(balls, "point", cheap_point)
    assert balls.check(random.Random(1))["against product rule"] == 1  # type: ignore[index]
    coarse = balls.coarse_balls

    def wrong(*given: Any) -> dict[Pattern, Ball]:
        return {pattern: change(ball) for pattern, ball in coarse(*given).items()}

    monkeypatch.setattr(balls, "coarse_balls", wrong)
    assert "do not meet" in str(balls.check(random.Random(1)))


def cheap_point(*_: object) -> tuple[float, float, list[Pattern]]:
    """One pattern, whose truth is cheap."""
    return 1.0, 0.0, [Pattern.of("AB", "BB")]


def test_balls_that_lack_their_truth_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though they meet: the second value is another one."""
    second = balls.second_values

    def moved(*given: Any) -> dict[Pattern, Estimate]:
        return {p: replace(one, value=one.value + 1e-8) for p, one in second(*given).items()}

    monkeypatch.setattr(balls, "point", cheap_point)
    monkeypatch.setattr(balls, "second_values", moved)
    assert "lacks" in str(balls.check(random.Random(1)))


def test_counts_are_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "CHECKS", {"balls": lambda _: Counter(compared=2)})
    assert run.main(["--case", "0"]) == 0
    assert capsys.readouterr().out == "balls: 1 cases, 0 wrong\n  2 compared\n"


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
