"""The map of what is proved over boxes of parameters."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kernels import Cosine, ProvedQuadrature, TransformerKernel
from theory import catalogue, template_matrix
from validation.experiments.laboratory import Laboratory
from validation.experiments.matrices import boxes
from validation.experiments.matrices.boxes import COLUMNS, FREQUENCIES, PHASES, BoxMap
from validation.experiments.matrices.heat_maps import AT
from validation.experiments.scale import Scale
from validation.plots.figures.matrices.boxes import draw_boxes
from validation.report.sections.matrices.boxes import _finding


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> BoxMap:
    folder: Path = tmp_path_factory.mktemp("boxes")
    [only] = boxes.run(Laboratory(folder, Scale.QUICK))
    return only


def test_every_cell_is_below_the_eigenvalues_inside(found: BoxMap) -> None:
    """At random points of random cells; and the cells cover the region."""
    assert found.proved
    assert (found.b1[0], found.b1[-1]) == FREQUENCIES
    assert (found.b2[0], found.b2[-1]) == PHASES
    assert found.lower.shape == (len(found.b2) - 1, len(found.b1) - 1)
    rng = np.random.default_rng(0)
    kernel = TransformerKernel(AT.beta, AT.gamma, attention=ProvedQuadrature(1e-12))
    for _ in range(6):
        j, i = (int(rng.integers(size)) for size in found.lower.shape)
        b1, b2 = (rng.uniform(*edges[n : n + 2]) for edges, n in ((found.b1, i), (found.b2, j)))
        activated = kernel.with_activation(Cosine(b1, b2))
        matrix = template_matrix(activated, catalogue.find(found.task))
        assert found.lower[j, i] <= matrix.smallest_eigenvalue.value


def test_rows_say_what_the_picture_shows(found: BoxMap) -> None:
    rows = found.rows()
    assert len(rows) == found.lower.size
    assert {len(row) for row in rows} == {len(COLUMNS)}
    task, *edges, lower = rows[-1]
    assert (task, lower) == (found.task, found.lower[-1, -1])
    assert edges == [*found.b1[-2:], *found.b2[-2:]]
    (mesh,) = draw_boxes([found]).axes[0].collections
    assert np.array_equal(np.ravel(mesh.get_array()), found.lower.ravel())


def test_a_cell_without_a_proof_is_not_counted(found: BoxMap) -> None:
    lower = found.lower.copy()
    lower[0, 0] = 0.0
    open_cell = replace(found, lower=lower)
    assert "proved to be nonsingular at every" in _finding(found)
    assert f"above 0 in {lower.size - 1} of {lower.size}" in _finding(open_cell)
    (mesh,) = draw_boxes([open_cell]).axes[0].collections
    assert int(np.ma.getmaskarray(mesh.get_array()).sum()) == 1
