"""B4, B6 and B7, and the bounds of learning curves, against fits."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from tests.tolerances import IDENTITY_AGAINST_DENSE, LOEWNER_ROUNDING
from tests.unseen.cases import KERNEL, TASKS, below, by_enumeration, drawn
from theory import TemplateTask, Uniform, Zipf, certify, learning_curve
from theory.unseen import UnprovedWarning
from theory.unseen.bounds.bias import bias, weighted_bias
from theory.unseen.bounds.explicit import ExplicitBound, weights_of
from theory.unseen.bounds.limits import many_of_both, many_samples, many_symbols, noise_ridge
from theory.unseen.bounds.overlap import (
    uniform_overlap,
)
from theory.unseen.bounds.pairs import template_pairs
from theory.unseen.bounds.spread import mean_spread
from theory.unseen.bounds.uniform import UniformBounds


def test_explicit_bound() -> None:
    task = TemplateTask.parse(TASKS[0])
    pairs = template_pairs(KERNEL, task)
    g = weights_of(pairs.apart, task.label_array)
    n, m = 3_000, 2_000
    bound = ExplicitBound(
        float(pairs.deviations.max()), 2, 0.5, 2, float(np.abs(g).sum()), m / 2.0, 0.05
    )
    ridge = bound.ridge(n)
    sample = task.sample(n, alphabet=m, noise=0.1, seed=0)
    from theory.unseen.fitted import fit_ridge

    found = certify(fit_ridge(KERNEL, sample.strings, sample.labels, ridge), task, noise=0.1)
    assert np.abs(found.errors.values).max() <= bound.error(n, ridge, 0.1)
    assert bound.error(n, ridge, 0.1) <= bound.error_at_own_ridge(n, 0.1)
    assert bound.error_at_own_ridge(n, 0.1) <= 2.0 * bound.error(n, ridge, 0.1)
    assert np.diag(found.matrices.V).max() <= bound.spread(n, ridge)
    assert bound.error(bound.least_samples - 1.0, ridge, 0.1) == np.inf


@pytest.mark.parametrize("law", ["uniform", "zipf"])
def test_limit_of_many_samples_is_the_uniform_one(law: str) -> None:
    task, m = TemplateTask.parse(TASKS[0]), 5
    alphabet = Uniform(m) if law == "uniform" else Zipf(m, 1.0)
    sample = task.sample(400_000, alphabet=alphabet, seed=0)
    from theory.unseen.fitted import fit_ridge

    found = certify(fit_ridge(KERNEL, sample.strings, sample.labels, 0.01), task)
    pairs = template_pairs(KERNEL, task)
    limit = many_samples(pairs, task.label_array, m)
    assert found.bias.values == pytest.approx(limit, rel=1e-3, abs=1e-4)
    own = by_enumeration(task, m, np.arange(1.0, m + 1.0) ** -1.0)
    if law == "zipf":  # not that of the law's own overlap
        other = bias(pairs.apart, own, task.label_array)
        assert np.abs(other - limit).max() > 0.05 * np.abs(limit).max()


def test_cyclic_pairs_miss_the_uniform_limit() -> None:
    task, m = TemplateTask.parse({"αβ": 1.0}), 8
    pairs = template_pairs(KERNEL, task)
    one = drawn(task, [0] * 400, m, "cyclic", 0, 1e-4)
    limit = uniform_overlap(pairs, m)[0, 0]
    assert one.spread[0, 0] > 1.05 * limit


def test_limits_of_many_symbols_and_of_both() -> None:
    task = TemplateTask.parse(TASKS[1])
    pairs = template_pairs(KERNEL, task)
    one = drawn(task, [0] * 5 + [1] * 10, 10**5, "uniform", 1, 0.5)
    found = many_symbols(pairs, task.label_array, one.counts, 0.5)
    assert found == pytest.approx(one.dense()[0], abs=IDENTITY_AGAINST_DENSE)
    scaled = 1e6 * many_samples(pairs, task.label_array, 10**6)
    assert scaled == pytest.approx(many_of_both(pairs, task.label_array), rel=1e-3)


def test_the_error_need_not_grow_with_the_ridge() -> None:
    """B7's example: a larger ridge, a smaller error; the weighted bias grows all the same."""
    apart, counts = np.array([[1.0, 0.9], [0.9, 1.0]]), np.array([100.0, 1.0])
    labels = np.array([1.0, -1.0])
    small, large = (np.diag((ridge + 10.0) / counts) for ridge in (0.001, 90.0))
    worst = [np.abs(bias(apart, v, labels)).max() for v in (small, large)]
    assert worst == pytest.approx([1.771, 1.441], abs=5e-4)
    g = weights_of(apart, labels)
    assert weighted_bias(apart, small, g) < weighted_bias(apart, large, g)


def test_noise_ridge_costs_a_factor_of_two() -> None:
    pairs = template_pairs(KERNEL, TemplateTask.parse(TASKS[1]))
    ridge = noise_ridge(pairs.deviations)
    overlap, counts = uniform_overlap(pairs, 50), np.array([10, 30])
    labels = np.array([1.0, -1.0])
    bounds = [
        UniformBounds(pairs.apart, overlap, pairs.deviations, labels, counts, value).covariance
        for value in (ridge, 1e9)
    ]
    assert below(bounds[0], 2.0 * bounds[1], LOEWNER_ROUNDING)
    ratio = 1.0 + pairs.deviations.max() / pairs.deviations.min()
    spreads = [mean_spread(overlap, pairs.deviations, counts, value) for value in (ridge, 0.0)]
    assert (np.diag(spreads[0]) <= ratio * np.diag(spreads[1])).all()


def test_learning_curve_bounds_hold() -> None:
    task = TemplateTask.parse(TASKS[0])
    for law in (20, Zipf(20, 1.0)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnprovedWarning)  # for the formula, which is not used
            (point,) = learning_curve(
                KERNEL, task, samples=[60], alphabet=law, alpha=1.0, noise=0.2, sparse=False
            )
        name = "uniform" if isinstance(law, int) else "zipf"
        cases = [drawn(task, [0] * 30 + [1] * 30, 20, name, s, 1.0) for s in range(10)]
        found = np.array([np.abs(one.dense()[0]) for one in cases])
        assert point.counts.tolist() == [30, 30]
        assert (found.mean(axis=0) <= point.bias_bound).all()
        assert (point.least_bias <= found.max(axis=1)).all()
        noise = np.array([one.dense()[1] for one in cases]) * 0.2 / 0.3
        assert (np.sqrt((noise**2).mean(axis=0)) <= point.noise_bound).all()
