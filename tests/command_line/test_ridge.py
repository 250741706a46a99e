"""The command `ridge`: its JSON is a contract."""

from __future__ import annotations

import pytest

from kernels import KernelRidge, TransformerKernel
from tests.running import refused_in_one_line, run_json
from tests.tolerances import CLI_CONTRACT
from theory import catalogue
from validation.__main__ import main


def test_ridge_contract(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = "--samples 200 --alphabet 100 --ridge 0.5 --noise 0 --seed 3"
    found = run_json(capsys, f"ridge αα=1 αβ=-1 {sizes}")
    fields = "n alphabet diversity ridge iterations residual unseen seconds peak_memory_mb"
    assert set(fields.split()) <= set(found)
    assert (found["n"], found["alphabet"], found["diversity"]) == (200, 100, 50.0)
    assert (found["route"], found["status"]) == ("dense", "converged")
    assert set(found["seconds"]) == {"kernel", "solve"}
    assert all(seconds >= 0.0 for seconds in found["seconds"].values())
    assert found["peak_memory_mb"] > 10.0
    task = catalogue.find("same-different")
    sample = task.sample(200, alphabet=100, seed=3)
    model = KernelRidge(TransformerKernel(), alpha=0.5).fit(sample.strings, sample.labels)
    predictions = model.predict(task.unseen())
    assert [row["template"] for row in found["unseen"]] == ["αα", "αβ"]
    for row, prediction, label in zip(found["unseen"], predictions, task.labels, strict=True):
        assert set(row) == {"template", "string", "label", "prediction", "error"}
        assert row["prediction"] == pytest.approx(prediction, abs=CLI_CONTRACT)
        assert row["error"] == abs(row["prediction"] - label)


def test_ridge_tests_the_strings_given(capsys: pytest.CaptureFixture[str]) -> None:
    for test in ("--test zz xy", "--test zz --test xy"):
        found = run_json(capsys, f"ridge αα=1 αβ=-1 --samples 20 --alphabet 10 {test}")
        assert [(r["string"], r["label"]) for r in found["unseen"]] == [("zz", 1.0), ("xy", -1.0)]


def test_mlp_kernel_predicts_one_value_for_all_unseen(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = "--samples 300 --alphabet 300"
    found = run_json(capsys, f"ridge --task aba-abb --kernel mlp {sizes}")
    first, second = (row["prediction"] for row in found["unseen"])
    assert first == second
    assert max(row["error"] for row in found["unseen"]) >= 1.0


def test_symbols_of_the_samples_are_not_unseen(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["ridge", "αα=1", "αβ=-1", "--samples", "9", "--alphabet", "9", "--test"]
    assert main([*given, "s9 s9"]) == 2
    assert "'s9' is a symbol of the samples" in capsys.readouterr().err
    assert main([*given, "s10 s10"]) == 0


@pytest.mark.filterwarnings("always")
def test_ridge_that_stops_early_says_so_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    route = "--route structured --max-iterations 1 --ridge 0.01"
    found = run_json(capsys, f"ridge αα=1 αβ=-1 --samples 500 --alphabet 50 {route}")
    assert (found["route"], found["status"]) == ("structured", "iteration limit")
    assert main(f"ridge αα=1 αβ=-1 --samples 500 --alphabet 50 {route}".split()) == 0
    printed = capsys.readouterr()
    assert "iteration limit" in printed.out
    (line,) = [one for one in printed.err.splitlines() if one.startswith("template-kernels")]
    assert "iteration" in line
    assert ".py" not in printed.err


def test_samples_that_cannot_fit_are_refused_before_they_are_drawn(
    capsys: pytest.CaptureFixture[str],
) -> None:
    says = "--samples = 1000000000000: needs about 1.4e+05 GB of memory"
    refused_in_one_line(capsys, "ridge αα=1 αβ=-1 --samples 1000000000000 --alphabet 9", says)
