"""The command `certify-matrix`: a file that proves what it says, and bad input in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running import refused_in_one_line, run_json
from theory import template_matrix
from theory.enclosure import verifier
from theory.template import Template
from validation.__main__ import main
from validation.experiments.kernel_parameters import KernelParameters


def test_the_file_proves_what_is_printed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Options reach the kernel, and the verifier's own command agrees."""
    saved = tmp_path / "proof.json"
    words = f"certify-matrix αα αβ --beta 0.8 --gamma 0.5 --b1 1 --b2 1.2 --save {saved}"
    found = run_json(capsys, words)
    assert set(found) == {"smallest_eigenvalue", "templates", "kernel", "seconds"}
    kernel = KernelParameters(beta=0.8, gamma=0.5, method="auto", tolerance=1e-10).kernel()
    matrix = template_matrix(kernel, [Template.parse("αα"), Template.parse("αβ")])
    assert found["smallest_eigenvalue"] == pytest.approx(matrix.eigenvalues[0].value, rel=1e-3)
    content = json.loads(saved.read_text(encoding="utf-8"))
    assert content["kernel"]["activation"] == {"name": "cos", "b1": 1.0, "b2": 1.2}
    bound = verifier.verify(content)
    least = found["smallest_eigenvalue"]
    assert isinstance(least, float)
    assert least <= bound
    assert least == pytest.approx(float(bound), rel=1e-15)
    assert verifier.main([str(saved)]) == 0
    assert "proved: every eigenvalue is at least" in capsys.readouterr().out
    assert verifier.main([str(tmp_path / "none.json")]) == 1
    assert verifier.main([]) == 2


def test_for_people(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The bound, and how to check it."""
    assert main(["certify-matrix", "αα", "αβ", "--save", str(tmp_path / "a.json")]) == 0
    printed = capsys.readouterr().out
    assert "coqc" not in printed
    assert "every eigenvalue of N is proved to be at least" in printed
    assert "verifier.py" in printed


def test_for_coq(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The same certificate's file for Coq, with the command that checks it."""
    saved, proof = tmp_path / "proof.json", tmp_path / "proof.v"
    words = ["certify-matrix", "αα", "αβ", "--save", str(saved), "--coq", str(proof)]
    assert main(words) == 0
    assert f"coqc {proof}" in capsys.readouterr().out
    content = json.loads(saved.read_text(encoding="utf-8"))
    assert content["digest"] in proof.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("certify-matrix --kernel mlp αα αβ", "not certified"),
        ("certify-matrix αα αβ --method monte-carlo", "it proves nothing"),
        ("certify-matrix αα αβγ", "one length"),
        ("certify-matrix αα αβ --save /nowhere/at/all.json", "--save"),
        ("certify-matrix αα αβ --coq /nowhere/at/all.v", "--coq"),
        ("certify-matrix αα αβ --coq proof", "--coq = 'proof': give a name that Coq reads"),
        ("certify-matrix αα αβ --coq same-different.v", "give a name that Coq reads"),
        ("certify-matrix αα αβ --coq a.b.v", "give a name that Coq reads"),
        ("certify-matrix αα αβ --coq 1.v", "give a name that Coq reads"),
        ("certify-matrix αα αβ --save a.v --coq ./a.v", "--coq = 'a.v': give another file"),
    ],
)
def test_bad_input(capsys: pytest.CaptureFixture[str], arguments: str, says: str) -> None:
    """One line that names the argument and the remedy."""
    refused_in_one_line(capsys, arguments, says)
