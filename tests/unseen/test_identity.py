"""B1, B8 and B10: the certificate against dense linear algebra that knows nothing of it."""

from __future__ import annotations

import numpy as np
import pytest

from kernels import Cosine, KernelRidge, TransformerKernel
from tests.tolerances import IDENTITY_AGAINST_DENSE, LOEWNER_ROUNDING
from tests.toy_kernels import SymbolKernel
from tests.unseen.cases import Case, below, case
from theory import TemplateTask, certify
from theory.unseen.bounds.overlap import uniform_overlap
from theory.unseen.bounds.spread import least_spread, sample_spread

QUICK = 12
LONG = 200


def check_identity(one: Case) -> None:
    bias, noise = one.dense()
    found = certify(one.fit(), one.task, noise=one.sigma)
    scale = 1.0 + np.abs(one.task.label_array).max()
    assert np.abs(found.bias.values - bias).max() <= IDENTITY_AGAINST_DENSE * scale
    assert np.abs(found.noise.values - noise).max() <= IDENTITY_AGAINST_DENSE * one.sigma
    assert (np.abs(found.bias.values - bias) <= found.bias.errors + 1e-13).all()
    assert (np.abs(found.noise.values - noise) <= found.noise.errors + 1e-13).all()
    assert pytest.approx(one.spread, rel=1e-6, abs=1e-9) == found.matrices.V
    assert pytest.approx(one.covariance, rel=1e-6, abs=1e-9) == found.matrices.U


def loewner_bounds(one: Case) -> dict[str, bool]:
    """The bounds of B2 for one sample, by name."""
    inverse = np.diag(1.0 / one.counts)
    v, u = one.spread, one.covariance
    w = sample_spread(one.gram, one.indicator, one.pairs.apart)
    pairs = {
        "ridge D^-1 <= V": (one.ridge * inverse, v),
        "V <= W + ridge D^-1": (v, w + one.ridge * inverse),
        "D^-1 <= U": (inverse, u),
        "U <= V / ridge": (u, v / one.ridge),
        "0 <= Sigma": (np.zeros_like(one.sigma_matrix), one.sigma_matrix),
    }
    most = max(one.pairs.wildcards)
    if one.seen >= most:
        least = least_spread(one.pairs, one.counts, one.ridge, one.seen)
        pairs["Delta(m_n) + ridge D^-1 <= V"] = (least, v)
    if one.symbols >= most:
        overlap = uniform_overlap(one.pairs, one.symbols)
        pairs["0 <= Delta"] = (np.zeros_like(overlap), overlap)
    return {name: below(*both, LOEWNER_ROUNDING) for name, both in pairs.items()}


@pytest.mark.parametrize("seed", range(QUICK))
def test_identity_and_bounds(seed: int) -> None:
    one = case(seed, samples=40)
    check_identity(one)
    found = loewner_bounds(one)
    assert all(found.values()), found


@pytest.mark.long
def test_identity_and_bounds_in_200_cases() -> None:
    counted = 0
    for seed in range(LONG):
        one = case(seed)
        check_identity(one)
        found = loewner_bounds(one)
        assert all(found.values()), (seed, found)
        counted += len(found)
    assert counted > 6 * LONG


@pytest.mark.parametrize("route", ["dense", "structured"])
def test_certificate_is_that_of_the_predictions(route: str) -> None:
    one = case(7)
    model = one.fit(seed=3, route=route)
    found = certify(model, one.task, noise=one.sigma)
    predicted = model.predict(one.task.unseen())
    assert found.predictions.values == pytest.approx(predicted, abs=1e-9)
    assert found.errors.values == pytest.approx(predicted - one.task.label_array, abs=1e-9)
    assert found.counts.tolist() == one.counts.tolist()


def test_mean_and_deviation_over_label_noise() -> None:
    """By drawing labels again, many columns at once: a third route to bias and noise."""
    one = case(1)
    rng = np.random.default_rng(0)
    labels = one.task.label_array[one.index][:, None]
    draws = labels + one.sigma * rng.standard_normal((len(labels), 4_000))
    model = KernelRidge(one.kernel, alpha=one.ridge).fit(one.strings, draws)
    errors = model.predict(one.task.unseen()) - one.task.label_array[:, None]
    found = certify(one.fit(), one.task, noise=one.sigma)
    deviation = errors.std(axis=1)
    assert deviation == pytest.approx(found.noise.values, rel=4.0 / np.sqrt(2 * 4_000))
    assert (np.abs(errors.mean(axis=1) - found.bias.values) < 4.0 * deviation / np.sqrt(4e3)).all()
    # The bound fails as often as it says, within four standard deviations of a binomial.
    bound = found.bound(0.1)
    failed = (np.abs(errors) > bound[:, None]).any(axis=0).mean()
    assert failed <= 0.1 + 4.0 * np.sqrt(0.09 / 4_000)
    # The estimate from labels alone is unbiased, with the covariance sigma^2 U.
    assert found.unbiased.values == pytest.approx(one.task.label_array, abs=4.0 * one.sigma)


def test_label_check_of_the_worst_case() -> None:
    one = case(0)
    found = certify(one.fit(), one.task, noise=one.sigma)
    apart, spread = one.pairs.apart, one.spread
    worst = np.abs(spread @ np.linalg.inv(apart + spread)).sum(axis=1)
    assert found.worst_bias.values == pytest.approx(worst, rel=1e-8)


def test_loose_solves_stay_within_their_error() -> None:
    one = case(3, samples=110)
    bias, noise = one.dense()
    for tolerance in (1e-1, 1e-2, 1e-4):
        model = one.fit(route="structured")
        found = certify(model, one.task, noise=one.sigma, tolerance=tolerance)
        assert (np.abs(found.bias.values - bias) <= found.bias.errors).all()
        assert (np.abs(found.noise.values - noise) <= found.noise.errors).all()


def test_seen_symbols_stay_within_their_bound() -> None:
    one = case(2, largest=60)
    found = certify(one.fit(), one.task, noise=0.3)
    shifted = one.gram + one.ridge * np.eye(len(one.index))
    mean = one.gram @ np.linalg.solve(shifted, one.task.label_array[one.index])
    noise = 0.3 * np.linalg.norm(np.linalg.solve(shifted, one.gram), axis=0)
    labels = one.task.label_array[one.index]
    apart = found.seen_bound(0.999999)[one.index]  # at probability 0 the noise counts for little
    assert (np.abs(mean - labels) <= apart).all()
    assert (noise <= 0.3 * np.sqrt(found.equal[one.index] / (4.0 * one.ridge)) + 1e-12).all()


def test_mean_square_over_fresh_strings_is_bounded() -> None:
    kernel = TransformerKernel(2.0, 1.0, Cosine(1.0, 1.2))
    task = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
    sample = task.sample(200, alphabet=30, seed=0)
    model = KernelRidge(kernel, alpha=0.1).fit(sample.strings, sample.labels)
    fresh = task.sample(4_000, alphabet=30, seed=9)
    missed = model.predict(fresh.strings) - fresh.labels
    found = certify(model, task)
    bound = found.typical_seen_bias(sample.diversity)
    for a in range(2):
        own = missed[fresh.templates == a]
        assert np.sqrt(np.mean(own**2)) <= bound[a]


def test_specializations_are_templates_of_their_own() -> None:
    """B10: samples whose tokens hit R, against the dense route."""
    task = TemplateTask.parse({"αSα": 1.0, "αTβ": -1.0, "αUα": 0.5})
    strings = ["ASA", "BSB", "TST", "CTD", "STA", "ATS", "BUB", "UTS", "AUA", "SUS", "ATU"]
    index = [next(i for i, z in enumerate(task.templates) if z.match(s)) for s in strings]
    model = KernelRidge(SymbolKernel(), alpha=0.2).fit(strings, task.label_array[index])
    found = certify(model, task, noise=0.0, specialize=True)
    predicted = model.predict(["XSX", "XTY", "XUX"])  # `unseen` has letters of this sample
    assert found.bias.values == pytest.approx(predicted - task.label_array, abs=1e-10)
    assert len(found.listed) > len(task)
    assert "TST" in [str(z) for z in found.listed]


def test_template_without_a_sample() -> None:
    task = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
    model = KernelRidge(SymbolKernel(), alpha=0.2).fit(["AA", "BB"], [1.0, 1.0])
    found = certify(model, task)
    assert found.counts.tolist() == [2, 0]
    predicted = model.predict(["XX", "XY"])
    assert found.bias.values == pytest.approx(predicted - task.label_array, abs=1e-12)


def test_certificate_is_read_at_a_glance() -> None:
    one = case(0, samples=40)
    found = certify(one.fit(), one.task, noise=one.sigma)
    words = str(found)
    for template, error in zip(one.task.templates, found.errors, strict=True):
        assert f"{template} {error:.3g}" in words
    assert words in repr(found)
    assert len(words.splitlines()) == 1
