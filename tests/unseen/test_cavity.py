"""The cavity method, where the formula B9 fails: a small ridge near n = 2 m."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from kernels import Cosine, TransformerKernel
from theory import TemplateTask, certify, learning_curve
from theory.unseen import UnprovedWarning, curves
from theory.unseen.bounds.bias import bias
from theory.unseen.bounds.cavity import cavity
from theory.unseen.bounds.fixed_point import kappa, levels
from theory.unseen.bounds.overlap import uniform_overlap
from theory.unseen.bounds.pairs import template_pairs
from theory.unseen.fitted import fit_ridge


@pytest.mark.long
def test_right_where_the_formula_fails() -> None:
    kernel = TransformerKernel(2.0, 1.0, Cosine(1.0, 1.2))
    task = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
    pairs = template_pairs(kernel, task)
    n, m, ridge = 2_000, 1_000, 0.01 * float(pairs.deviations.max())
    sample = task.sample(n, alphabet=m, noise=1.0, seed=0)
    true = certify(fit_ridge(kernel, sample.strings, sample.labels, ridge), task, noise=1.0)
    found = cavity(levels(pairs), true.counts, m, ridge, population=10_000, rounds=40, seed=1)
    mean = bias(pairs.apart, found.spread, task.label_array)
    carried = pairs.apart @ np.linalg.inv(pairs.apart + found.spread)
    noise = np.sqrt(np.diag(carried @ found.covariance @ carried.T))
    size = np.abs(true.bias.values).max()
    assert np.abs(mean - true.bias.values).max() <= 0.1 * size
    assert noise == pytest.approx(true.noise.values, rel=0.06)
    formula = kappa(levels(pairs), pairs.deviations, true.counts, m, ridge)
    spread = uniform_overlap(pairs, m) + np.diag(formula.values / true.counts)
    assert np.abs(bias(pairs.apart, spread, task.label_array) - true.bias.values).max() > 0.2 * size


def test_curves_take_it_where_the_formula_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curves, "cavity", partial(cavity, population=2_000, rounds=20))
    kernel = TransformerKernel(2.0, 1.0, Cosine(1.0, 1.2))
    task = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
    ridge = 0.01 * float(template_pairs(kernel, task).deviations.max())
    near, far = learning_curve(
        kernel, task, samples=[400, 4_000], alphabet=200, alpha=ridge, noise=0.1
    )
    assert (near.formula, far.formula) == ("cavity", "B9")
    assert near.trusted
    assert near.bias is not None
    with pytest.warns(UnprovedWarning, match="sparse=True"):
        (plain,) = learning_curve(
            kernel, task, samples=[400], alphabet=200, alpha=ridge, noise=0.1, sparse=False
        )
    assert (plain.formula, plain.trusted) == ("B9", False)
    sample = task.sample(400, alphabet=200, noise=0.1, seed=3)
    true = certify(fit_ridge(kernel, sample.strings, sample.labels, ridge), task, noise=0.1)
    off = [np.abs(point.bias - true.bias.values).max() for point in (near, plain)]
    assert off[0] < off[1]


def test_no_shared_symbols() -> None:
    kernel = TransformerKernel(2.0, 1.0, Cosine(1.0, 1.2))
    pairs = template_pairs(kernel, TemplateTask.parse({"αα": 1.0, "αβ": -1.0}))
    found = cavity(levels(pairs), np.array([5, 9]), 10**9, 0.3, population=100, rounds=4)
    wanted = np.diag((0.3 + pairs.deviations) / np.array([5.0, 9.0]))
    assert found.spread == pytest.approx(wanted, abs=1e-9)
    assert found.covariance == pytest.approx(np.diag([0.2, 1.0 / 9.0]), abs=1e-9)
