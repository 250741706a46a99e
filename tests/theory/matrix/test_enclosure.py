"""Proved spectra: exact arithmetic on one side, the worst matrix within the errors on the other."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, fmpq, fmpq_mat
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp

from kernels import (
    AttentionKernel,
    Cosine,
    EstimateArray,
    Exponential,
    Polynomial,
    ReLU,
    Sine,
    TransformerKernel,
)
from kernels.attention.proved.estimator import ProvedQuadrature
from kernels.estimates import ErrorKind, Numerical, Proved
from tests import tolerances
from tests.toy_kernels import RelationalKernel
from theory import Singularity, Template, template_matrix
from theory.enclosure.entries import EnclosedMatrix
from theory.enclosure.factorization import factorize
from theory.enclosure.spectrum import SpectralEnclosure, enclose_spectrum
from theory.nonsingularity.proof import ContradictionError, proof_of_rank

PROVED = ProvedQuadrature(tolerance=1e-13)
PAIR = [Template.parse("αα"), Template.parse("αβ")]


def gram(seed: int, r: int, smallest: float) -> np.ndarray:
    """A symmetric matrix with eigenvalues from about 1 down to about ``smallest``."""
    rng = np.random.default_rng(seed)
    vectors = np.linalg.qr(rng.normal(size=(r, r)))[0]
    matrix = vectors @ np.diag(np.geomspace(1.0, smallest, r)) @ vectors.T
    return np.asarray((matrix + matrix.T) / 2.0)


def exact_spectrum(matrix: np.ndarray) -> list[float]:
    """Its eigenvalues, to 60 digits."""
    with mp.workdps(60):
        found = mp.eigsy(mp.matrix(matrix.tolist()), eigvals_only=True)
        return sorted(mp.mpf(one) for one in found)


def exact_log_determinant(matrix: np.ndarray) -> float:
    """The logarithm of its determinant, which is a fraction."""
    entries = [fmpq(*Fraction(x).as_integer_ratio()) for x in matrix.ravel().tolist()]
    found = fmpq_mat(len(matrix), len(matrix), entries).det()
    with mp.workdps(40):
        return mp.log(mp.mpf(int(found.p)) / mp.mpf(int(found.q)))


def enclosed(matrix: np.ndarray, error: float = 0.0) -> SpectralEnclosure:
    """The spectrum of a matrix whose entries are known up to an error."""
    return enclose_spectrum(EnclosedMatrix.of_entries(EstimateArray.of(matrix, Proved, error)))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 9), st.sampled_from([1e-2, 1e-9, 1e-14]))
def test_exact_matrices_have_sharp_bounds(seed: int, r: int, smallest: float) -> None:
    """Far below what float64 resolves: eigenvalue, determinant and condition number."""
    matrix = gram(seed, r, smallest)
    found, values = enclosed(matrix), exact_spectrum(matrix)
    assert found.lower <= values[0] <= found.upper
    assert found.largest_lower <= values[-1] <= found.largest
    if values[0] > 0:
        assert found.positive_definite
        assert found.upper - found.lower <= tolerances.EXACT_SPECTRUM * found.upper
        assert found.log_determinant is not None
        logarithm = exact_log_determinant(matrix)
        assert abs(logarithm - found.log_determinant.value) <= found.log_determinant.error
        condition = found.condition_number
        assert abs(condition.value - values[-1] / values[0]) <= condition.error


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 8), st.floats(1e-12, 1e-2))
def test_errors_of_entries_count_as_the_worst_of_them(seed: int, r: int, error: float) -> None:
    """The perturbation ``-error v v^T / ...`` along the eigenvector's signs attains half of it."""
    matrix = gram(seed, r, 1e-3)
    found = enclosed(matrix, error)
    values, vectors = np.linalg.eigh(matrix)
    signs = np.sign(vectors[:, 0])
    worst = np.linalg.eigvalsh(matrix - error * np.outer(signs, signs))[0]
    rounding = tolerances.EIGENVALUE_ROUNDING * r
    assert found.lower <= worst + rounding
    # ||R||_2 = r error; along v it moves by error (sum |v_i|)^2, of r at most.
    reached = error * np.abs(vectors[:, 0]).sum() ** 2
    assert values[0] - found.lower <= r * error * (1.0 + 1e-6) + rounding
    assert reached <= r * error * (1.0 + 1e-9)


def test_a_matrix_that_is_not_positive_definite_is_not_proved_to_be() -> None:
    """Negative eigenvalues are bounded as well, and singular matrices are not refined forever."""
    indefinite = enclosed(np.array([[1.0, 2.0], [2.0, 1.0]]))
    assert indefinite.lower <= -1.0 <= indefinite.upper
    assert indefinite.upper - indefinite.lower < 1e-12
    assert not indefinite.positive_definite
    assert indefinite.log_determinant is None
    assert indefinite.condition_number.error == np.inf
    singular = enclosed(np.ones((3, 3)))
    assert singular.lower <= 0.0 <= singular.upper
    assert -singular.lower < 1e-12
    assert factorize(np.ones((2, 2))) is None


@pytest.mark.parametrize(
    "activation", [Cosine(40.0, 0.4), Sine(0.0, 0.0), Polynomial((0.0,))], ids=repr
)
def test_a_matrix_of_zeros_has_bounds(activation: Cosine | Sine | Polynomial) -> None:
    """Where the activation vanishes, or its values underflow, there is no step to search by."""
    found = template_matrix(TransformerKernel(1.0, 1.0, activation), PAIR).enclosure
    assert found is not None
    assert -1e-300 < found.lower <= 0.0 <= found.upper < 1e-300
    assert not found.positive_definite


@pytest.mark.parametrize("size", [5e-324, 1e-310, 1e300])
def test_the_search_for_a_bound_ends_at_every_size(size: float) -> None:
    """Subnormal and huge: the norm bounds the eigenvalues where floats have no steps left."""
    found = enclosed(size * np.array([[0.0, 1.0], [1.0, 0.0]]))
    assert found.lower <= -size <= found.upper
    assert found.lower >= -2.0 * size - 20 * 5e-324  # the least floats that there are


@pytest.mark.parametrize("activation", [Cosine(1.5, 0.4), Exponential(0.5)], ids=repr)
def test_factors_and_entries_bound_the_same_matrix(activation: Cosine) -> None:
    """Two routes to N: D E D with Ostrowski's factor, and the entries as they are."""
    kernel = TransformerKernel(1.0, 1.0, activation, attention=PROVED)
    templates = [Template.parse(z) for z in ("ααβ", "αβα", "αββ", "αβγ")]
    matrix = template_matrix(kernel, templates)
    by_factors, by_entries = (
        matrix.enclosure,
        enclose_spectrum(EnclosedMatrix.of_entries(matrix.entries)),
    )
    assert by_factors is not None
    assert by_factors.relative > 0.0 == by_entries.relative
    assert by_factors.lower <= by_entries.upper
    assert by_entries.lower <= by_factors.upper
    numerical = matrix.eigenvalues[0]
    assert abs(numerical.value - by_factors.lower) <= numerical.error + 1e-10 * by_factors.lower


def test_errors_of_single_strings_do_not_make_a_matrix_singular() -> None:
    """K(x, x) known to 1e-3 alone: N is proved nonsingular at an eigenvalue of 1e-6."""
    core = gram(3, 4, 1e-6)
    cores = [[arb(x) for x in row] for row in core.tolist()]
    factors = [arb(1.0, 1e-3), arb(0.5, 1e-3), arb(2.0, 1e-3), arb(1.0)]
    matrix = EnclosedMatrix.of_factors(factors, cores)
    assert matrix is not None
    found = enclose_spectrum(matrix)
    assert found.positive_definite
    worst = [np.diag([1.0 + s, 0.5 + s, 2.0 + s, 1.0]) for s in (-1e-3, 0.0, 1e-3)]
    for scale in worst:
        assert found.lower <= exact_spectrum(scale @ core @ scale)[0] <= found.upper
    crude = core * np.outer([1.0, 0.5, 2.0, 1.0], [1.0, 0.5, 2.0, 1.0])
    assert not enclosed(crude, 1e-3).positive_definite  # as errors of entries they cost everything
    assert EnclosedMatrix.of_factors([arb(0.0, 1.0)] * 4, cores) is None


def test_the_verdict_is_proved() -> None:
    """At proved values the smallest eigenvalue is proved, and the JSON says by what."""
    matrix = template_matrix(TransformerKernel(1.0, 1.0, attention=PROVED), PAIR)
    assert matrix.verdict.outcome is Singularity.NONSINGULAR
    assert matrix.smallest_eigenvalue.kind is ErrorKind.PROVED
    assert matrix.condition_number.kind is ErrorKind.PROVED
    shown = matrix.to_json()["enclosure"]
    assert isinstance(shown, dict)
    lower, upper = shown["smallest_eigenvalue"]
    assert 0.0 < lower <= matrix.smallest_eigenvalue.value <= upper
    assert "factorization in balls" in shown["sentence"]
    for kernel in (
        AttentionKernel(1.0, 1.0, PROVED),
        TransformerKernel(1.0, 1.0, ReLU(), attention=PROVED),
    ):
        other = template_matrix(kernel, PAIR).enclosure
        assert other is not None
        assert other.positive_definite


def test_what_is_not_proved_has_no_enclosure() -> None:
    """Numerical values of a kernel give numerical eigenvalues, as ever."""
    matrix = template_matrix(RelationalKernel(Numerical(1e-12)), PAIR)
    assert matrix.enclosure is None
    assert matrix.to_json()["enclosure"] is None
    assert matrix.smallest_eigenvalue.kind is ErrorKind.NUMERICAL


def test_an_enclosure_that_excludes_a_theorem_is_a_contradiction() -> None:
    """A singular N that is proved to be nonsingular, and the reverse."""
    kernel = AttentionKernel(1.0, 0.0, PROVED)
    templates = [Template.parse("ααβ"), Template.parse("αβα")]
    matrix = template_matrix(kernel, templates)
    wrong = enclosed(np.eye(2))
    with pytest.raises(ContradictionError, match="at least"):
        proof_of_rank(kernel, templates, matrix.entries, matrix.eigenvalues, enclosure=wrong)
    positive = AttentionKernel(1.0, 1.0, PROVED)
    right = template_matrix(positive, templates)
    with pytest.raises(ContradictionError, match="at most"):
        proof_of_rank(
            positive, templates, right.entries, right.eigenvalues, enclosure=enclosed(-np.eye(2))
        )


def test_a_factorization_of_the_wrong_matrix_is_refused() -> None:
    """Bounds that forget the errors of entries, or Ostrowski's factor, miss the truth."""
    matrix, error = gram(1, 4, 1e-3), 1e-4
    signs = np.sign(np.linalg.eigh(matrix)[1][:, 0])
    truth = exact_spectrum(matrix - error * np.outer(signs, signs))[0]
    assert enclosed(matrix, error).lower <= truth < enclosed(matrix).lower
    scaled = EnclosedMatrix.of_factors(
        [arb(1.0, 0.01)] * 4, [[arb(x) for x in row] for row in matrix.tolist()]
    )
    assert scaled is not None
    careless = replace(scaled, relative=0.0)
    # The determinant of 0.99 C 0.99 in this case is the worst, and attains nearly all of its error.
    smaller = exact_log_determinant(matrix) + 2 * len(matrix) * math.log(0.99)
    stated, forgetful = (enclose_spectrum(one).log_determinant for one in (scaled, careless))
    assert stated is not None
    assert forgetful is not None
    gap = abs(smaller - stated.value)
    assert gap <= stated.error <= (1.0 + 1e-6) * gap
    assert abs(smaller - forgetful.value) > forgetful.error
    least = exact_spectrum(0.99 * 0.99 * matrix)[0]
    assert enclose_spectrum(scaled).lower <= least < enclose_spectrum(careless).lower
