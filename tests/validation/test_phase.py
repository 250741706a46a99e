"""The phase diagram and the rates: what is fitted, and what the page says."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from kernels import InvalidInputError, KernelRidge
from tests.tolerances import EXPERIMENT_REPEATED
from theory import Uniform, catalogue
from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.regression import majority, phase_diagram, phase_rates
from validation.experiments.regression.rates import FEWEST, Bound, check_bound, fit_bound, fit_rate
from validation.experiments.scale import Scale
from validation.report.page import render
from validation.report.pages import PAGES
from validation.report.pages.phase import PHASE
from validation.report.workspace import Workspace


def test_interval_of_a_rate_covers_it_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    x = np.repeat(np.geomspace(1e2, 1e6, 5), 4)
    covered = 0
    for _ in range(400):
        errors = 3.0 * x**-0.5 * np.exp(0.3 * rng.standard_normal(len(x)))
        rate = fit_rate(x.tolist(), errors.tolist())
        covered += rate.low <= -0.5 <= rate.high
    # 95% of 400, give or take four standard deviations.
    assert 400 * 0.95 - 18 <= covered <= 400 * 0.95 + 18


def test_bound_lies_above_all_it_is_fitted_to_and_touches() -> None:
    rng = np.random.default_rng(0)
    n, rho = 10.0 ** rng.uniform(2, 6, 50), 10.0 ** rng.uniform(1, 6, 50)
    errors = (5.0 / np.sqrt(n) + 0.3 / np.sqrt(rho)) * rng.uniform(0.5, 1.0, 50)
    bound = fit_bound(n, rho, errors, delta=0.1)
    ratios = errors / bound(n, rho)
    assert ratios.max() == pytest.approx(1.0)
    assert np.log(bound(n, rho) / errors).mean() < 1.0


@pytest.mark.parametrize(("scale", "verdict"), [(0.9, "carry over"), (1.1, "do not carry over")])
def test_held_out_errors_decide(scale: float, verdict: str) -> None:
    n = np.geomspace(1e2, 1e6, 60)
    bound = Bound(2.0, 1.0, 0.1)
    found = check_bound(bound, n, n, scale * bound(n, n), fitted=FEWEST)
    assert found.verdict == verdict
    assert ("says nothing against the theorem" in found.meaning) is (scale > 1.0)
    few = check_bound(bound, n, n, scale * bound(n, n), fitted=FEWEST - 1)
    assert few.verdict == "inconclusive"
    assert few.meaning.startswith("inconclusive: too few points (19")
    assert found.errors == 60
    assert found.largest == pytest.approx(scale)


def test_a_tenth_above_is_allowed() -> None:
    n = np.geomspace(1e2, 1e6, 100)
    bound = Bound(2.0, 1.0, 0.1)
    errors = bound(n, n) * np.where(np.arange(100) % 10 == 0, 1.5, 0.5)
    found = check_bound(bound, n, n, errors, fitted=30)
    assert found.above == 10 <= found.allowed
    assert found.verdict == "carry over"


X = [10.0, 100.0, 1000.0]


@pytest.mark.parametrize(
    ("x", "errors", "argument", "remedy"),
    [
        (X[:2], [2.0, 1.0], "x", "at least 3 points"),
        ([5.0] * 3, [3.0, 2.0, 1.0], "x", "two different values"),
        ([-1.0, 1.0, 2.0], [3.0, 2.0, 1.0], "x", "above 0"),
        (X, [2.0, 0.0, 1.0], "errors", "above 0"),
        (X, [2.0, math.nan, 1.0], "errors", "finite"),
        (X, [2.0, math.inf, 1.0], "errors", "finite"),
        (X, [2.0, 1.0], "errors", "give 3 numbers"),
        ([], [], "x", "at least one"),
    ],
)
def test_rate_of_what_has_none_is_refused(
    x: list[float], errors: list[float], argument: str, remedy: str
) -> None:
    with pytest.raises(InvalidInputError, match=remedy) as caught:
        fit_rate(x, errors)
    assert caught.value.argument == argument


@pytest.mark.parametrize(
    ("errors", "delta", "argument", "remedy"),
    [
        ([1.0, 0.0, 1.0], 0.1, "errors", "above 0"),
        ([1.0, math.nan, 1.0], 0.1, "errors", "finite"),
        ([1.0, 1.0, 1.0], 0.0, "delta", "above 0 and below 1"),
        ([1.0, 1.0, 1.0], math.nan, "delta", "above 0 and below 1"),
    ],
)
def test_bound_of_what_has_none_is_refused(
    errors: list[float], delta: float, argument: str, remedy: str
) -> None:
    n = np.array(X)
    with pytest.raises(InvalidInputError, match=remedy) as caught:
        fit_bound(n, n, np.array(errors), delta=delta)
    assert caught.value.argument == argument


def test_nothing_to_fit_or_to_hold_to_a_bound_is_refused() -> None:
    none = np.array([])
    with pytest.raises(InvalidInputError, match=r"n = .*at least one number"):
        fit_bound(none, none, none, delta=0.1)
    with pytest.raises(InvalidInputError, match=r"n = .*at least one number"):
        check_bound(Bound(1.0, 1.0, 0.1), none, none, none, fitted=30)


@pytest.mark.parametrize(("wrong", "remedy"), [(math.nan, "finite"), (-1.0, "0 or more")])
def test_an_error_that_is_none_does_not_pass_for_a_small_one(wrong: float, remedy: str) -> None:
    n = np.array(X)
    with pytest.raises(InvalidInputError, match=remedy) as caught:
        check_bound(Bound(1.0, 1.0, 0.1), n, n, np.array([0.1, wrong, 0.1]), fitted=30)
    assert caught.value.argument == "errors"
    with pytest.raises(InvalidInputError, match="bound = nan"):
        check_bound(Bound(math.nan, 1.0, 0.1), n, n, np.array([0.1, 0.1, 0.1]), fitted=30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page at its smallest, of tasks whose kernel values are cheap."""
    folder = tmp_path_factory.mktemp("phase")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(majority, "TASK", "same-different")
        patch.setattr(majority, "SIZES", {Scale.QUICK: (20, 40)})
        patch.setattr(phase_rates, "TASKS", ("same-different",))
        workspace = Workspace(folder, Scale.QUICK)
        contents = PHASE.build(workspace)
        again = Workspace(folder, Scale.QUICK)
        PHASE.build(again)
    assert (workspace.laboratory.computed > 0, again.laboratory.computed) == (True, 0)
    (folder / PHASE.file).write_text(render(PHASE, contents, PAGES, scale=Scale.QUICK))
    return folder


def test_page_says_what_was_found(folder: Path) -> None:
    text = (folder / PHASE.file).read_text()
    for needed in ("phase-diagram.svg", "rates.svg", "majority.svg", "95% intervals", "held-out"):
        assert needed in text
    assert 'href="index.html"' in text


def test_quick_page_claims_no_more_than_it_measured(folder: Path) -> None:
    text = (folder / PHASE.file).read_text()
    assert "A quick run" in text
    assert "violated:" not in text
    assert text.count("inconclusive: too few points (6, of at least 20)") == 2
    assert "href='statements.html#theorem-4.4'" in text
    assert "The phase diagram: the error over (n, ρ), up to n = 316" in text
    assert "Majority of length 4, up to 40 samples" in text
    assert "illion samples" not in text.replace("millions of samples", "")
    assert "No map crosses the error 0.5" in text
    assert "Black: error" not in text


def test_full_run_fits_enough() -> None:
    points = phase_diagram.points(Scale.FULL)
    middle = np.median([point.n for point in points])
    for panel in phase_diagram.PANELS[Scale.FULL]:
        own = [p for p in points if (p.task, p.exponent) == panel]
        assert sum(p.seed == 0 and p.n <= middle for p in own) >= FEWEST


def test_map_is_the_data_beside_it(folder: Path) -> None:
    """Every cell of the map, recomputed from its parameters."""
    with (folder / "pictures" / "phase-diagram.csv").open() as file:
        rows = list(csv.DictReader(file))
    cells = len(phase_diagram.SIZES[Scale.QUICK]) * len(phase_diagram.ALPHABETS[Scale.QUICK])
    assert len(rows) == cells * len(phase_diagram.PANELS[Scale.QUICK])
    task = catalogue.find("same-different")
    kernel = KernelParameters().kernel()
    uniform = [row for row in rows if row["zipf exponent"] == "0.0"]
    for row in uniform:
        n, rho = int(row["n"]), int(row["alphabet over wildcards"])
        assert float(row["diversity"]) == rho
        errors = []
        for seed in range(int(row["trials"])):
            sample = task.sample(n, alphabet=Uniform(2 * rho), noise=0.1, seed=seed)
            model = KernelRidge(kernel, alpha=0.1, route="dense")
            model.fit(sample.strings, sample.labels)
            errors.append(np.abs(model.predict(task.unseen()) - task.label_array).max())
        assert float(row["median"]) == pytest.approx(np.median(errors), abs=EXPERIMENT_REPEATED)


def test_full_scale_reaches_far() -> None:
    points = phase_diagram.points(Scale.FULL)
    assert {point.n for point in points} >= {100, 10**6}
    assert {point.exponent for point in points} == {0.0, 1.0}
    assert max(point.n for point in majority.points(Scale.FULL)) == 10**7
