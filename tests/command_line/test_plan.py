"""The command `plan`: its JSON is a contract, the plan is kept, and bad input is one line."""

from __future__ import annotations

import numpy as np
import pytest

from kernels import KernelRidge
from tests.running import refused_in_one_line, run_json
from theory import catalogue
from validation.__main__ import main
from validation.experiments.kernel_parameters import KernelParameters

KERNEL = "--beta 2 --b1 1 --b2 1.2"
FIELDS = {"n", "alphabet", "ridge", "predicted_error", "kind", "measured_error", "seconds"}


def test_plan_contract_and_the_plan_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    """A fit on a fresh sample, without the certificate, has about the error that was planned."""
    found = run_json(capsys, f"plan αα=1 αβ=-1 --error 0.3 --noise 0 {KERNEL}")
    assert set(found) == FIELDS
    assert found["kind"] == "not proved"
    assert found["alphabet"] == found["n"]
    assert 0.0 < found["measured_error"] <= 0.3
    assert 0.0 < found["predicted_error"] <= 0.3
    task = catalogue.find("same-different")
    sample = task.sample(found["n"], alphabet=found["alphabet"], seed=7)
    model = KernelRidge(KernelParameters().kernel(), alpha=found["ridge"])
    model.fit(sample.strings, sample.labels)
    error = np.abs(model.predict(task.unseen()) - task.label_array).max()
    assert 0.15 < error < 0.45  # one sample beside another, a factor of at most 1.5


def test_options_move_what_they_should(capsys: pytest.CaptureFixture[str]) -> None:
    base = f"plan --task same-different {KERNEL} --error"
    usual = run_json(capsys, f"{base} 0.3")
    assert run_json(capsys, f"{base} 0.2")["n"] > usual["n"]
    assert run_json(capsys, f"{base} 0.3 --noise 3")["n"] > usual["n"]
    fixed = run_json(capsys, f"{base} 0.3 --alphabet 1e4")
    assert fixed["alphabet"] == 10_000
    assert fixed["measured_error"] <= 0.3
    other = run_json(capsys, f"{base} 0.3 --seed 1")
    assert other["measured_error"] != usual["measured_error"]


def test_plan_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(f"plan αα=1 αβ=-1 --error 0.5 {KERNEL}".split()) == 0
    shown, aside = capsys.readouterr()
    assert shown.startswith("n = ")
    assert "not proved" in shown
    assert "samples, to confirm" in aside
    assert main(["plan", "--help"]) == 0
    assert "as many as samples" in capsys.readouterr().out


BAD = [
    ("plan nothing --error 1", "T1=Y1 T2=Y2 ... = 'nothing'"),
    ("plan --task nothing --error 1", "--task = 'nothing': known tasks are"),
    ("plan --error 1", "give at least one template"),
    ("plan αα=1 αβ=-1", "--error"),
    ("plan αα=1 αβ=-1 --error 0", "--error = 0.0"),
    ("plan αα=1 αβ=-1 --error nan", "--error = nan"),
    ("plan αα=1 αβ=-1 --error 0.1 --noise -1", "--noise = -1.0"),
    ("plan αα=1 αβ=-1 --error 0.1 --alphabet 0", "--alphabet = 0"),
    ("plan αα=1 αβ=-1 --error 0.1 --alphabet 1", "--alphabet = 1"),
    ("plan αα=1 αβ=-1 --error 0.1 --alphabet 2.5", "'2.5' is not a whole number"),
    ("plan αα=1 αβ=-1 --error 0.001 --alphabet 3", "the limit at any fixed ridge"),
    ("plan αα=1 αβ=-1 --error 1e-9", "--error = 1e-09: "),
    ("plan αβα=1 αββ=-1 --gamma 0 --error 0.1", "cannot tell 'αβα' and 'αββ' apart"),
    ("plan --task aba-abb --gamma 0 --error 0.1", "--task = (1.0, -1.0): the kernel cannot"),
    ("plan αα=1 αβ=-1 --kernel mlp --error 0.1", "cannot tell 'αα' and 'αβ' apart"),
    ("plan αα=1 αβ=-1 --error 0.1 --seed -1", "--seed = -1"),
]


@pytest.mark.parametrize(("arguments", "says"), BAD, ids=[case for case, _ in BAD])
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: str, says: str
) -> None:
    refused_in_one_line(capsys, arguments, says)
