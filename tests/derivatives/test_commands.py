"""The commands `derivatives` and `separate`: their JSON is a contract."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from theory import attention_derivatives, derivative_table
from theory.derivatives import SeparationCertificate, verify
from theory.derivatives.orders import even_orders
from validation.__main__ import main


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_derivatives_contract(capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "derivatives", "AA", "AB")
    assert set(found) == {"x", "y", "derivatives", "seconds"}
    assert (found["x"], found["y"]) == ("AA", "AB")
    assert found["derivatives"]["6,4"] == "35840/9"
    assert set(found["derivatives"]) == {f"{i},{j}" for i, j in even_orders(10)}  # zeros included
    assert found["derivatives"]["0,10"] == "0"


def test_the_other_scaling(capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "derivatives", "AA", "AB", "--order", "4", "--appendix-h")
    expected = attention_derivatives("AA", "AB", 4, scaling="appendix-H")
    assert found["derivatives"] == {f"{i},{j}": str(v) for (i, j), v in expected.items()}
    assert expected[2, 2] != attention_derivatives("AA", "AB", 4)[2, 2]


def test_symbolic_table(capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "derivatives", "--symbolic", "6", "4")
    assert found["order"] == [6, 4]
    assert len(found["terms"]) == 44
    carrier = {"coefficient": 17280, "k_power": 4, "invariants": ["tr(XX^T YY^T)"]}
    assert carrier in found["terms"]
    assert main(["derivatives", "--symbolic", "4", "0"]) == 0
    assert capsys.readouterr().out.split() == str(derivative_table(4, 0)).split()


def test_separate_contract(capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "separate", "αβα", "αββ", "aαβ", "--verify")
    assert {"separated", "stages", "margin", "templates", "seconds"} <= set(found)
    assert found["separated"] is True
    assert found["verified"] is True
    assert set(found["stages"]) == {"1", "2", "3", "4", "5", "later"}
    assert sum(found["stages"].values()) == 3 * 2
    for stage, margin in found["margin"].items():
        assert (margin is None) == (found["stages"][stage] == 0)
        assert margin is None or Fraction(margin) > 0


def test_separate_explains_a_tie(capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "separate", "αβ", "βα")
    assert found["separated"] is False
    assert "the same template" in found["explanation"]


def test_a_certificate_is_saved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "proof.json"
    assert main(["separate", "--task", "same-different", "--save", str(file)]) == 0
    assert "separated" in capsys.readouterr().out
    assert verify(SeparationCertificate.load(file)) == ()


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("derivatives AA", "Y = "),
        ("derivatives", "X = "),
        ("derivatives AA ABC", "Y = 'ABC'"),
        ("derivatives AA AB --order -2", "--order = -2"),
        ("derivatives ABCDEFGH HGFEDCBA --order 40", "would need"),
        ("derivatives --symbolic 4 -2", "--symbolic = -2"),
        ("derivatives AA AB --symbolic 2 2", "--symbolic"),
        ("separate", "T1 T2"),
        ("separate αα αβα", "αβα"),
        ("separate αα αβ --task aba-abb", "--task"),
    ],
)
def test_one_line_for_bad_input(line: str, named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(line.split()) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert named in printed.err
