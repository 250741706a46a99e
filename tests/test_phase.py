"""The phase diagram and the rates: what is fitted, and what the page says."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from kernels import KernelRidge
from tests.tolerances import EXPERIMENT_REPEATED
from theory import Uniform, catalogue
from validation.experiments import majority, phase_diagram, phase_rates
from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.point import Scale
from validation.experiments.rates import Bound, check_bound, fit_bound, fit_rate
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


@pytest.mark.parametrize(("scale", "verdict"), [(0.9, "holds"), (1.1, "violated")])
def test_held_out_errors_decide(scale: float, verdict: str) -> None:
    n = np.geomspace(1e2, 1e6, 60)
    bound = Bound(2.0, 1.0, 0.1)
    found = check_bound(bound, n, n, scale * bound(n, n))
    assert found.verdict.startswith(verdict)
    assert found.errors == 60
    assert found.largest == pytest.approx(scale)


def test_a_tenth_above_is_allowed() -> None:
    n = np.geomspace(1e2, 1e6, 100)
    bound = Bound(2.0, 1.0, 0.1)
    errors = bound(n, n) * np.where(np.arange(100) % 10 == 0, 1.5, 0.5)
    found = check_bound(bound, n, n, errors)
    assert found.above == 10 <= found.allowed
    assert found.verdict.startswith("holds")


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
    assert (workspace.computed > 0, again.computed) == (True, 0)
    (folder / PHASE.file).write_text(render(PHASE, contents, PAGES))
    return folder


def test_page_says_what_was_found(folder: Path) -> None:
    text = (folder / PHASE.file).read_text()
    for needed in ("phase-diagram.svg", "rates.svg", "majority.svg", "95% intervals", "held-out"):
        assert needed in text
    assert 'href="index.html"' in text


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
            model = KernelRidge(kernel, ridge=0.1, route="dense")
            model.fit(sample.strings, sample.labels)
            errors.append(np.abs(model.predict(task.unseen()) - task.label_array).max())
        assert float(row["median"]) == pytest.approx(np.median(errors), abs=EXPERIMENT_REPEATED)


def test_full_scale_reaches_far() -> None:
    points = phase_diagram.points(Scale.FULL)
    assert {point.n for point in points} >= {100, 10**6}
    assert {point.exponent for point in points} == {0.0, 1.0}
    assert max(point.n for point in majority.points(Scale.FULL)) == 10**7
