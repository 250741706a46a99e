"""Overlaps counted by inclusion and exclusion against a comparison of all pairs; Claim D.2."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels import InvalidInputError, Vocabulary
from tests.tolerances import REDUCED_SOLVE
from tests.toy_kernels import RelationalKernel, SymbolKernel
from theory import IdealizedRidge, Sample, TemplateTask, Uniform, template_matrix
from theory.idealized.bad_pairs import bad_pairs
from theory.idealized.gap import idealized_gap
from validation.strategies import tasks


def compared(task: TemplateTask, sample: Sample) -> tuple[int, int]:
    """Bad ordered pairs and bad indices, by the definition."""
    substituted = []
    for i, z in enumerate(sample.templates):
        match = task.templates[z].match(sample.strings.tokens(i))
        assert match is not None
        substituted.append(set(match.values()))
    regular = set(task.regular_tokens)
    meets = [bool(tokens & regular) for tokens in substituted]
    pairs = sum(
        i != j and (meets[i] or meets[j] or bool(substituted[i] & substituted[j]))
        for i in range(len(sample))
        for j in range(len(sample))
    )
    return pairs, sum(meets)


@given(task=tasks(regular="ab"), symbols=st.integers(4, 60), seed=st.integers(0, 99))
def test_counts_are_those_of_the_definition(task: TemplateTask, symbols: int, seed: int) -> None:
    for law in (Uniform(symbols), Uniform(symbols, named=task.regular_tokens)):
        sample = task.sample(30, alphabet=law, seed=seed)
        found = bad_pairs(task, sample)
        assert (found.pairs, found.indices) == compared(task, sample)


def test_expected_numbers_are_within_their_bounds() -> None:
    task = TemplateTask.parse({"αβa": 1.0, "ααb": 0.0})
    for law in (Uniform(200), Uniform(200, named=("a", "b"))):
        found = [bad_pairs(task, task.sample(400, alphabet=law, seed=seed)) for seed in range(20)]
        assert np.mean([one.pairs for one in found]) <= found[0].pairs_bound
        assert np.mean([one.indices for one in found]) <= found[0].indices_bound


@pytest.mark.parametrize("regular", ["abcd", "ab"])
def test_the_bounds_are_attained(regular: str) -> None:
    """Where one wildcard may become any of R, as it does for almost all samples."""
    task = TemplateTask.parse({"αααα": 1.0, regular.ljust(4, "a"): 0.0}, weights=(1e6, 1.0))
    law = Uniform(200, named=tuple(regular))
    found = [bad_pairs(task, task.sample(1_000, alphabet=law, seed=seed)) for seed in range(20)]
    bounds = found[0]
    # Some 200 indices in all: four standard deviations are 0.3 of them.
    for counted, bound in (
        ([one.pairs for one in found], bounds.pairs_bound),
        ([one.indices for one in found], bounds.indices_bound),
    ):
        assert 0.7 * bound <= np.mean(counted) <= 1.3 * bound


def test_gap_is_measured_and_bounded() -> None:
    task = TemplateTask.parse({"αβa": 1.0, "ααb": -1.0})
    kernel, law = SymbolKernel(), Uniform(5_000, named=("a", "b"))
    sample = task.sample(3_000, alphabet=law, noise=0.1, seed=0)
    found = idealized_gap(kernel, task, sample, alpha=0.5)
    gram = kernel.gram(sample.strings).values
    cross = kernel.gram(task.unseen(), sample.strings).values
    real = cross @ np.linalg.solve(gram + 0.5 * np.eye(len(sample)), sample.labels)
    ideal = IdealizedRidge(kernel, task, alpha=0.5).fit(sample.templates, sample.labels)
    gap = np.abs(real - ideal.predict(task.unseen()).values).max()
    assert found.gap.value == pytest.approx(gap, abs=REDUCED_SOLVE)
    assert 0.0 < found.diagonal < found.bound.value
    assert found.gap.value <= found.bound.value


def test_gap_falls_with_diversity() -> None:
    task = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
    gaps, shares = [], []
    for alphabet in (40, 400, 40_000):
        sample = task.sample(2_000, alphabet=alphabet, seed=0)
        found = idealized_gap(SymbolKernel(), task, sample)
        gaps.append(found.gap.value)
        shares.append(found.overlaps.share)
    assert gaps == sorted(gaps, reverse=True)
    assert shares == sorted(shares, reverse=True)


def test_vocabulary_without_the_regular_tokens() -> None:
    task = TemplateTask.parse({"αα": 1.0})
    sample = task.sample(3, alphabet=1, seed=0)
    assert sample.strings.vocabulary == Vocabulary(1)
    assert bad_pairs(task, sample).pairs == 6


TASK = TemplateTask.parse({"αβα": 1.0, "αββ": -1.0})


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (TemplateTask.parse({"αα": 1.0, "αβ": -1.0}), "have 2 tokens, those of the task 3"),
        (TemplateTask.parse({"αβα": 1.0, "αββ": 0.0, "ααβ": 2.0}), "from 0 to 2, not 0 to 1"),
        (TemplateTask.parse({"αββ": 1.0, "αβα": -1.0}), "does not match its template"),
    ],
)
def test_a_sample_of_another_task_is_refused(other: TemplateTask, said: str) -> None:
    sample = other.sample(100, alphabet=20, seed=0)
    with pytest.raises(InvalidInputError, match=f"sample = .*{said}"):
        bad_pairs(TASK, sample)
    with pytest.raises(InvalidInputError, match=f"sample = .*{said}"):
        idealized_gap(SymbolKernel(), TASK, sample)


def test_a_sample_of_unequal_parts_is_refused() -> None:
    sample = TASK.sample(10, alphabet=20, seed=0)
    part = dataclasses.replace(sample, strings=sample.strings[:9])
    with pytest.raises(InvalidInputError, match=r"sample = .*9 strings, 10 labels"):
        bad_pairs(TASK, part)


def test_a_part_of_a_sample_is_a_sample() -> None:
    sample = TASK.sample(100, alphabet=20, seed=0)
    for rows in (slice(0, 0), slice(0, 1), sample.templates == 1):
        part = sample[rows]
        found = bad_pairs(TASK, part)
        assert (found.pairs, found.indices) == compared(TASK, part)


def test_gap_refuses_the_matrix_of_another_kernel_or_task() -> None:
    sample = TASK.sample(20, alphabet=20, seed=0)
    other = template_matrix(RelationalKernel(), TASK)
    with pytest.raises(InvalidInputError, match=r"matrix = .*not of symbols"):
        idealized_gap(SymbolKernel(), TASK, sample, matrix=other)
    exchanged = template_matrix(SymbolKernel(), TASK.templates[::-1])
    with pytest.raises(InvalidInputError, match=r"matrix = .*not those of the task"):
        idealized_gap(SymbolKernel(), TASK, sample, matrix=exchanged)


def test_gap_at_any_kind_of_ridge() -> None:
    # In a process of its own: here the type checker refuses other floats than Python's.
    source = """
import numpy as np
from kernels import InvalidInputError, MLPKernel
from theory import TemplateTask
from theory.idealized.gap import idealized_gap
task = TemplateTask.parse({"αa": 1.0, "αb": -1.0})
given = MLPKernel(), task, task.sample(50, alphabet=50, seed=0)
found = idealized_gap(*given, alpha=np.float32(1))
assert found == idealized_gap(*given, alpha=1.0)
parts = found.gap.value, found.gap.error, found.bound.value, found.bound.error, found.diagonal
assert all(isinstance(part, float) and not isinstance(part, np.generic) for part in parts)
for wrong in ("1", None, True, 0):
    try:
        idealized_gap(*given, alpha=wrong)
    except InvalidInputError as error:
        assert error.argument == "alpha"
    else:
        raise AssertionError(wrong)
for place, name in enumerate(("kernel", "task", "sample")):
    try:
        idealized_gap(*given[:place], None, *given[place + 1 :])
    except InvalidInputError as error:
        assert error.argument == name
    else:
        raise AssertionError(name)
"""
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", source], cwd=root, check=True)
