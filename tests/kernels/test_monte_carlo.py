"""Sampling estimates: right within their standard errors, and standard errors that are right."""

from __future__ import annotations

import math

import jax
import numpy as np
import pytest
from scipy import integrate, stats

from kernels.attention.base import AttentionEstimator
from kernels.attention.gaussian import LogitLaw
from kernels.attention.product_rule import ProductRule
from kernels.attention.sampling import moments as sampling
from kernels.attention.sampling.monte_carlo import MonteCarlo
from kernels.attention.sampling.quasi_monte_carlo import QuasiMonteCarlo
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates import ErrorKind
from kernels.strings.patterns import Pattern
from tests.reference_values import REFERENCES, Reference
from tests.tolerances import LAW_ROUNDING, SPREAD_OF_150, STANDARD_ERRORS, TAIL_OF_NORMALS

SMALL = [MonteCarlo(20_000), QuasiMonteCarlo(points=2**8, scrambles=8)]
each_estimator = pytest.mark.parametrize("estimator", SMALL, ids=lambda e: type(e).__name__)


@pytest.mark.parametrize("reference", REFERENCES, ids=str)
@pytest.mark.parametrize(
    "estimator",
    [MonteCarlo(samples=200_000), QuasiMonteCarlo(points=2**12)],
    ids=lambda e: type(e).__name__,
)
def test_reference_values(estimator: AttentionEstimator, reference: Reference) -> None:
    found = estimator.estimate([reference.pattern], reference.beta, reference.gamma)[0]
    assert found.kind is ErrorKind.STATISTICAL
    assert 0.0 < found.error < 2e-2 * found.value
    assert abs(found.value - reference.k_attn) <= STANDARD_ERRORS * found.error


@each_estimator
def test_standard_errors_are_right(estimator: MonteCarlo | QuasiMonteCarlo) -> None:
    """Misses over 60 seeds, in standard errors, spread as they should: chi-square either way."""
    pattern, beta, gamma = Pattern.of("AB", "AC"), 1.5, 0.5
    exact = ProductRule(1e-8).estimate([pattern], beta, gamma)[0].value
    kind = type(estimator)
    small = {"samples": 2_000} if kind is MonteCarlo else {"points": 2**6, "scrambles": 16}
    runs = [kind(**small, seed=seed).estimate([pattern], beta, gamma)[0] for seed in range(60)]
    misses = np.array([(run.value - exact) / run.error for run in runs])
    assert (
        stats.kstest(misses, stats.t(df=15 if kind is QuasiMonteCarlo else 999).cdf).pvalue > 1e-3
    )


@each_estimator
def test_an_event_too_rare_to_be_drawn_is_in_the_error(
    estimator: MonteCarlo | QuasiMonteCarlo,
) -> None:
    """At this gamma softmax is hard but where the positions nearly tie: once in a million draws.

    ``1 - K / gamma^2`` is the density of a tie times ``E[d coth(beta d / 2)]``, d the difference of
    the two tokens' parts.
    """
    beta, gamma = 10.0, 1e6
    found = estimator.estimate([Pattern.of("A", "B")], beta, gamma)[0]
    tie, _ = integrate.quad(
        lambda d: d / math.tanh(0.5 * beta * d) * stats.norm.pdf(d, scale=math.sqrt(2.0)),
        1e-12,
        12.0,
    )
    truth = gamma**2 * (1.0 - 2.0 * tie / (2.0 * math.sqrt(math.pi) * gamma))
    assert abs(found.value - truth) <= STANDARD_ERRORS * found.error
    assert found.error < 1e-3 * truth


def test_quasi_monte_carlo_converges_faster() -> None:
    pattern = Pattern.of("AA", "BB")
    plain = MonteCarlo(2**16).estimate([pattern], 1.0, 1.0)[0]
    quasi = QuasiMonteCarlo(points=2**12, scrambles=16).estimate([pattern], 1.0, 1.0)[0]
    assert quasi.error < 0.1 * plain.error


def test_antithetic_pairs_share_no_more_than_their_draw() -> None:
    """Four times the samples, half the error: the pairs are independent of one another."""
    pattern = Pattern.of("AAB", "CDC")
    few = MonteCarlo(100_000).estimate([pattern], 1.0, 1.0)[0]
    many = MonteCarlo(400_000).estimate([pattern], 1.0, 1.0)[0]
    assert few.error / many.error == pytest.approx(2.0, rel=0.02)


def test_normals_are_normal() -> None:
    with jax.enable_x64(True):
        pair = sampling.normals(jax.random.key(1), 10, 10_000)
        first, second = (np.asarray(part).ravel() for part in pair)
    assert first.dtype == np.float64
    for sample in (
        first,
        second,
        (first + second) / math.sqrt(2.0),
        (first - second) / math.sqrt(2.0),
    ):
        assert stats.kstest(sample, "norm").pvalue > TAIL_OF_NORMALS
    # Directions are uniform around the circle, in sixteen parts of it and within each.
    turns = np.arctan2(second, first) / (2.0 * math.pi) * 16.0
    counts = np.bincount(np.floor(turns).astype(int) + 8, minlength=16)
    assert stats.chisquare(counts).pvalue > TAIL_OF_NORMALS
    assert stats.kstest(turns % 1.0, "uniform").pvalue > TAIL_OF_NORMALS
    # Radii, independent of the directions.
    assert stats.kstest(np.hypot(first, second), "rayleigh").pvalue > TAIL_OF_NORMALS
    assert stats.pearsonr(first**2, second**2).pvalue > TAIL_OF_NORMALS


def test_jax_integrand_is_the_law_s() -> None:
    law = LogitLaw.of(Pattern.of("ABA", "CDD"), 0.7)
    z = np.random.default_rng(0).standard_normal((law.rank, 50))
    with jax.enable_x64(True):
        logits = jax.numpy.asarray(30.0 * law.factor @ z)
        found = np.asarray(sampling._integrand(logits, jax.numpy.asarray(law.insertion)))
    np.testing.assert_allclose(found, law.integrand(z, 30.0), rtol=LAW_ROUNDING)


@each_estimator
def test_same_seed_same_result_whatever_stands_beside(estimator: AttentionEstimator) -> None:
    patterns = [Pattern.of("AA", "BB"), Pattern.of("AB", "CD"), Pattern.of("AB", "BA")]
    forward = estimator.estimate(patterns, 1.0, 1.0)
    backward = estimator.estimate(patterns[::-1], 1.0, 1.0, n_jobs=2)
    np.testing.assert_array_equal(forward.values, backward.values[::-1])
    np.testing.assert_array_equal(forward.errors, backward.errors[::-1])


def test_another_seed_another_result() -> None:
    pattern = [Pattern.of("AA", "BB")]
    assert (
        MonteCarlo(1000, seed=1).estimate(pattern, 1.0, 1.0)[0]
        != MonteCarlo(1000, seed=2).estimate(pattern, 1.0, 1.0)[0]
    )


@pytest.mark.parametrize("length", [2, 100, 10**4, 10**7])
def test_a_block_is_as_long_as_fits(length: int) -> None:
    """Numbers of a block: less than a cache of 2^20, and more than half of it, or 2^14 pairs."""
    if jax.default_backend() != "cpu":
        pytest.skip("an accelerator has other caches")
    law = LogitLaw(np.zeros((0, 3)), np.broadcast_to(0.0, (length, length)))
    block, numbers = sampling.block_size(law), 3 + 6 * length
    assert block == 1 or block * numbers <= 2**20
    assert block == 2**14 or 2 * block * numbers > 2**20
    assert sampling.block_size(LogitLaw.of(Pattern.of("A", "B"), 1.0)) == 2**14


def test_draws_do_not_depend_on_the_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that stops to let the user interrupt goes on with the next block, not the first."""
    law = LogitLaw.of(Pattern.of("AA", "BB"), 1.0)
    pairs = 5 * sampling.block_size(law) // 2
    whole = sampling.pair_moments(law, 1.0, pairs, 7)
    monkeypatch.setattr(sampling, "_LONGEST_RUN", 1)
    in_parts = sampling.pair_moments(law, 1.0, pairs, 7)
    assert in_parts == pytest.approx(whole, rel=LAW_ROUNDING)


def test_patterns_of_one_shape_share_a_compilation() -> None:
    patterns = [Pattern.of("AAB", "CCD"), Pattern.of("ABB", "CDD"), Pattern.of("ABA", "CDC")]
    assert len({LogitLaw.of(pattern, 1.0).rank for pattern in patterns}) == 1
    MonteCarlo(1000).estimate(patterns[:1], 1.0, 1.0)
    before = sampling._sums._cache_size()
    MonteCarlo(50_000).estimate(patterns, 0.7, 2.0)
    assert sampling._sums._cache_size() == before


@each_estimator
def test_extreme_beta(estimator: AttentionEstimator) -> None:
    """A hard maximum: both strings attend to one position, and nothing overflows."""
    found = estimator.estimate([Pattern.of("AB", "AB")], 1e4, 1.0)[0]
    assert abs(found.value - 2.0) <= STANDARD_ERRORS * found.error + 1e-2


@each_estimator
@pytest.mark.parametrize(("beta", "gamma"), [(0.0, 1.0), (0.0, 0.0), (1e-6, 0.5), (1.0, 0.0)])
def test_at_the_axes(estimator: AttentionEstimator, beta: float, gamma: float) -> None:
    pattern = Pattern.of("AB", "AC")
    exact = ProductRule(1e-10).estimate([pattern], beta, gamma)[0]
    found = estimator.estimate([pattern], beta, gamma)[0]
    assert found.error > 0.0
    assert abs(found.value - exact.value) <= STANDARD_ERRORS * found.error + LAW_ROUNDING
    if beta < 1e-3:
        assert found.error < 1e-6


def test_small_runs_have_errors_too() -> None:
    found = MonteCarlo(samples=5).estimate([Pattern.of("AA", "BB")], 1.0, 1.0)[0]
    assert found.error > 0.0
    assert "6 samples" in found.method


@pytest.mark.parametrize(
    ("argument", "build"),
    [
        ("samples", lambda: MonteCarlo(samples=2)),
        ("seed", lambda: MonteCarlo(seed=-1)),
        ("points", lambda: QuasiMonteCarlo(points=1000)),
        ("scrambles", lambda: QuasiMonteCarlo(scrambles=1)),
        ("beta", lambda: MonteCarlo().estimate([Pattern.of("A", "B")], -1.0, 1.0)),
        ("gamma", lambda: QuasiMonteCarlo().estimate([Pattern.of("A", "B")], 1.0, math.nan)),
    ],
)
def test_wrong_input_names_its_argument(argument: str, build: object) -> None:
    assert callable(build)
    with pytest.raises(InvalidInputError) as caught:
        build()
    assert caught.value.argument == argument


def test_a_standard_error_is_the_spread_of_other_seeds() -> None:
    """Neither larger nor smaller: 150 values tell a third more or less."""
    pattern = Pattern.of("AAB", "CDC")
    found = [MonteCarlo(500, seed=seed).estimate([pattern], 1.0, 1.0)[0] for seed in range(150)]
    spread = np.std([one.value for one in found], ddof=1)
    stated = math.sqrt(np.mean([one.error**2 for one in found]))
    assert abs(spread / stated - 1.0) < SPREAD_OF_150
