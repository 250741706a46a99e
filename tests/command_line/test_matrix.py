"""The command `matrix`: its JSON is a contract."""

from __future__ import annotations

from io import StringIO

import numpy as np
import pytest
from rich.console import Console

from kernels import TransformerKernel
from tests.running import is_estimate, run_json
from tests.tolerances import CLI_CONTRACT
from theory import catalogue, template_matrix
from validation.__main__ import main
from validation.commands.frame.output import in_blocks


def test_matrix_contract(capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "matrix αα αβ")
    fields = "templates matrix error eigenvalues smallest_eigenvalue verdict patterns proof seconds"
    assert set(fields.split()) <= set(found)
    assert found["templates"] == ["αα", "αβ"]
    assert is_estimate(found["smallest_eigenvalue"])
    expected = template_matrix(TransformerKernel(), catalogue.find("same-different"))
    assert np.allclose(found["matrix"], expected.values, rtol=0.0, atol=CLI_CONTRACT)
    assert found["verdict"] == "nonsingular"
    assert found["proof"] == expected.proof.to_json()
    assert found["proof"]["by"] == "theorem"
    assert "enclosure" in found


def test_matrix_of_the_mlp_kernel_is_singular(capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "matrix --task majority-3 --kernel mlp")
    assert found["verdict"] == "singular"
    assert found["condition_number"]["error"] is None  # infinite, which JSON has no word for


def test_a_theorem_decides_where_samples_cannot(capsys: pytest.CaptureFixture[str]) -> None:
    words = "matrix αα αβ --beta 0.05 --method monte-carlo --samples 100"
    found = run_json(capsys, words)
    smallest = found["smallest_eigenvalue"]
    assert abs(smallest["value"]) < smallest["error"]
    assert found["verdict"] == "nonsingular"
    assert "proved by theorem A2, A3; the numbers alone leave it open" in found["reason"]
    assert main(words.split()) == 0
    assert "proved, as the templates differ" in capsys.readouterr().out


def test_a_singular_matrix_has_the_eigenvalue_0(capsys: pytest.CaptureFixture[str]) -> None:
    """Not what rounding has left of it."""
    assert main(["matrix", "αα", "αβ", "--kernel", "mlp"]) == 0
    (row,) = [line for line in capsys.readouterr().out.splitlines() if "exact null vector" in line]
    assert row.replace("│", " ").split()[:2] == ["0", "0"]


@pytest.mark.parametrize("width", [30, 80, 500])
def test_wide_tables_stand_below_each_other(width: int) -> None:
    console = Console(width=width, file=StringIO())
    names = [f"template {i}" for i in range(8)]
    rows = {name: [f"0.{i}23456789" for i in range(8)] for name in names}
    for block in in_blocks(console, "N", names, rows, "N"):
        console.print(block)
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert max(map(len, lines)) <= width
    for i in range(8):  # no number is broken, and each stands in a row of its name
        assert sum(f"0.{i}23456789" in line for line in lines if "template" in line) == 8
