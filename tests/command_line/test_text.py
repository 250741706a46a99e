"""Text on the command line: the user's is never markup, numbers keep their digits, pipes close."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kernels import InvalidInputError, MLPKernel, tokenize
from kernels.strings.encoding import encode
from validation.__main__ import main
from validation.commands.timing import timed_values
from validation.experiments.statement_check import StatementCheck

ROOT = Path(__file__).parents[2]

TAGS = "[b]", "[/b]", "[bold]", "<script>"
"""What rich or a browser would take for its own, or stumble over."""


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("tag", TAGS)
def test_matrix_prints_tokens_as_they_are(capsys: pytest.CaptureFixture[str], tag: str) -> None:
    templates = f"α {tag}", f"{tag} α"
    out = printed(capsys, "matrix", *templates, "--kernel", "mlp")
    for template in templates:
        assert template in out


@pytest.mark.parametrize("tag", TAGS)
def test_ridge_prints_tokens_as_they_are(capsys: pytest.CaptureFixture[str], tag: str) -> None:
    sizes = "--samples", "1e1", "--alphabet", "5", "--kernel", "mlp"
    out = printed(capsys, "ridge", f"α {tag}=1", "α α=2", *sizes)
    assert f"α {tag}" in out


@pytest.mark.parametrize("tag", TAGS)
def test_separate_prints_tokens_as_they_are(capsys: pytest.CaptureFixture[str], tag: str) -> None:
    assert f"α {tag}" in printed(capsys, "separate", f"α {tag}", "α α")


@pytest.mark.parametrize("tag", TAGS)
def test_statements_print_tokens_as_they_are(capsys: pytest.CaptureFixture[str], tag: str) -> None:
    out = printed(capsys, "statements", "Open point 2", f"α {tag}=1", "α α=2", "--quick")
    assert f"{tag} {tag}: limit" in out
    (listed,) = json.loads(printed(capsys, "statements", "--list", "3.1", "--json"))
    assert listed["ids"]


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize(
    "command",
    [
        ("kernel", "A", "{}"),
        ("task", "{}"),
        ("matrix", "--task", "{}"),
        ("ridge", "--task", "{}", "--samples", "3", "--alphabet", "3"),
        ("separate", "--task", "{}"),
        ("ridge", "--data", "/nowhere/{}"),
        ("certificate", "--task", "{}", "--samples", "3", "--alphabet", "3"),
        ("plan", "--task", "{}", "--error", "1"),
        ("tune", "--task", "{}"),
        ("certify-matrix", "--task", "{}"),
        ("train", "{}"),
        ("derivatives", "A", "{}"),
        ("statements", "{}"),
        ("reproduce", "--out", "/dev/null/{}"),
    ],
    ids=lambda command: command[0],
)
def test_every_command_refuses_in_the_users_words(
    capsys: pytest.CaptureFixture[str], command: tuple[str, ...], tag: str
) -> None:
    assert main([word.format(tag) for word in command]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert tag in said.err or "/dev/null" in said.err


def test_pipes_get_every_digit_on_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    templates = [("αβ"[i >> 1 & 1] + "αβ"[i & 1] + "α" + "abcdefgh"[i]) for i in range(8)]
    out = printed(capsys, "matrix", *templates, "--kernel", "mlp")
    found = json.loads(printed(capsys, "matrix", *templates, "--kernel", "mlp", "--json"))
    assert "…" not in out
    for row in found["matrix"]:
        assert all(f"{value:.10g}" in out for value in row)


@pytest.mark.parametrize("columns", ["0", "-1", "x"])
def test_a_width_that_is_none_is_no_width(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert "same-different" in printed(capsys, "task")
    monkeypatch.setenv("COLUMNS", columns)
    assert "--beta" in printed(capsys, "kernel", "--help")


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", line.format(f"{sys.executable} -m validation")],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("end", ["| true", "| head -c 1 > /dev/null", ">&-", ">&- 2>&-"])
@pytest.mark.parametrize("form", ["--json", ""])
def test_a_closed_output_ends_quietly(end: str, form: str) -> None:
    done = shell(f"set -o pipefail; {{}} task {form} {end}")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("form", [["--json"], []])
def test_a_reader_that_has_gone_is_no_failure(form: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "validation", "task", *form],
        cwd=ROOT,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is full")
def test_a_full_output_is_told() -> None:
    done = shell("{} task --json > /dev/full")
    assert done.returncode == 2
    assert done.stderr == "template-kernels: standard output: No space left on device\n"


def test_bytes_that_are_no_text_are_refused() -> None:
    done = shell("{} matrix αα αβ", LC_ALL="POSIX", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "PYTHONUTF8=1" in done.stderr
    for string in ("\udcce\udcb1", ["A", "\udcce"], "A \ud800"):
        with pytest.raises(InvalidInputError, match="UTF-8"):
            tokenize(string)
    assert tokenize("😀α") == ("😀", "α", "[CLS]")


@pytest.mark.parametrize("written", ["20", "2e1", "2.0e1", "20.0", "+20"])
def test_a_whole_number_may_be_written_with_a_power_of_ten(
    capsys: pytest.CaptureFixture[str], written: str
) -> None:
    given = ["ridge", "α=1", "--alphabet", "9", "--kernel", "mlp", "--json", "--samples", written]
    assert json.loads(printed(capsys, *given))["n"] == 20


@pytest.mark.parametrize("written", ["1.5", "1e-1", "nan", "inf", "1e99999999", "x", ""])
def test_what_is_no_whole_number_is_refused(
    capsys: pytest.CaptureFixture[str], written: str
) -> None:
    assert main(["ridge", "α=1", "--alphabet", "9", "--samples", written]) == 2
    said = capsys.readouterr().err
    assert "'--samples'" in said
    assert "not a whole number" in said


def test_statements_take_a_kernel(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[StatementCheck] = []
    measured = StatementCheck.measure

    def seen(point: StatementCheck, tables: Path) -> object:
        asked.append(point)
        return measured(point, tables)

    monkeypatch.setattr(StatementCheck, "measure", seen)
    assert main(["statements", "Definition C.1", "--beta", "1", "--quick", "--json"]) == 0
    assert main(["statements", "Definition C.1", "--quick", "--json"]) == 0
    capsys.readouterr()
    given, own = asked
    assert own.kernel is own.given_kernel() is None
    kernel = given.given_kernel()
    assert kernel is not None
    assert (kernel.beta, kernel.gamma) == (1.0, 1.0)
    assert main(["statements", "3.1", "--beta", "1"]) == 2
    assert "Definition 3.1 is not about a kernel" in capsys.readouterr().err
    assert main(["statements", "Definition C.1", "--beta", "-1"]) == 2
    assert "--beta = -1.0" in capsys.readouterr().err


def test_timing_leaves_the_kernel_what_it_is() -> None:
    """Kernels that see little of a pair say so; what times them must not hide it."""
    rng = np.random.default_rng(0)
    strings = ["".join(rng.choice(list("ABCDEFGH"), 4)) for _ in range(60)]
    kernel = MLPKernel()
    few = len(kernel.symmetry.classes(encode(strings).codes, encode(strings).codes)[0])
    with timed_values(kernel) as watch:
        kernel.gram(strings)
    assert len(kernel.table) <= few <= 5
    assert watch.seconds > 0.0
    assert "values" not in vars(kernel)
    with pytest.raises(InvalidInputError), timed_values(kernel):
        raise InvalidInputError("a", 1, "b")
    assert "values" not in vars(kernel)
