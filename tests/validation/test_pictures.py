"""Pictures: what their bars, bounds and colours mean; the same data give the same picture."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from validation.experiments.regression.trials import COLUMNS, Curve, slope
from validation.plots.curves import draw_bound, draw_curves
from validation.plots.gallery import Gallery
from validation.plots.style import LOOKS, panels, styled

ROOT = Path(__file__).parents[2]
TRIALS = ((3.0, 1.0, 2.0), (0.5, 0.4, 0.9), (0.2, 0.1, 0.3))
CURVE = Curve("series", (1.0, 10.0, 100.0), TRIALS)


def drawn(folder: Path) -> tuple[np.ndarray, bytes]:
    """The bound's heights at the curve's points, and the picture."""
    with styled():
        figure, (axes,) = panels(1)
        draw_curves(axes, [CURVE])
        draw_bound(axes, CURVE, lambda x: x**-0.5, "bound")
        line = axes.lines[-1]
        heights = np.interp(np.log(CURVE.x), np.log(line.get_xdata()), np.log(line.get_ydata()))
        Gallery(folder).save(figure, "test", COLUMNS, CURVE.rows())
    return np.exp(heights), (folder / "test.svg").read_bytes()


def test_bars_are_the_range_of_the_trials() -> None:
    assert CURVE.medians == [2.0, 0.5, 0.2]
    assert CURVE.rows()[0] == ["series", 1.0, 2.0, 1.0, 3.0, 3]


def test_bound_touches_the_trials_from_above(tmp_path: Path) -> None:
    heights, _ = drawn(tmp_path)
    ratios = heights / [max(values) for values in TRIALS]
    assert ratios.min() == pytest.approx(1.0)


def test_same_data_give_the_same_picture(tmp_path: Path) -> None:
    assert drawn(tmp_path)[1] == drawn(tmp_path)[1]


def test_slope_is_the_exponent() -> None:
    assert slope([1.0, 4.0], [2.0, 1.0]) == pytest.approx(-0.5)


def test_looks_differ_without_colour() -> None:
    assert len({look.marker for look in LOOKS}) == len(LOOKS)
    assert len({look.colour for look in LOOKS}) == len(LOOKS)


@pytest.mark.long
def test_pictures_of_the_tutorial_can_be_made(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("make", ROOT / "docs" / "figures" / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.main(tmp_path)
    kept = {path.stem for path in (ROOT / "docs" / "figures").glob("*.csv")}
    assert {path.stem for path in tmp_path.glob("*.csv")} == kept
