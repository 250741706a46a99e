"""Kernels on strings: the table, Gram matrices, symmetry, positivity, errors carried through."""

from __future__ import annotations

import copy
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joblib import parallel_config
from joblib._parallel_backends import ThreadingBackend

from kernels import (
    AttentionEstimator,
    AttentionKernel,
    Cosine,
    Erf,
    EstimateArray,
    InvalidInputError,
    Kernel,
    MLPKernel,
    MonteCarlo,
    Numerical,
    Pattern,
    Quadrature,
    QuasiMonteCarlo,
    ReLU,
    TooLargeError,
    TransformerKernel,
    encode,
)
from kernels.activations.propagation import dual_of_estimates
from tests.tolerances import EIGENVALUE_ROUNDING, STANDARD_ERRORS
from validation import strategies

FAST = Quadrature(1e-8, effort=1e9)
KERNELS: list[Kernel] = [
    AttentionKernel(0.8, 0.6, FAST),
    TransformerKernel(0.8, 0.6, Cosine(1.5, 0.4), FAST),
    TransformerKernel(0.8, 0.6, ReLU(), FAST, scaling="appendix-H"),
    TransformerKernel(0.8, 0.0, Cosine(1.5, 0.4), FAST),
    MLPKernel(Cosine(1.5, 0.4)),
    MLPKernel(Erf(), depth=3),
]
KERNEL = pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: type(kernel).__name__)
STRINGS = ["AA", "AB", "BA", "BC", "CC"]


@KERNEL
def test_a_gram_matrix_is_its_entries(kernel: Kernel) -> None:
    gram = kernel.gram(STRINGS, ["AC", "DD"])
    for (i, x), (j, y) in itertools.product(enumerate(STRINGS), enumerate(["AC", "DD"])):
        one = copy.copy(kernel)(x, y)
        assert (gram.values[i, j], gram.errors[i, j]) == (one.value, one.error)


@KERNEL
def test_gram_matrices_are_positive_semidefinite(kernel: Kernel) -> None:
    gram = kernel.gram(STRINGS)
    np.testing.assert_array_equal(gram.values, gram.values.T)
    slack = np.linalg.norm(gram.errors, 2) + EIGENVALUE_ROUNDING * np.trace(gram.values)
    assert np.linalg.eigvalsh(gram.values)[0] >= -slack


@KERNEL
@given(pair=strategies.string_pairs(max_length=3), permutation=strategies.permutations_of_tokens())
def test_token_symmetry(kernel: Kernel, pair: tuple[str, str], permutation: dict[str, str]) -> None:
    """Def. C.1, evaluated afresh on both sides, so that the table cannot hide a difference."""
    moved = [strategies.permuted(string, permutation) for string in pair]
    first = kernel.evaluate([Pattern.of(*pair)])[0]
    second = kernel.evaluate([Pattern.of(*moved)])[0]
    assert abs(first.value - second.value) <= first.error + second.error


def with_positions_moved(pair: tuple[str, str], random: object) -> list[str]:
    """Both strings under one permutation of positions."""
    order = list(range(len(pair[0])))
    random.shuffle(order)  # type: ignore[attr-defined] # Hypothesis gives a random.Random
    return ["".join(string[i] for i in order) for string in pair]


@KERNEL
@given(pair=strategies.string_pairs(max_length=3), random=st.randoms(use_true_random=False))
def test_keys_promise_only_what_holds(
    kernel: Kernel, pair: tuple[str, str], random: object
) -> None:
    """Patterns that share a key share the value: here, under a permutation of positions."""
    moved = with_positions_moved(pair, random)
    patterns = [Pattern.of(*pair), Pattern.of(*moved)]
    assert kernel.symmetry.key(patterns[0]) == kernel.symmetry.key(patterns[1])
    first, second = (kernel.evaluate([pattern])[0] for pattern in patterns)
    assert abs(first.value - second.value) <= first.error + second.error


@pytest.mark.parametrize("gamma", [0.0, 1.0])
@given(pair=strategies.string_pairs(max_length=3), random=st.randoms(use_true_random=False))
def test_sampled_values_do_not_depend_on_what_was_asked_first(
    gamma: float, pair: tuple[str, str], random: object
) -> None:
    moved = with_positions_moved(pair, random)
    # Samples enough that no covariance comes out so far from possible that it is refused.
    sampled = MonteCarlo(4_096)
    for kernel in (AttentionKernel, TransformerKernel):
        first, second = (kernel(1.0, gamma, attention=sampled) for _ in range(2))
        assert first(*pair) == second(*moved) == second(*pair)


def test_copies_share_a_table_that_nobody_has_used_yet() -> None:
    for kernel in (MLPKernel(), TransformerKernel(1.0, 1.0)):
        assert copy.deepcopy(kernel).table is kernel.table


@given(rows=st.integers(1, 6), k=st.integers(1, 6), seed=st.integers(0, 2**20))
def test_pairs_of_an_mlp_are_told_apart_by_their_agreements_alone(
    rows: int, k: int, seed: int
) -> None:
    codes = np.random.default_rng(seed).integers(1, 4, (2 * rows, k))
    x, y = (encode(part) for part in np.split(codes, 2))
    kernel = MLPKernel()
    patterns, index = kernel.symmetry.classes(x.codes, y.codes)
    assert len({pattern.agreements for pattern in patterns}) == len(patterns)
    for i, j in itertools.product(range(rows), repeat=2):
        assert patterns[index[i, j]].agreements == Pattern.of(x[i], y[j]).agreements


def test_workers_do_not_change_values() -> None:
    patterns = [Pattern.of("AAB", y) for y in ("CDE", "CCD", "ABA", "BAC")]
    one, two = (FAST.estimate(patterns, 1.0, 0.5, n_jobs=jobs) for jobs in (1, 2))
    np.testing.assert_array_equal(one.values, two.values)


def test_a_dask_cluster_gives_the_same_values() -> None:
    distributed = pytest.importorskip("distributed")

    patterns = [Pattern.of("AAB", y) for y in ("CDE", "CCD")]
    alone = FAST.estimate(patterns, 1.0, 0.5)
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster),
        parallel_config(backend="dask"),
    ):
        there = FAST.estimate(patterns, 1.0, 0.5, n_jobs=2)
    np.testing.assert_array_equal(alone.values, there.values)


@pytest.mark.parametrize("activation", [Cosine(1.5, 0.4), ReLU(), Erf()])
def test_errors_of_the_covariance_are_carried(activation: Cosine) -> None:
    """No corner of the stated errors is further off than the carried one, and one comes near."""
    given = [np.array([v]) for v in (0.7, 0.5, 0.9)]
    for sizes in np.array([(1.0, 1.0, 1.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)]) * 1e-3:
        estimates = [EstimateArray.of(v, Numerical, e) for v, e in zip(given, sizes, strict=True)]
        found = dual_of_estimates(activation, *estimates)
        corners = np.array(list(itertools.product((-1.0, 1.0), repeat=3))) * sizes
        moved = activation.dual(*(v + moves for v, moves in zip(given, corners.T, strict=True)))
        gap = np.abs(moved.values - found.values).max()
        assert 0.99 * found.errors[0] <= gap <= 1.01 * found.errors[0]


class ShiftedReLU(ReLU):
    """`ReLU` whose dual is known from values that are all too large by the same."""

    def dual(self, xx: np.ndarray, xy: np.ndarray, yy: np.ndarray) -> EstimateArray:
        return EstimateArray.of(super().dual(xx, xy, yy).values + 1e-4, Numerical, 1e-4)

    def enclosure(self, *_: object) -> None:
        return None


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_an_mlp_carries_the_errors_of_its_variances(depth: int) -> None:
    """The dual of ReLU rises with all three: each layer's shift does what its error may do."""
    found = MLPKernel(ShiftedReLU(), depth)("AAAA", "AABB")
    gap = found.value - MLPKernel(ReLU(), depth)("AAAA", "AABB").value
    assert 0.95 * found.error <= gap <= 1.001 * found.error


def test_the_kernel_is_the_mean_over_random_features() -> None:
    """A network of random heads, its read-out passed through phi: no formula of the kernel used."""
    beta, gamma, activation, draws, heads = 1.0, 0.5, Cosine(1.5, 0.4), 20_000, 128
    rng = np.random.default_rng(1)
    keys, values = rng.normal(size=(2, 4, draws, heads))
    key_positions, value_positions = rng.normal(size=(2, 3, draws, heads))

    def features(tokens: list[int]) -> np.ndarray:
        logits = beta * (keys[tokens] + gamma * key_positions)
        weights = np.exp(logits) / np.exp(logits).sum(axis=0)
        read = (weights * (values[tokens] + gamma * value_positions)).sum(axis=0)
        return activation(read.sum(axis=1) / np.sqrt(heads))

    products = features([0, 0, 1]) * features([2, 3, 1])
    error = products.std() / np.sqrt(draws)
    found = TransformerKernel(beta, gamma, activation, FAST)("AA", "CD")
    assert abs(products.mean() - found.value) <= STANDARD_ERRORS * error
    wrong = TransformerKernel(2.0 * beta, gamma, activation, FAST)("AA", "CD")
    assert abs(products.mean() - wrong.value) > STANDARD_ERRORS * error


def test_statistical_errors_stay_statistical() -> None:
    kernel = TransformerKernel(1.0, 1.0, Cosine(), MonteCarlo(samples=4096, seed=3))
    found, exact = kernel("AA", "BC"), TransformerKernel(1.0, 1.0, Cosine(), FAST)("AA", "BC")
    assert found.kind == "statistical"
    assert 0.0 < abs(found.value - exact.value) <= STANDARD_ERRORS * found.error


def test_scalings_differ_by_the_inverse_temperature() -> None:
    other = AttentionKernel(0.8 * np.sqrt(1.36), 0.6, FAST)("AA", "BC")
    assert AttentionKernel(0.8, 0.6, FAST, "appendix-H")("AA", "BC").value == pytest.approx(
        other.value, abs=1e-12
    )


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"beta": -1.0}, "beta"),
        ({"gamma": float("nan")}, "gamma"),
        ({"beta": float("inf")}, "beta"),
        ({"scaling": "appendix-Z"}, "scaling"),
    ],
)
def test_parameters_that_make_no_sense(arguments: dict[str, object], name: str) -> None:
    with pytest.raises((InvalidInputError, TypeError), match=name):
        TransformerKernel(**arguments)  # type: ignore[arg-type] # on purpose


def test_strings_that_do_not_fit_together() -> None:
    with pytest.raises(InvalidInputError, match="length of x, 2, and has 3"):
        MLPKernel()("AA", "BBB")
    with pytest.raises(InvalidInputError, match="y = "):
        MLPKernel().gram(["AA"], ["BBB"])
    with pytest.raises(InvalidInputError, match="at least one string"):
        MLPKernel().gram([])


def test_a_matrix_that_cannot_fit_is_refused_before_work() -> None:
    from theory import TemplateTask

    many = TemplateTask.parse({"αα": 1.0}).sample(200_000, alphabet=10, seed=0).strings
    with pytest.raises(TooLargeError, match="GB"):
        MLPKernel().gram(many)


@pytest.mark.parametrize("estimator", [FAST, MonteCarlo(1000), QuasiMonteCarlo(64, 4)])
def test_joblib_decides_who_works_unless_told(
    estimator: AttentionEstimator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inside `parallel_config` the workers are its own; an argument overrides it."""
    seen: list[int] = []
    effective = ThreadingBackend.effective_n_jobs
    monkeypatch.setattr(
        ThreadingBackend,
        "effective_n_jobs",
        lambda self, n_jobs: seen.append(n_jobs) or effective(self, n_jobs),
    )
    patterns = [Pattern.of("ABAB", y) for y in ("CDDC", "CCDD")]
    with parallel_config(backend="threading", n_jobs=2):
        estimator.estimate(patterns, 1.0, 0.5)
    assert 2 in seen


@pytest.mark.parametrize("kernel", [MLPKernel(), TransformerKernel(0.5, 0.3)], ids=repr)
def test_diagonal_is_that_of_the_gram_matrix(kernel: Kernel) -> None:
    strings = ["AAB", "ABC", "CCC", "XYX", "BBA"]
    own, gram = kernel.diagonal(strings), kernel.gram(strings)
    assert (own.values == np.diag(gram.values)).all()
    assert (own.errors == np.diag(gram.errors)).all()
    with pytest.raises(InvalidInputError, match=r"x = "):
        kernel.diagonal(["AB", "A"])
