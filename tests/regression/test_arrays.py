"""Sums over many rows: each part on a thread of its own, against the same by NumPy."""

from __future__ import annotations

import math
import threading

import numpy as np
import pytest
from scipy.sparse import csr_array

from kernels import threads
from kernels.regression.arrays import incidence, repeated
from kernels.regression.arrays.incidence import Incidence
from kernels.regression.arrays.repeated import Repeated
from kernels.regression.arrays.sums import compensated_sum_by, rows_at
from kernels.strings.keys import sorting_order


def scattered(rows: int, cells: int) -> csr_array[np.float64]:
    """Up to three cells a row, some rows without any, some cells in no row."""
    rng = np.random.default_rng(0)
    dense = rng.random((rows, cells)) < 1.5 / cells
    dense[rows // 3] = False
    return csr_array(dense.astype(np.float64))


@pytest.mark.parametrize("columns", [1, 3])
@pytest.mark.parametrize("at_once", [1, 7, 2**20])
def test_incidence_is_its_matrix(
    monkeypatch: pytest.MonkeyPatch, columns: int, at_once: int
) -> None:
    monkeypatch.setattr(incidence, "_ENTRIES_AT_ONCE", at_once)
    matrix = scattered(40, 25)
    made = Incidence.of(matrix.indices.astype(np.int32), matrix.indptr, 25)
    rng = np.random.default_rng(1)
    by_cell, by_row = rng.standard_normal((25, columns)), rng.standard_normal((40, columns))
    assert made.shape == matrix.shape
    assert np.allclose(made @ by_cell, matrix @ by_cell, rtol=0.0, atol=1e-14)
    assert np.allclose(made.T @ by_row, matrix.T @ by_row, rtol=0.0, atol=1e-14)
    expected = by_row + matrix @ by_cell
    assert np.allclose(made.added(by_row.copy(), by_cell), expected, rtol=0.0, atol=1e-14)
    some = np.array([0, 3, 4, 24])
    assert (made.columns(some).toarray() == matrix.toarray()[:, some]).all()
    assert (made.tocsr().toarray() == matrix.toarray()).all()


@pytest.mark.parametrize("columns", [1, 3])
@pytest.mark.parametrize("at_once", [1, 8, 2**18])
def test_a_repeated_block_is_a_block_diagonal_matrix(
    monkeypatch: pytest.MonkeyPatch, columns: int, at_once: int
) -> None:
    monkeypatch.setattr(repeated, "_ENTRIES_AT_ONCE", at_once)
    block = np.array([[1.0, 2.0], [2.0, -3.0]])
    vectors = np.random.default_rng(0).standard_normal((10, columns))
    expected = np.kron(np.eye(5), block) @ vectors
    assert np.allclose(Repeated(block) @ vectors.copy(), expected, rtol=0.0, atol=1e-14)


def test_parts_run_on_several_threads_and_their_errors_arrive(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threads, "cpu_count", lambda: 2)
    both = threading.Barrier(2, timeout=10.0)
    seen = set()

    def meet(part: int) -> None:
        both.wait()  # a single thread would wait for itself
        seen.add(part)

    threads.for_each(meet, range(2))
    assert seen == {0, 1}
    with pytest.raises(ZeroDivisionError):
        threads.for_each(lambda part: [1 // part], range(2))


@pytest.mark.parametrize("bits", [3, 31])
def test_sorting_order_is_that_of_tuples(bits: int) -> None:
    """Of 31 bits, no two columns fit into one integer."""
    columns = np.random.default_rng(0).integers(2**bits - 4, 2**bits, (3, 200)).astype(np.int64)
    columns = [column.astype(np.int32) for column in columns - (bits == 31)]
    expected = sorted(range(200), key=lambda row: (*(int(c[row]) for c in columns), row))
    assert sorting_order(columns).tolist() == expected


@pytest.mark.parametrize("groups", [1, 7])
def test_compensated_sums_are_exact_but_for_one_rounding(groups: int) -> None:
    """Numbers over 40 decades, each with its negative: what is left is 1 in each group, exactly."""
    rng = np.random.default_rng(0)
    numbers = rng.standard_normal(500) * 10.0 ** rng.integers(-20, 20, 500)
    group = rng.integers(groups, size=500).astype(np.int32)
    values = np.concatenate([numbers, -numbers[::-1], np.ones(groups)])[:, None]
    index = np.concatenate([group, group[::-1], np.arange(groups, dtype=np.int32)])
    assert (compensated_sum_by(index, values, groups) == 1.0).all()
    true = [math.fsum(numbers[group == one]) for one in range(groups)]
    found = compensated_sum_by(group, numbers[:, None], groups)[:, 0]
    assert np.allclose(found, true, rtol=4.0 * np.finfo(np.float64).eps, atol=0.0)


def test_rows_at_are_the_rows() -> None:
    vectors, index = np.arange(6.0).reshape(3, 2), np.array([2, 0, 0, 1])
    assert (rows_at(vectors, index) == vectors[index]).all()
