"""B2 to B7: the truth lies within each bound, and a worst case attains it within a factor."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest

from kernels import Cosine, TransformerKernel
from tests.tolerances import IDENTITY_AGAINST_DENSE, LAW_ROUNDING, LOEWNER_ROUNDING
from tests.unseen.cases import KERNEL, TASKS, Case, below, by_enumeration, drawn
from theory import TemplateTask, Uniform, Zipf
from theory.unseen.bounds.bias import bias, largest_bias, parallel_sum, weighted_bias
from theory.unseen.bounds.explicit import weights_of
from theory.unseen.bounds.overlap import (
    dominating_overlap,
    leading_overlap,
    overlap_limit,
    uniform_overlap,
)
from theory.unseen.bounds.pairs import matchings_of, partial_matchings, template_pairs
from theory.unseen.bounds.spread import mean_spread, sample_spread
from theory.unseen.bounds.uniform import UniformBounds


@pytest.mark.parametrize("written", TASKS[:5], ids=str)
@pytest.mark.parametrize("extra", [0, 1, 2])
def test_uniform_overlap_by_enumeration(written: dict[str, float], extra: int) -> None:
    task = TemplateTask.parse(written)
    m = max(len(z.wildcards) for z in task.templates) + extra
    found = uniform_overlap(template_pairs(KERNEL, task), m)
    assert found == pytest.approx(by_enumeration(task, m), abs=LAW_ROUNDING)


def test_leading_overlap_is_the_limit() -> None:
    pairs = template_pairs(KERNEL, TemplateTask.parse(TASKS[3]))
    found, wanted = 1e7 * uniform_overlap(pairs, 10**7), leading_overlap(pairs)
    assert found == pytest.approx(wanted, rel=1e-5)
    assert np.abs(1e2 * uniform_overlap(pairs, 10**2) - wanted).max() > 1e-3  # and only in it


@pytest.mark.parametrize("law", [Uniform(5), Zipf(5, 1.0), Zipf(5, 3.0)], ids=repr)
def test_overlap_limit_holds_for_any_law(law: Uniform) -> None:
    task = TemplateTask.parse(TASKS[1])
    weights = None if isinstance(law, Uniform) else law.probabilities
    true = by_enumeration(task, 5, weights)
    pairs = template_pairs(KERNEL, task)
    limit = overlap_limit(pairs, law)
    assert (np.abs(true) <= limit).all()
    assert below(true, dominating_overlap(limit), LOEWNER_ROUNDING)
    rho = task.diversity(law)
    wildcards = np.minimum.outer(pairs.wildcards, pairs.wildcards)
    scale = np.sqrt(np.outer(pairs.deviations, pairs.deviations))
    assert (limit <= wildcards / rho * scale + 1e-15).all()


def test_overlap_limit_is_attained() -> None:
    """One wildcard: sharing the symbol is the whole deviation."""
    pairs = template_pairs(KERNEL, TemplateTask.parse({"αα": 1.0}))
    assert overlap_limit(pairs, Uniform(7)) == pytest.approx(uniform_overlap(pairs, 7))


def test_matchings() -> None:
    for first, second in product(range(4), repeat=2):
        found = list(partial_matchings(first, second))
        assert len(found) == len(set(found)) == matchings_of(first, second)


def test_mean_of_the_spread_over_all_samples() -> None:
    """E[V | n] over every sample of three strings on three symbols, by enumeration."""
    task = TemplateTask.parse(TASKS[0])
    index = [0, 0, 1]
    pairs = template_pairs(KERNEL, task)
    total, spreads = np.zeros((2, 2)), np.zeros((2, 2))
    options = [[f"s{i}s{i}" for i in (1, 2, 3)]] * 2
    options.append([f"s{i}s{j}" for i, j in permutations((1, 2, 3), 2)])
    indicator = np.eye(2)[index]
    samples = list(product(*options))
    for sample in samples:
        strings = [s.replace("s", " s").strip() for s in sample]
        gram = KERNEL.gram(strings).values
        sigma = gram - indicator @ pairs.apart @ indicator.T + 0.3 * np.eye(3)
        total += np.linalg.inv(indicator.T @ np.linalg.solve(sigma, indicator))
        spreads += sample_spread(gram, indicator, pairs.apart)
    bound = mean_spread(uniform_overlap(pairs, 3), pairs.deviations, np.array([2, 1]), 0.3)
    assert below(total / len(samples), bound, LOEWNER_ROUNDING)
    exact = spreads / len(samples) + np.diag([0.15, 0.3])
    assert exact == pytest.approx(bound, abs=LAW_ROUNDING)  # W attains it in the mean
    assert total / len(samples) == pytest.approx(bound, rel=0.3)


def test_loewner_bounds_are_attained() -> None:
    one = drawn(TemplateTask.parse(TASKS[0]), [0, 1], 9, "uniform", 0, 0.3)
    w = sample_spread(one.gram, one.indicator, one.pairs.apart)
    assert one.spread == pytest.approx(w + 0.3 * np.eye(2))  # one sample each: nothing to weight
    fixed = TemplateTask.parse({"ab": 1.0, "ba": -1.0})  # no wildcards: Sigma = 0
    none = drawn(fixed, [0, 1, 1], 5, "uniform", 0, 0.3)
    inverse = np.diag(1.0 / none.counts)
    assert none.spread == pytest.approx(0.3 * inverse)
    assert none.covariance == pytest.approx(inverse)
    assert none.covariance == pytest.approx(none.spread / 0.3)


def test_least_spread_is_attained() -> None:
    """Every injection once, and a small ridge: the sample is the uniform law itself."""
    task = TemplateTask.parse(TASKS[0])
    m = 6
    strings = [f"s{i} s{i}" for i in range(1, m + 1)]
    strings += [f"s{i} s{j}" for i, j in permutations(range(1, m + 1), 2)]
    index = np.array([0] * m + [1] * (m * (m - 1)))
    gram = KERNEL.gram(strings).values
    pairs = template_pairs(KERNEL, task)
    indicator, ridge = np.eye(2)[index], 1e-6
    sigma = gram - indicator @ pairs.apart @ indicator.T + ridge * np.eye(len(index))
    spread = np.linalg.inv(indicator.T @ np.linalg.solve(sigma, indicator))
    assert spread == pytest.approx(uniform_overlap(pairs, m), rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("law", ["uniform", "zipf", "cyclic"])
def test_bias_lies_between_its_bounds(law: str) -> None:
    task = TemplateTask.parse(TASKS[2])
    index = [0, 1, 2] * 8
    one = drawn(task, index, 12, law, 5, 0.2)
    apart, g = one.pairs.apart, weights_of(one.pairs.apart, task.label_array)
    true = bias(apart, one.spread, task.label_array)
    assert true == pytest.approx(one.dense()[0], abs=IDENTITY_AGAINST_DENSE)
    bound = largest_bias(apart, one.spread, g)
    assert (np.abs(true) <= bound * (1.0 + LOEWNER_ROUNDING)).all()
    assert weighted_bias(apart, one.spread, g) == pytest.approx(-g @ true)
    least = uniform_overlap(one.pairs, one.seen) + np.diag(0.2 / one.counts)
    assert weighted_bias(apart, least, g) <= -g @ true


def test_bias_bound_is_attained_by_one_template() -> None:
    apart, spread, labels = np.array([[2.0]]), np.array([[0.5]]), np.array([3.0])
    found = largest_bias(apart, spread, labels / 2.0)
    assert found == pytest.approx(np.abs(bias(apart, spread, labels)))


def test_parallel_sum_is_below_both_and_concave() -> None:
    rng = np.random.default_rng(0)
    one, two, three = (a @ a.T for a in rng.standard_normal((3, 4, 4)))
    for other in (one, two):
        assert below(parallel_sum(one, two), other, LOEWNER_ROUNDING)
    mean = (parallel_sum(one, two) + parallel_sum(one, three)) / 2.0
    assert below(mean, parallel_sum(one, (two + three) / 2.0), LOEWNER_ROUNDING)
    assert below(parallel_sum(one, two), parallel_sum(one, two + three), LOEWNER_ROUNDING)


def test_uniform_bounds_hold_in_the_mean() -> None:
    task = TemplateTask.parse(TASKS[0])
    kernel = TransformerKernel(2.0, 1.0, Cosine(1.0, 1.2))
    pairs = template_pairs(kernel, task)
    counts, m, ridge = np.array([40, 40]), 15, 0.1
    found = UniformBounds(
        pairs.apart, uniform_overlap(pairs, m), pairs.deviations, task.label_array, counts, ridge
    )
    limit, falling = found.bias
    biases, noises, covariances = [], [], []
    for seed in range(12):
        one = drawn(task, [0] * 40 + [1] * 40, m, "uniform", seed, ridge)
        one = Case(task, one.strings, one.index, m, ridge, "uniform", kernel, sigma=1.0)
        b, s = one.dense()
        biases.append(np.abs(b - limit))
        noises.append(s**2)
        covariances.append(one.covariance)
    assert (np.mean(biases, axis=0) <= falling).all()
    assert (np.mean(noises, axis=0) <= found.noise(1.0) ** 2).all()
    assert below(np.mean(covariances, axis=0), found.covariance, LOEWNER_ROUNDING)
    # Within a stated factor: 6 for the mean of the bias, 3 for a standard deviation.
    assert (falling <= 6.0 * np.mean(biases, axis=0)).all()
    assert (found.noise(1.0) <= 3.0 * np.sqrt(np.mean(noises, axis=0))).all()
