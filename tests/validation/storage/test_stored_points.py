"""Points and their storage: computed once, kept whatever happens, made anew when damaged."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import pytest

from kernels import InvalidInputError
from validation.__main__ import main
from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.regression.point import Regression
from validation.experiments.regression.trials import Curve
from validation.experiments.storage import store as storage
from validation.experiments.storage.point import Json, Measured, Point
from validation.experiments.storage.run import measure_all
from validation.experiments.storage.store import PointStore
from validation.experiments.storage.tables import kept_values
from validation.report.bars import bars

ROOT = Path(__file__).parents[3]
CHEAP = KernelParameters(beta=1.0, tolerance=1e-4)


@dataclass(frozen=True)
class Square(Point):
    """A point that leaves a trace of each computation, and fails where told to."""

    kind: ClassVar[str] = "square"

    number: int
    log: str
    stop: str = ""

    def measure(self, tables: Path) -> dict[str, Json]:  # noqa: ARG002 - the contract's
        if self.stop and not Path(self.stop).exists():
            raise KeyboardInterrupt
        with Path(self.log).open("a", encoding="utf-8") as log:
            log.write(f"{self.number}\n")
        return {"square": self.number**2}


def computed(log: Path) -> list[int]:
    return [int(line) for line in log.read_text(encoding="utf-8").split()]


def test_results_come_in_order_and_are_computed_once(tmp_path: Path) -> None:
    log = tmp_path / "log"
    points = [Square(n, str(log)) for n in (3, 1, 3, 2)]
    found = measure_all(points, tmp_path)
    assert [m.number("square") for m in found] == [9, 1, 9, 4]
    assert [m.point for m in found] == points
    assert sorted(computed(log)) == [1, 2, 3]
    again = measure_all(points, tmp_path)
    assert [m.result for m in again] == [m.result for m in found]
    assert not any(m.fresh for m in again)
    assert len(computed(log)) == 3


def test_interrupted_run_resumes(tmp_path: Path) -> None:
    log, go = tmp_path / "log", tmp_path / "go"
    points = [Square(n, str(log), str(go) if n == 2 else "") for n in range(4)]
    with pytest.raises(KeyboardInterrupt):
        measure_all(points, tmp_path)
    assert computed(log) == [0, 1]  # done before the interruption, and stored
    go.touch()
    found = measure_all(points, tmp_path)
    assert [m.number("square") for m in found] == [0, 1, 4, 9]
    assert [m.fresh for m in found] == [False, False, True, True]
    assert computed(log) == [0, 1, 2, 3]


def test_damaged_or_foreign_results_are_computed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = Square(5, str(tmp_path / "log"))
    measure_all([point], tmp_path)
    store = PointStore(tmp_path / "points")
    path = store.path(point)
    assert not list(path.parent.glob(".*")), "nothing is left aside"
    whole = path.read_text(encoding="utf-8")
    content = json.loads(whole)
    for damaged in (
        *(whole[:-20], "", "[]", "null", '"text"', "[" * 100_000, "1" * 10_000),
        *(whole.replace('"number": 5', '"number": 6'), whole.replace('"square": 25', "")),
        *(whole.replace("25", other) for other in ("26", "NaN", "1e999", '"25"', "25.0", "[25]")),
        json.dumps({**content, "result": {}}),
        json.dumps({**content, "digest": None}),
        json.dumps({name: value for name, value in content.items() if name != "digest"}),
    ):
        path.write_text(damaged, encoding="utf-8")
        assert store.find(point) is None, damaged[:200]
    path.write_bytes(b"\xff\xfe\x00")
    (again,) = measure_all([point], tmp_path)
    assert (again.fresh, again.result) == (True, {"square": 25})
    path.write_text(json.dumps(json.loads(whole)), encoding="utf-8")  # laid out otherwise, whole
    assert store.find(point) is not None
    monkeypatch.setattr(storage, "code_digest", lambda: "other code")
    assert store.find(point) is None


def test_a_folder_in_place_of_a_result_is_named_before_any_work(tmp_path: Path) -> None:
    point = Square(5, str(tmp_path / "log"))
    path = PointStore(tmp_path / "points").path(point)
    path.mkdir(parents=True)
    with pytest.raises(InvalidInputError, match=re.escape(str(path)[:60])) as caught:
        measure_all([Square(4, str(tmp_path / "log")), point], tmp_path)
    assert (caught.value.argument, caught.value.value) == ("stored point", str(path))
    assert not (tmp_path / "log").exists()


def test_the_command_names_a_folder_in_place_of_a_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["statements", "Definition 3.1", "--quick", "--json", "--keep", str(tmp_path)]
    assert main(command) == 0
    (path,) = tmp_path.rglob("points/statement/*.json")
    path.unlink()
    path.mkdir()
    capsys.readouterr()
    assert main(command) == 2
    said = capsys.readouterr().err
    assert said.startswith("template-kernels: stored point = ")
    assert said.count("\n") == 1


@pytest.mark.parametrize("value", [math.nan, math.inf, [1.0, -math.inf]])
def test_a_result_that_is_not_finite_is_not_stored(tmp_path: Path, value: Json) -> None:
    store, point = PointStore(tmp_path), Square(5, "")
    with pytest.raises(InvalidInputError, match="only finite numbers are stored"):
        store.add(Measured(point, {"square": value}, 0.0, 0.0, fresh=True))
    assert not list(tmp_path.rglob("*.json"))


def test_bars_are_described_as_they_are_drawn() -> None:
    def said(*trials: tuple[float, ...]) -> str:
        return bars([Curve("", tuple(map(float, range(1, len(trials) + 1))), trials)])

    assert "greatest trial" not in said((1.0,), (2.0,))
    assert "without a bar" not in said((1.0, 2.0), (2.0, 3.0))
    assert "without a bar is a single trial" in said((1.0, 2.0), (2.0,))


def test_every_parameter_is_part_of_the_key(tmp_path: Path) -> None:
    store = PointStore(tmp_path)
    point = Regression("same-different", 10, 10, 0.0, 0)
    others = [
        replace(point, task="aba-abb"),
        replace(point, n=11),
        replace(point, alphabet=11),
        replace(point, exponent=1.0),
        replace(point, seed=1),
        replace(point, kernel=KernelParameters(beta=2.5)),
        replace(point, ridge=0.2),
        replace(point, noise=0.2),
    ]
    assert len({store.path(p) for p in (point, *others)}) == len(others) + 1
    assert json.loads(json.dumps(point.parameters())) == point.parameters()


def test_a_result_is_asked_for_by_its_type() -> None:
    measured = Measured(
        Square(1, ""), {"a": 1, "b": True, "c": [1.0, 2], "d": ["x"]}, 0.0, 0.0, fresh=True
    )
    assert measured.number("a") == 1.0
    assert measured.numbers("c") == [1.0, 2.0]
    for name in ("b", "c"):
        with pytest.raises(TypeError):
            measured.number(name)
    with pytest.raises(TypeError):
        measured.numbers("d")


def test_kernel_values_are_kept(tmp_path: Path) -> None:
    one = CHEAP.kernel()  # other tests may have used it, and shared its table
    kernel, again = (
        type(one)(one.beta, one.gamma, one.activation, one.attention) for _ in range(2)
    )
    tables = tmp_path / "tables"
    with kept_values(kernel, tables):
        known = kernel("AB", "BC").value
    assert not len(again.table)
    with kept_values(again, tables):
        assert len(again.table)
    assert again("AB", "BC").value == known


def test_ctrl_c_in_a_real_run_keeps_what_is_done(tmp_path: Path) -> None:
    """The command itself, interrupted by the signal, then run to its end."""
    # A shell that runs the tests in its background makes its children ignore the signal.
    heed = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    run = "from validation.__main__ import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", heed + run, "reproduce", "--quick", "--jobs", "1"]
    command += ["--out", str(tmp_path), "--json"]
    child = subprocess.Popen(
        command, cwd=ROOT, env=dict(os.environ), stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    points = tmp_path / "points"
    deadline = time.monotonic() + 60.0
    while not list(points.rglob("*.json")) and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(2)
    out, err = child.communicate(timeout=60.0)
    assert child.returncode == 130
    assert out == b""
    assert err.decode().startswith("template-kernels: interrupted; what is finished is kept")
    assert err.count(b"\n") == 1
    done = list(points.rglob("*.json"))
    assert done
    for path in done:
        assert json.loads(path.read_text(encoding="utf-8"))["result"]
    assert not (tmp_path / "index.html").exists()
