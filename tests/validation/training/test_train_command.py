"""The command that trains: what it prints, and what it refuses before any work."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kernels.boundary.exceptions import TooLargeError
from tests.running import run_json
from validation.__main__ import main
from validation.experiments.training import figures
from validation.experiments.training.arms import Arm, Size
from validation.experiments.training.figures import Extent, Figure
from validation.experiments.training.point import Training
from validation.report.write_training import write_training

TINY = Size(depth=1, heads=1, embedding=6, head=4, mlp=8, rate=1e-2, batch=16, epochs=4, trials=2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("figure-9", "FIGURE = 'figure-9': the figures are aba-abb, figure-1"),
        ("", "FIGURE = None: give either a figure or --task"),
        ("aba-abb --task aba-abb", "FIGURE = 'aba-abb': give either a figure or --task"),
        ("--task nothing", "--task = 'nothing': known tasks are same-different"),
        ("--task copying-0", "length = 0"),
        ("aba-abb --arms vanilla,c", "--arms = 'c': the arms are vanilla, a, b"),
        ("aba-abb --arms ,", "--arms = ',': the arms are"),
        ("figure-2 --arms mlp", "--arms = 'mlp': quoted-programs has symbols as labels"),
        ("aba-abb --size huge", "--size = 'huge': the sizes are taste, cpu, paper"),
        ("aba-abb --jobs -1", "--jobs = -1"),
        ("aba-abb --n 64,x", "'x' is not a whole number"),
        ("aba-abb --n 64,0", "--n = 0: give a whole number of at least 1"),
        ("depth --n 64", "--n = [64]: depth is a figure over depth"),
        ("aba-abb --n 1e12", "needs about"),
    ],
)
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: str, message: str
) -> None:
    assert main(["train", *arguments.split(), "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert message in error
    assert not (tmp_path / "out").exists()


def test_command_prints_what_was_trained(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(figures.SIZES, Extent.TASTE, TINY)  # type: ignore[arg-type]
    monkeypatch.setitem(figures.SAMPLES, Extent.TASTE, (16,))  # type: ignore[arg-type]
    command = f"train --task same-different --arms mlp --size taste --jobs 1 --out {tmp_path}"
    found = run_json(capsys, command)
    assert [one["arm"] for one in found["curves"]] == ["mlp", None]
    assert found["curves"][0]["x"] == [16.0]
    assert len(found["curves"][0]["errors"][0]) == TINY.trials
    assert main([*command.split(), "--n", "1.6e1"]) == 0
    assert "0 computed, 2 kept" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wide",
    [replace(TINY, mlp=10**9), replace(TINY, trials=10**9), replace(TINY, batch=10**9)],
    ids=["width", "trials", "batch"],
)
def test_what_does_not_fit_is_said_before_any_point_is_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wide: Size
) -> None:
    monkeypatch.setitem(figures.SIZES, Extent.TASTE, wide)  # type: ignore[arg-type]
    large = Figure("large", "", ("same-different",), (Arm.MLP,), "depth", (1,), 16)
    if wide.batch > TINY.batch:
        large = replace(large, n=10**9)
    monkeypatch.setattr(Training, "measure", lambda *_: pytest.fail("trained"))
    with pytest.raises(TooLargeError, match="train a smaller one, or fewer trials at once"):
        write_training(tmp_path / "out", large, Extent.TASTE)
    assert not (tmp_path / "out").exists()
