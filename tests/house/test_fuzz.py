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
from kernels import AttentionKernel, Pattern
from kernels.attention.proved.balls import Ball
from kernels.estimates import Estimate, Exact
from tests.fuzz import balls, command_lines, commands, fits, values
from tests.fuzz.draws import Draws


@pytest.mark.parametrize("name", ["fits", "commands"])
def test_cases_are_right_and_repeat(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main([name, "--case", "3"]) == 0
    assert capsys.readouterr().out == f"{name}: 1 cases, 0 wrong\n"
    first, second = (list(command_lines.line(random.Random(5), tmp_path)) for _ in range(2))
    assert first == second


def few_values() -> str | Counter[str]:
    """Of `values`: the case of a point whose values are cheap."""
    return values.check(random.Random(1), 6)


def test_wrong_values_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """By each of the routes, where the other ones do not see it."""
    found = few_values()
    assert isinstance(found, Counter)
    assert {"against tensor network", "against product rule"} <= {*found}
    mean = Draws.mean
    with monkeypatch.context() as wrong:
        wrong.setattr(Draws, "mean", lambda *given: (0.1 + mean(*given)[0], mean(*given)[1]))
        assert "and by drawing" in str(few_values())
    for route, name in (("by_network", "tensor network"), ("by_product", "product rule")):
        second = getattr(values, route)
        with monkeypatch.context() as wrong:
            wrong.setattr(values, route, moved_by(1e-6, second))
            assert f"and by {name}" in str(few_values())
    with monkeypatch.context() as wrong:
        wrong.setattr(AttentionKernel, "__call__", lambda *_: Estimate(0.5, Exact()))
        assert "alone, exchanged and renamed" in str(few_values())


def test_draws_know_how_far_they_may_be_off() -> None:
    """Rare events that were not drawn are no alarm, and at small beta the error is small."""
    pairs = [("AB", "BA")]
    rng = random.Random(0)
    _, rare = Draws(rng, 10.0, 1e3, pairs).mean(*pairs[0])
    value, small = Draws(rng, 1e-3, 0.5, pairs).mean(*pairs[0])
    exact = AttentionKernel(beta=1e-3, gamma=0.5)(*pairs[0]).value
    assert rare > 1e6 * 50 / 20_000
    assert abs(value - exact) < small < 1e-4


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
    monkeypatch.setattr(balls, "point", cheap_point)
    monkeypatch.setattr(balls, "second_values", moved_by(1e-8, balls.second_values))
    assert "lacks" in str(balls.check(random.Random(1)))


def moved_by(shift: float, route: Callable[..., dict[Pattern, Estimate]]) -> Callable[..., Any]:
    """A route whose values are all wrong by that much."""
    return lambda *given: {
        pattern: replace(one, value=one.value + shift) for pattern, one in route(*given).items()
    }


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


def test_what_is_left_behind_is_told(tmp_path: Path) -> None:
    (tmp_path / "c.json.tmp").touch()
    said = commands._half_written(["separate", "--save", str(tmp_path / "c.json")], tmp_path)
    assert "leaves 'c.json.tmp' behind" in str(said)


def test_a_traceback_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def main(_: list[str]) -> int:
        raise ZeroDivisionError("1 / 0")

    monkeypatch.setattr(commands, "main", main)
    assert "ends with ZeroDivisionError: 1 / 0" in str(commands._ending(["task"]))
    monkeypatch.setattr(run, "CHECKS", {"values": lambda _: main([])})
    assert "ZeroDivisionError" in str(run.outcome_of("values", 0, 0))
