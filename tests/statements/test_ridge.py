"""Section 4.2 with Appendices C and D: overlaps by hand, and the edge of Theorem 4.4."""

from __future__ import annotations

import numpy as np

from kernels import MLPKernel
from kernels.activations import Cosine
from kernels.attention.quadrature import Quadrature
from kernels.transformer import TransformerKernel
from tests.tolerances import LIMIT_BY_RIDGE, LIMIT_ROUNDING
from tests.toy_kernels import RelationalKernel
from theory import IdealizedRidge, TemplateTask, catalogue, statements
from theory.statements import Outcome, Setting
from theory.statements.section_4_2.open_point_2 import edge_task, limit
from theory.statements.shared.instances.defaults import mixed_task
from theory.statements.shared.instances.overlaps import Overlaps
from theory.statements.shared.instances.samples import uniform_with_regular_tokens

TASK = catalogue.aba_abb()


def test_overlaps_by_hand() -> None:
    task = mixed_task()
    sample = task.sample(40, alphabet=uniform_with_regular_tokens(task, 6), seed=3)
    overlaps = Overlaps(task, sample)
    tokens = []
    for row, number in enumerate(sample.templates):
        s = task.templates[number].match(sample.strings.tokens(row))
        assert s is not None
        tokens.append(set(s.values()))
    for i in range(40):
        assert overlaps.meets_regular[i] == bool(tokens[i] & {"a", "b"})
        for j in range(40):
            bad = bool(tokens[i] & tokens[j] or (tokens[i] | tokens[j]) & {"a", "b"})
            assert overlaps.bad_pairs[i, j] == (bad and i != j)


def test_edge_strings_tend_elsewhere_by_two_routes() -> None:
    kernel = TransformerKernel(1.0, 2.0, Cosine(1.0, 0.4), Quadrature(tolerance=1e-8))
    task = edge_task()
    found = statements.find("Open point 2").check(task, kernel)
    assert found.outcome is Outcome.VIOLATED
    predicted = limit(Setting(task, kernel), "aa")
    counts = np.repeat(np.arange(2, dtype=np.int32), 100_000)
    model = IdealizedRidge(kernel, task, alpha=1e-3)
    by_ridge = model.fit(counts, task.label_array[counts]).predict(["aa"])[0]
    assert abs(by_ridge.value - predicted.value) < LIMIT_BY_RIDGE
    assert predicted.value < -0.9


def test_the_figure_of_the_edge_is_the_string_that_differs_most() -> None:
    """Of the labels 0 and 1e6, the limit is that of the first, which hides it at one string."""
    task = TemplateTask.parse({"αβa": 0.0, "ββα": 1e6})
    found = statements.find("Open point 2").check(task, MLPKernel(), quick=True)
    assert found.outcome is Outcome.VIOLATED
    assert "limit +0, label +1 (both divided by 1e+06)" in found.figure
    assert found.counterexample is not None
    case = str(found.counterexample).split(",")[0]
    assert found.figure.split(":")[0] in case


def test_edge_holds_where_substituted_tokens_avoid_the_regular_ones() -> None:
    task = TemplateTask.parse({"αα": 1.0, "aβ": -1.0})
    setting = Setting(task, RelationalKernel())
    assert abs(limit(setting, "BB").value - 1.0) < LIMIT_ROUNDING
    assert abs(limit(setting, "aB").value + 1.0) < LIMIT_ROUNDING
