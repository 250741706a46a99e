"""Quantities of the lemmas by themselves, each against the exact one that it stands for."""

from __future__ import annotations

import numpy as np
import pytest
from flint import acb, arb

from kernels import Pattern
from kernels.attention.proved.bounds.shifts import ShiftGrid
from kernels.attention.proved.structure import Structure
from kernels.attention.proved.sums.slices import TERMS
from kernels.attention.proved.sums.tables import ROUNDED, _PairTables
from kernels.attention.proved.sums.tensors import in_pairs
from kernels.estimates.balls import precision
from tests import tolerances
from tests.kernels.proved.counted import counted, most

STRINGS = [
    ("AA", "BC"),
    ("AAB", "CCD"),
    ("ABC", "BCA"),
    ("AAA", "AAA"),
    ("AAAB", "CDDD"),
    ("aAbb", "Bbaa"),
    ("ABCDE", "ABFFG"),
]
each_pattern = pytest.mark.parametrize("strings", STRINGS, ids="/".join)
each_gamma = pytest.mark.parametrize("gamma", [0.0, 0.3, 1.0, 2.5])


def logits(pattern: Pattern, gamma: float) -> np.ndarray:
    """The logits over beta as rows, those of x first: tokens' Gaussians, then positions'."""
    length = pattern.length
    tokens = sorted({*pattern.x, *pattern.y})
    found = np.zeros((2 * length, len(tokens) + length))
    for row, token in enumerate((*pattern.x, *pattern.y)):
        found[row, tokens.index(token)] = 1.0
        found[row, len(tokens) + row % length] = gamma
    return found


@each_pattern
@each_gamma
def test_the_variance_of_a_strings_mean_logit(strings: tuple[str, str], gamma: float) -> None:
    """Lemma 2's, from the logits themselves."""
    pattern = Pattern.of(*strings)
    structure, rows = Structure.of(pattern, positional=gamma > 0.0), logits(pattern, gamma)
    for string in (0, 1):
        mean = rows[string * pattern.length :][: pattern.length].mean(axis=0)
        with precision():
            found = float(structure.mean_variance(string, arb(gamma)))
        assert found == pytest.approx(mean @ mean, rel=tolerances.LOGITS_ROUNDING)


@each_pattern
@each_gamma
def test_the_shortest_move_of_all_logits(strings: tuple[str, str], gamma: float) -> None:
    """Lemma 5's damping, from the least solution of linear equations."""
    pattern = Pattern.of(*strings)
    rows = logits(pattern, gamma)
    move = np.linalg.lstsq(rows, np.ones(len(rows)), rcond=None)[0]
    np.testing.assert_allclose(rows @ move, 1.0, rtol=tolerances.LOGITS_ROUNDING)
    with precision():
        structure = Structure.of(pattern, positional=gamma > 0.0)
        found = float(structure.common_direction(arb(gamma)))
    assert found == pytest.approx(move @ move, rel=tolerances.LOGITS_ROUNDING)


@pytest.mark.parametrize("step", [0.2, 0.46, 0.9, 1.5])
def test_harmonics_are_sums_of_gamma_functions(step: float) -> None:
    """The lowest exactly, and the higher ones of Theorem 6 with hardly more than there is."""
    with precision():
        grid = ShiftGrid(arb(-20), arb(step), 10)
        sizes = [abs(acb(1, r * grid.frequency).gamma()) for r in range(1, 30)]
        assert grid.lowest.overlaps(sizes[0])
        higher = 2 * sum(sizes[1:], arb(0))
        assert higher <= grid.higher <= 1.01 * higher


@pytest.mark.parametrize("length", [5, 16])
@pytest.mark.parametrize("step", [0.1, 0.46])
@pytest.mark.parametrize("log", [-12.0, -7.0])
def test_the_left_end_counts_every_position(length: int, step: float, log: float) -> None:
    """Equal logits of no variance, so that A is length times one's: nearly the worst case."""
    with precision(256):
        grid = ShiftGrid(arb(log), arb(step), 60)
        a = length * arb(log).exp()

        def term(place: int) -> arb:
            shifted = a * (grid.step * place).exp()
            return shifted * (-shifted).exp()

        missed = sum((grid.step * term(-n) for n in range(1, 1 + int(100 / step))), arb(0))
        gained = ((w - grid.step) * term(n) for n, w in enumerate(grid.weights))
        error = abs(missed - sum(gained, arb(0)))
        found = grid.left(length, arb(0), arb(1))
        assert error <= found < 0.9 * length * error


@pytest.mark.parametrize("deviation", [3.0, 6.0, 12.0])
@pytest.mark.parametrize("reach", [4.0, 6.0])
def test_the_left_end_where_logits_spread_widely(deviation: float, reach: float) -> None:
    """One logit: the mean of the left end's error as an integral over its Gaussian.

    The error is that of the chance that the logit lies ``reach`` deviations up or more, and the
    bound exceeds it by what such chances are below ``exp(-reach^2 / 2)``, and by two powers.
    """
    with precision():
        grid = ShiftGrid(arb(-reach * deviation), arb(0.5), 400)
        place, first, second = grid.correction
        found = float(grid.left(1, arb(deviation) ** 2, arb(1)))
    z = np.linspace(-9.0, 14.0, 9001)
    start = np.exp(-reach * deviation + deviation * z)
    step, corrected = 0.5, ((0, float(first)), (place, float(second)))
    tail = sum(step * start * np.exp(-step * n - start * np.exp(-step * n)) for n in range(1, 400))
    for n, weight in corrected:
        power = start * np.exp(step * n)
        tail -= weight * power * np.exp(-power)
    density = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    error = float(np.sum(np.abs(tail) * density) * (z[1] - z[0]))
    assert error <= found <= 300.0 * error


@pytest.mark.parametrize("nodes", [1, 79, TERMS, TERMS + 1, 700])
def test_the_roundings_of_tables_of_pairs(nodes: int) -> None:
    """Sliced products round once, by Lemma 8, and once more with each pair of blocks."""
    f, weights = (counted(np.ones((2, nodes)), ROUNDED) for _ in "fw")
    left, right = f * weights, f.T
    # All terms have passed through as many; a block's first stands for their sum.
    blocks = [left[:, n : n + 1] * right[n : n + 1] for n in range(0, nodes, TERMS)]
    table = np.ones((2, nodes))
    assert _PairTables(table, table, np.ones(nodes)).roundings == most(in_pairs(blocks))
