"""The page of exact errors: certificates, bounds, formula and plans, each by a second route."""

from __future__ import annotations

import csv
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from kernels import KernelRidge
from tests.tolerances import CLI_CONTRACT
from theory import catalogue
from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.laboratory import Laboratory
from validation.experiments.regression import diversity, phase_diagram, sample_size
from validation.experiments.regression.certified import certificates
from validation.experiments.regression.point import NOISE, RIDGE, Regression
from validation.experiments.scale import Scale
from validation.experiments.unseen import data_plans
from validation.experiments.unseen.foretold import foretold
from validation.report.page import render
from validation.report.pages import PAGES
from validation.report.pages.known import KNOWN
from validation.report.workspace import Workspace

TASK = catalogue.find("same-different")


def predictor(n: int, alphabet: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """What unseen strings take of each label, r by n, and the labels without noise."""
    sample = TASK.sample(n, alphabet=alphabet, seed=seed)
    model = KernelRidge(KernelParameters().kernel(), alpha=RIDGE, route="dense")
    weights = model.fit(sample.strings, np.eye(n)).predict(TASK.unseen())
    return weights, sample.labels


def test_certificates_are_bias_and_noise_of_the_predictor(tmp_path: Path) -> None:
    points = [Regression("same-different", n, m, 0.0, 3) for n, m in ((30, 8), (90, 200))]
    found = certificates(Laboratory(tmp_path, Scale.QUICK), points, "")
    for one, point in zip(found, points, strict=True):
        weights, labels = predictor(point.n, point.alphabet, point.seed)
        bias = weights @ labels - TASK.label_array
        noise = NOISE * np.linalg.norm(weights, axis=1)
        assert one.bias == pytest.approx(bias, abs=CLI_CONTRACT)
        assert one.noise == pytest.approx(noise, abs=CLI_CONTRACT)
        assert one.error == pytest.approx(np.hypot(bias, noise).max(), abs=CLI_CONTRACT)
        assert 0.0 <= one.doubt < CLI_CONTRACT
        assert one.diversity == point.alphabet / 2


def test_bounds_hold_of_means_and_the_limit_is_reached(tmp_path: Path) -> None:
    laboratory = Laboratory(tmp_path, Scale.QUICK)
    n, m = 60, 40
    point = Regression("same-different", n, m, 0.0, 0)
    one, doubtful = foretold(laboratory, [point, replace(point, ridge=1e-3)], "")
    assert (one.trusted, doubtful.trusted) == (True, False)  # n is near m, where B9 needs a ridge
    mean_bias, errors = np.zeros((2, 12)), np.zeros((2, 12))
    for seed in range(12):
        weights, labels = predictor(n, m, seed)
        mean_bias[:, seed] = np.abs(weights @ labels - TASK.label_array)
        drawn = labels + NOISE * np.random.default_rng(seed).standard_normal(n)
        errors[:, seed] = np.abs(weights @ drawn - TASK.label_array)
    # Four standard errors of twelve samples, of which the counts of templates vary too.
    slack = 4.0 * mean_bias.std(axis=1).max() / np.sqrt(12)
    assert mean_bias.mean(axis=1).max() <= one.bias_bound + slack
    assert errors.mean(axis=1).max() <= one.error_bound + slack
    assert one.least_bias - slack <= mean_bias.mean(axis=1).max()
    assert one.bias == pytest.approx(mean_bias.mean(axis=1).max(), abs=0.2 + slack)
    large = Regression("same-different", 20_000, 6, 0.0, 0)
    (exact,), (told,) = certificates(laboratory, [large], ""), foretold(laboratory, [large], "")
    # The share that n leaves is of order 1/n.
    assert np.abs(exact.bias).max() == pytest.approx(told.limit, abs=20.0 / large.n)
    assert told.bias == pytest.approx(told.limit, abs=20.0 / large.n)


def test_limit_of_the_bias_falls_like_one_over_rho(tmp_path: Path) -> None:
    points = [Regression("same-different", 100, m, 0.0, 0) for m in (20_000, 40_000, 80_000)]
    limits = [one.limit for one in foretold(Laboratory(tmp_path, Scale.QUICK), points, "")]
    for first, second in pairwise(limits):
        assert first / second == pytest.approx(2.0, rel=0.01)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("known")
    workspace = Workspace(folder, Scale.QUICK)
    contents = KNOWN.build(workspace)
    again = Workspace(folder, Scale.QUICK)
    KNOWN.build(again)
    assert (workspace.laboratory.computed > 0, again.laboratory.computed) == (True, 0)
    (folder / KNOWN.file).write_text(render(KNOWN, contents, PAGES, scale=Scale.QUICK))
    return folder


@pytest.mark.parametrize("stem", ["known-n", "known-rho"])
def test_picture_shows_all_that_is_known(folder: Path, stem: str) -> None:
    with (folder / "pictures" / f"{stem}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    series = {row["series"] for row in rows}
    needed = {"measured error", "exact bias", "exact noise", "bound on the mean error (proved)"}
    assert needed | {"bias by B9 (not proved)", "noise by B9 (not proved)"} <= series
    found = {
        name: np.array([float(row["median"]) for row in rows if row["series"] == name])
        for name in series
    }
    exact = np.hypot(found["exact bias"], found["exact noise"])
    assert np.all(found["bound on the mean error (proved)"] > found["exact bias"])
    assert np.all(np.abs(found["measured error"] / exact - 1.0) < 0.25)


def test_page_says_what_is_proved_and_what_is_not(folder: Path) -> None:
    text = (folder / KNOWN.file).read_text(encoding="utf-8")
    for needed in ("B9, which is not proved", "ρ<sup>−1/2</sup>", "takes too long", "proved"):
        assert needed in text
    for task in data_plans.BEYOND:
        assert task in text


def test_plan_of_the_table_is_kept(folder: Path) -> None:
    with (folder / "pictures" / "plans.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    error = data_plans.ERROR[Scale.QUICK]
    assert float(row["error"]) == error >= float(row["measured error"])
    kernel = KernelParameters(beta=float(row["beta"]), b1=float(row["b1"])).kernel()
    sample = TASK.sample(int(row["n"]), alphabet=int(row["alphabet"]), seed=5)
    model = KernelRidge(kernel, alpha=float(row["ridge"])).fit(sample.strings, sample.labels)
    found = np.abs(model.predict(TASK.unseen()) - TASK.label_array).max()
    assert found < 1.5 * error  # another sample, of the same size


def test_large_scale_has_all_of_the_full_one_and_more() -> None:
    for experiment in (sample_size, diversity):
        full, large = (set(experiment.points(scale)) for scale in (Scale.FULL, Scale.LARGE))
        assert full < large
    assert set(phase_diagram.points(Scale.LARGE)) == set(phase_diagram.points(Scale.FULL))
    assert set(data_plans.TASKS[Scale.FULL]) < set(data_plans.TASKS[Scale.LARGE])
    known = {*catalogue.names(), "majority-3", "majority-4"}
    assert {*data_plans.TASKS[Scale.LARGE], *data_plans.BEYOND} <= known
    for scale in Scale:  # the default kernel is in the grid, so that the table can name it
        assert (KernelParameters().beta in data_plans.BETAS[scale]) is True
        assert (KernelParameters().b1 in data_plans.FREQUENCIES[scale]) is True
    assert [scale.option for scale in Scale] == ["--quick", "", "--large"]
