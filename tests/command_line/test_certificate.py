"""The command `certificate`: its JSON is a contract, and bad input is one line."""

from __future__ import annotations

import pytest

from kernels import KernelRidge, TransformerKernel
from tests.running import is_estimate, refused_in_one_line, run_json
from tests.tolerances import CLI_CONTRACT
from theory import catalogue
from validation.__main__ import main

FIELDS = {"n", "alphabet", "ridge", "delta", "templates", "iterations", "residual", "seconds"}


def test_certificate_contract(capsys: pytest.CaptureFixture[str]) -> None:
    """The certified mean error is that of a fit without noise, predicted by the estimator."""
    given = "--samples 2e2 --alphabet 1e2 --ridge 0.5 --noise 0.05 --delta 0.1 --seed 3"
    found = run_json(capsys, f"certificate αα=1 αβ=-1 {given}")
    assert set(found) == FIELDS
    assert (found["n"], found["alphabet"], found["ridge"], found["delta"]) == (200, 100, 0.5, 0.1)
    assert found["seconds"] >= 0.0
    assert 0.0 <= found["residual"] < CLI_CONTRACT
    task = catalogue.find("same-different")
    sample = task.sample(200, alphabet=100, seed=3)
    model = KernelRidge(TransformerKernel(), alpha=0.5).fit(sample.strings, sample.labels)
    predictions = model.predict(task.unseen())
    assert [(row["template"], row["label"]) for row in found["templates"]] == [
        ("αα", 1.0),
        ("αβ", -1.0),
    ]
    for row, prediction in zip(found["templates"], predictions, strict=True):
        assert set(row) == {"template", "label", "bias", "noise", "bound"}
        assert is_estimate(row["bias"])
        assert is_estimate(row["noise"])
        assert row["bias"]["value"] == pytest.approx(prediction - row["label"], abs=CLI_CONTRACT)
        assert row["bound"] > abs(row["bias"]["value"]) > 0.0 < row["noise"]["value"]


def test_options_move_what_they_should(capsys: pytest.CaptureFixture[str]) -> None:
    base = "certificate --task same-different --samples 50 --alphabet 30"
    rows = {
        extra: run_json(capsys, f"{base} {extra}")["templates"][0]
        for extra in ("", "--noise 0.2", "--noise 0", "--delta 0.001", "--seed 1", "--ridge 9")
    }
    usual = rows[""]
    doubled = pytest.approx(2.0 * usual["noise"]["value"])  # 0.1 where it is left out
    assert rows["--noise 0.2"]["noise"]["value"] == doubled
    assert rows["--noise 0"]["noise"]["value"] == 0.0
    assert rows["--delta 0.001"]["bound"] > usual["bound"]
    for other in ("--seed 1", "--ridge 9"):
        assert rows[other]["bias"]["value"] != usual["bias"]["value"]


def test_certificate_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["certificate", "αα=1", "αβ=-1", "--samples", "20", "--alphabet", "10"]) == 0
    shown = capsys.readouterr().out
    assert "│" in shown
    assert "unseen" in shown
    assert main(["certificate", "--help"]) == 0
    assert "--delta" in capsys.readouterr().out


SIZES = "--samples 9 --alphabet 9"
BAD = [
    ("certificate nothing " + SIZES, "T1=Y1 T2=Y2 ... = 'nothing'"),
    ("certificate --task nothing " + SIZES, "--task = 'nothing': known tasks are"),
    ("certificate αα=1 αβ=-1 --task raven " + SIZES, "--task = 'raven'"),
    ("certificate " + SIZES, "give at least one template"),
    ("certificate αα=1 αβ=-1 --samples 9", "--alphabet"),
    ("certificate αα=1 αβ=-1 --samples 0 --alphabet 9", "--samples = 0"),
    ("certificate αα=1 αβ=-1 --samples 1.5 --alphabet 9", "'1.5' is not a whole number"),
    ("certificate αα=1 αβ=-1 --samples 9 --alphabet 1", "--alphabet = 1"),
    ("certificate αα=1 αβ=-1 --samples 1e13 --alphabet 9", "--samples = 10000000000000"),
    (f"certificate αα=1 αβ=-1 {SIZES} --noise -1", "--noise = -1.0"),
    (f"certificate αα=1 αβ=-1 {SIZES} --noise nan", "--noise = nan"),
    (f"certificate αα=1 αβ=-1 {SIZES} --ridge 0", "--ridge = 0.0"),
    (f"certificate αα=1 αβ=-1 {SIZES} --seed -1", "--seed = -1"),
    (f"certificate αα=1 αβ=-1 {SIZES} --delta 0", "--delta = 0.0"),
    (f"certificate αα=1 αβ=-1 {SIZES} --delta 1", "--delta = 1.0"),
    (f"certificate αα=1 αβ=-1 {SIZES} --delta nan", "--delta = nan"),
    (f"certificate αα=1 αβ=nan {SIZES}", "T1=Y1 T2=Y2 ... = nan"),
    (f"certificate αβα=1 αββ=-1 --gamma 0 {SIZES}", "cannot tell 'αβα' and 'αββ' apart"),
    (f"certificate --task aba-abb --gamma 0 {SIZES}", "--task = (1.0, -1.0): the kernel cannot"),
    (f"certificate αα=1 αβ=-1 --kernel mlp {SIZES}", "cannot tell 'αα' and 'αβ' apart"),
    (f"certificate αα=1 αβ=-1 {SIZES} --depth 2", "--depth = 2"),
]


@pytest.mark.parametrize(("arguments", "says"), BAD, ids=[case for case, _ in BAD])
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: str, says: str
) -> None:
    refused_in_one_line(capsys, arguments, says)
