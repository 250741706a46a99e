"""The command `ridge` on a file of one's own."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import joblib
import numpy as np
import pytest

from kernels import KernelRidge, MLPKernel, encode
from tests.running import refused_in_one_line
from tests.tolerances import CLI_CONTRACT
from validation.__main__ import main
from validation.commands.ridge.columns import Columns
from validation.commands.ridge.cross_validation import cross_validate

WORDS = ["red", "green", "blue"]
TEXTS = [f"{a} {b}" for a in WORDS for b in WORDS]
LABELS = [1.0 if a == b else -1.0 + i / 7 for i, a in enumerate(WORDS) for b in WORDS]
WEIGHTS = [1.0 + (i % 3) for i in range(9)]
UNEQUAL = "text,label\nAB,1\nABC,2\n"


def written(path: Path, header: str, *columns: list[object] | list[str] | list[float]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header.split(","), *zip(*columns, strict=True)])
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return written(tmp_path / "data.csv", "text,label,w", TEXTS, LABELS, WEIGHTS)


def test_a_file_is_fitted_kept_and_predicted(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    new = written(tmp_path / "new.csv", "id,text", [1, 2], ["a, a", "red blue"])
    out, kept = tmp_path / "out.csv", tmp_path / "model"
    given = ["ridge", "--kernel", "mlp", "--json", "--data", str(data), "--weight", "w"]
    predict = ["--predict", str(new), "--out", str(out)]
    assert main([*given, "--ridge", "0.5", *predict, "--save", str(kept)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["n"], found["tokens"], found["length"], found["ridge"]) == (9, "words", 2, 0.5)
    assert found["cross_validation"] is None
    assert found["predictions"] == {"file": str(out), "rows": 2, "error": None}
    model = KernelRidge(MLPKernel(), alpha=0.5, tokens="words").fit(TEXTS, LABELS, WEIGHTS)
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["id"] for row in rows] == ["1", "2"]
    expected = model.predict(["a, a", "red blue"], return_error=True)
    for row, e in zip(rows, expected, strict=True):
        assert abs(float(row["prediction"]) - e.value) <= float(row["error"]) + e.error
        assert 0.0 <= float(row["error"]) < CLI_CONTRACT
    assert joblib.load(kept).predict(["x y"]) == pytest.approx(model.predict(["x y"]))
    again = tmp_path / "again.csv"
    load = ["ridge", "--json", "--load", str(kept), "--predict", str(new), "--out", str(again)]
    assert main([*load, "--test", "q q"]) == 0
    (test,) = json.loads(capsys.readouterr().out)["tests"]
    assert test["prediction"]["value"] == pytest.approx(model.predict(["q q"])[0], abs=CLI_CONTRACT)
    assert again.read_bytes() == out.read_bytes()


@pytest.mark.parametrize("weights", [None, np.array(WEIGHTS)], ids=["plain", "weighted"])
def test_cross_validation_is_that_of_fits_without_the_rows(weights: np.ndarray | None) -> None:
    model, ridges = KernelRidge(MLPKernel(), tokens="words"), (0.01, 8.0)
    strings, labels = encode(TEXTS), np.array(LABELS)
    found = cross_validate(model, strings, labels, weights, ridges, folds=9, seed=3)
    for ridge, error in zip(ridges, found.errors, strict=True):
        squares = []
        for i in range(9):  # as many folds as rows: whatever the seed, each is held out alone
            kept = [j for j in range(9) if j != i]
            weight = None if weights is None else weights[kept]
            one = KernelRidge(MLPKernel(), alpha=ridge).fit(strings[kept], labels[kept], weight)
            squares.append(float(one.predict(strings[[i]])[0] - labels[i]) ** 2)
        mean = float(np.average(squares, weights=weights))
        assert error.value == pytest.approx(mean**0.5, rel=1e-9)
        assert 0.0 < error.error < error.value
    assert found.best == min(ridges, key=lambda r: found.errors[ridges.index(r)].value)


def test_the_command_takes_the_best_ridge(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    given = f"ridge --data {data} --kernel mlp --ridge 1e-3,1,1e3 --folds 4 --seed 1".split()
    assert main([*given, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    tried = found["cross_validation"]
    errors = [error["value"] for error in tried["errors"]]
    assert tried["ridges"] == [1e-3, 1.0, 1e3]
    assert found["ridge"] == tried["ridges"][int(np.argmin(errors))]
    assert main(given) == 0
    assert f"ridge {found['ridge']:g}, 9 rows" in capsys.readouterr().out


def test_files_of_other_programs_are_read(tmp_path: Path) -> None:
    path = tmp_path / "marks.tsv"
    path.write_text('\ufefftext\tlabel\r\n"a\nb"\t1\r\n\r\nc d\t2\r\n', encoding="utf-8")
    found = Columns.read(path)
    assert (found.names, found.lines) == (("text", "label"), (3, 5))
    assert found.texts("text", "text") == ["a\nb", "c d"]


@pytest.mark.parametrize(
    ("content", "more", "says"),
    [
        ("text,label\nA,1\n", "--label y", "--label = 'y'"),
        ("text,label\nA,1\nB,x\n", "", "'x' in line 3"),
        ("text,label\nA,nan\n", "", "'nan' in line 2"),
        ("text,label\nA,1\nB,1,2\n", "", "line 3 has 3 cells"),
        ("text,label\n", "", "at least one row"),
        ("text,text\nA,1\n", "", "two columns"),
        (UNEQUAL, "", "line 3 has 3 tokens, read as characters, where line 2 has 2; fill up"),
        ("text,label\nred blue,1\nab,2\n", "", "line 3 has 1 tokens, read as words"),
        ("text,label\nred blue,1\nab,2\n", "--tokens characters", "line 2: tokens hold no white"),
        ("text,label\nAB,1\n,2\n", "", "line 3: give at least one token"),
        ("text,label\nAB,1\nBA,2\n", "", "--folds = 5"),
        ("text,label\nAB,1\nBA,2\n", "--ridge 1,x", "--ridge = '1,x'"),
        ("text,label\nAB,1\nBA,2\n", "--ridge 1,1", "each number once"),
        ("text,label\nAB,1\nBA,2\n", "--ridge 1 --test ABC", "--test = 'ABC'"),
        ("text,label\nAB,1\nBA,2\n", "--samples 9", "not both"),
        ("text,label\nAB,1\nBA,2\n", "αα=1", "not both"),
        ("text,label\nAB,1\nBA,2\n", "--ridge 1 --predict /tmp", "--predict and --out"),
        ("text,label\nAB,1\nBA,2\n", "--load x", "leave out --data"),
        ("text,label,w\nAB,1,0\nBA,2,0\n", "--ridge 1 --weight w", "--weight"),
        ("text,label\nAB,1\nBA,2\n", "--ridge 1 --save /nowhere/m", "--save = '/nowhere/m'"),
        ("text,label,error\nAB,1,2\n", "--ridge 1 --predict {} --out {}.out", "a column 'error'"),
    ],
)
def test_bad_files_are_refused_with_their_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str, more: str, says: str
) -> None:
    path = tmp_path / "data.csv"
    path.write_text(content, encoding="utf-8")
    refused_in_one_line(
        capsys, f"ridge --json --kernel mlp --data {path} {more.format(path, path)}", says
    )


def test_what_is_no_model_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "model"
    refused_in_one_line(capsys, f"ridge --load {path} --test A", "No such file")
    for content in (b"", b"text,label\n"):
        path.write_bytes(content)
        refused_in_one_line(capsys, f"ridge --load {path} --test A", "a file that --save wrote")
    joblib.dump({"a": 1}, path)
    refused_in_one_line(capsys, f"ridge --load {path} --test A", "a file that --save wrote")
    path.write_bytes("text,label\nä,1\n".encode("latin-1"))
    refused_in_one_line(capsys, f"ridge --data {path}", "UTF-8")
    refused_in_one_line(capsys, "ridge α=1 --samples 9 --alphabet 9 --save m", "--data")
    refused_in_one_line(capsys, "ridge α=1 --samples 9 --alphabet 9 --ridge 1,2", "--ridge")
