"""Points, their storage, and what the experiments find."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kernels import KernelRidge
from tests.tolerances import EXPERIMENT_REPEATED, STRUCTURED_AGAINST_DENSE
from theory import IdealizedRidge, catalogue, template_matrix
from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.matrices.heat_maps import ActivationMap, TemperatureMap
from validation.experiments.matrices.point import Matrix
from validation.experiments.regression.point import Regression, wildcards
from validation.experiments.scale import Scale
from validation.experiments.storage.point import Measured
from validation.experiments.storage.run import measure_all

CHEAP = KernelParameters(beta=1.0, tolerance=1e-4)


def measured(point: Regression, folder: Path) -> Measured[Regression]:
    return measure_all([point], folder)[0]


def test_regression_is_what_the_library_computes(tmp_path: Path) -> None:
    point = Regression("same-different", 60, 40, 1.0, 7, CHEAP, ridge=0.3, noise=0.2)
    found = measured(point, tmp_path)
    task, kernel = catalogue.find("same-different"), CHEAP.kernel()
    sample = task.sample(60, alphabet=point.law(), noise=0.2, seed=7)
    model = KernelRidge(kernel, alpha=0.3, route="dense").fit(sample.strings, sample.labels)
    errors = np.abs(model.predict(task.unseen()) - task.label_array)
    assert found.number("error") == pytest.approx(errors.max(), rel=STRUCTURED_AGAINST_DENSE)
    matrix = template_matrix(kernel, task)
    assert found.number("smallest_eigenvalue") == matrix.smallest_eigenvalue.value
    ideal = IdealizedRidge(kernel, task, alpha=0.3).fit(sample.templates, sample.labels)
    deviation = np.abs(ideal.predict(task.unseen()).values - task.label_array).max()
    assert found.number("idealized_error") == pytest.approx(deviation)
    assert found.number("excess") == max(
        kernel(x, x).value - matrix.values[i, i] for i, x in enumerate(task.unseen())
    )
    assert found.number("diversity") == sample.diversity


def test_the_seed_decides(tmp_path: Path) -> None:
    point = Regression("same-different", 50, 50, 0.0, 0, CHEAP)
    one = measured(point, tmp_path / "a")
    two = measured(point, tmp_path / "b")
    assert two.fresh
    for first, second in zip(one.numbers("predictions"), two.numbers("predictions"), strict=True):
        assert first == pytest.approx(second, abs=EXPERIMENT_REPEATED)
    other = measured(replace(point, seed=1), tmp_path / "a")
    assert other.number("error") != one.number("error")


@pytest.mark.parametrize("task", ["same-different", "aba-abb"])
def test_only_the_transformer_kernel_generalizes(tmp_path: Path, task: str) -> None:
    sizes = 100, 1_000, 10_000

    def error(n: int, kernel: KernelParameters) -> float:
        point = Regression(task, n, wildcards(task) * n, 0.0, 0, kernel)
        return measured(point, tmp_path).number("error")

    transformer = [error(n, KernelParameters(beta=1.5, tolerance=1e-4)) for n in sizes]
    assert transformer[0] > 2.0 * transformer[1] / 1.5 > 4.0 * transformer[2] / 1.5
    assert transformer[-1] < 0.15
    # Half the distance of the labels: the least that one value for all templates can be off.
    assert min(error(n, KernelParameters("mlp")) for n in sizes) >= 1.0


def test_error_falls_with_diversity(tmp_path: Path) -> None:
    kernel = KernelParameters(beta=1.5, tolerance=1e-4)
    errors = [
        measured(Regression("same-different", 4_000, 2 * rho, 0.0, 0, kernel), tmp_path)
        for rho in (2, 16, 128)
    ]
    assert errors[0].number("error") > 2.0 * errors[1].number("error")
    assert errors[1].number("error") > 2.0 * errors[2].number("error")
    assert [m.number("diversity") for m in errors] == [2.0, 16.0, 128.0]


def test_matrix_is_what_the_library_computes(tmp_path: Path) -> None:
    kernel = KernelParameters(tolerance=1e-6)
    (found,) = measure_all([Matrix("same-different", kernel)], tmp_path)
    expected = template_matrix(kernel.kernel(), catalogue.find("same-different"))
    assert found.result["values"] == expected.values.tolist()
    assert found.result["verdict"] == "nonsingular"
    assert found.number("error") == expected.smallest_eigenvalue.error


def test_mlp_matrix_is_singular(tmp_path: Path) -> None:
    (found,) = measure_all([Matrix("majority-3", KernelParameters("mlp"))], tmp_path)
    assert found.result["verdict"] == "singular"


def test_without_positions_the_order_is_not_seen(tmp_path: Path) -> None:
    """At gamma = 0, αβα and αββ are one up to order: the map must not call N nonsingular."""
    kernel = KernelParameters(gamma=0.0, beta=1.0, tolerance=1e-6)
    (found,) = measure_all([Matrix("aba-abb", kernel)], tmp_path)
    assert found.result["verdict"] == "singular"


@pytest.mark.parametrize(
    "heat_map", [TemperatureMap(), ActivationMap()], ids=lambda m: type(m).__name__
)
@pytest.mark.parametrize("scale", list(Scale))
def test_map_covers_its_grid(heat_map: TemperatureMap, scale: Scale) -> None:
    xs, ys = heat_map.axes(scale)
    points = heat_map.points(scale)
    assert len(points) == len(set(points))
    assert len(points) % (len(xs) * len(ys)) == 0
    x, y = heat_map.marked()
    assert min(xs) <= x <= max(xs)
    assert min(ys) <= y <= max(ys)
