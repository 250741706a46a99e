"""The template matrix: entries by substitution, spectrum and verdict by exact arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp

from kernels import Cosine, EstimateArray, TransformerKernel
from kernels.boundary.exceptions import InvalidInputError
from kernels.contract.symmetry import Symmetry, TokenSymmetry
from kernels.estimates import ErrorKind, Numerical, StandardError
from kernels.strings.patterns import Pattern
from tests.theory.matrix.template_sets import by_numbers
from tests.tolerances import EIGENVALUE_ROUNDING
from tests.toy_kernels import AgreementKernel, RelationalKernel
from theory import (
    ContradictionError,
    Singularity,
    Template,
    TemplateTask,
    catalogue,
    template_matrix,
)
from theory.matrix.structure import common_null_vector
from validation import strategies


def by_substitution(kernel: RelationalKernel, task: TemplateTask) -> list[list[Fraction]]:
    """Equation (12), with explicit tokens for the two substitutions."""

    def substituted(z: Template, tokens: str) -> str:
        return z.substitute(dict(zip(z.wildcards, tokens, strict=False)))

    return [
        [kernel.exact(Pattern.of(substituted(z, "PQRS"), substituted(w, "TUVW"))) for w in row]
        for z, row in ((z, task.templates) for z in task.templates)
    ]


@given(strategies.tasks(max_size=5))
def test_entries_by_substitution(task: TemplateTask) -> None:
    kernel = RelationalKernel()
    matrix = template_matrix(kernel, task)
    expected = np.array([[float(entry) for entry in row] for row in by_substitution(kernel, task)])
    np.testing.assert_array_equal(matrix.values, expected)
    assert (matrix.kernel, matrix.templates) == (kernel.name, task.templates)
    assert matrix.patterns <= len(task) * (len(task) + 1) // 2


@given(strategies.tasks(min_size=2, max_size=4))
def test_eigenvalues_are_within_their_errors(task: TemplateTask) -> None:
    kernel = RelationalKernel()
    matrix = template_matrix(kernel, task)
    with mp.workdps(30):
        exact = mp.matrix(
            [
                [mp.mpf(e.numerator) / e.denominator for e in row]
                for row in by_substitution(kernel, task)
            ]
        )
        found = sorted(mp.eigsy(exact, eigvals_only=True))
    for value, estimate in zip(found, range(len(task)), strict=True):
        entry = matrix.eigenvalues[estimate]
        # One rounding of each entry to float64 is not among the kernel's errors of 0.
        slack = np.finfo(np.float64).eps * np.abs(matrix.values).sum()
        assert abs(entry.value - float(value)) <= entry.error + slack
    assert float(found[0]) >= -(matrix.smallest_eigenvalue.error)  # positive semidefinite


@given(st.integers(0, 10_000), st.floats(1e-8, 1e-2))
def test_eigenvalue_errors_cover_every_perturbation(seed: int, size: float) -> None:
    task = catalogue.majority(4)
    rng = np.random.default_rng(seed)
    claimed = template_matrix(RelationalKernel(Numerical(size)), task)
    moved = claimed.values + size * _symmetric_signs(rng, len(task))
    shift = np.abs(np.linalg.eigvalsh(moved) - claimed.eigenvalues.values)
    assert np.all(shift <= claimed.eigenvalues.errors)


def _symmetric_signs(rng: np.random.Generator, r: int) -> np.ndarray:
    signs = np.sign(rng.standard_normal((r, r)))
    return np.triu(signs) + np.triu(signs, 1).T


def test_the_worst_perturbation_nearly_attains_the_error() -> None:
    claimed = template_matrix(RelationalKernel(Numerical(1e-3)), catalogue.majority(4))
    error = claimed.smallest_eigenvalue.error
    assert error == pytest.approx(8e-3)  # r times the error of an entry: all-ones has norm r


def test_verdict_nonsingular() -> None:
    matrix = template_matrix(RelationalKernel(), catalogue.aba_abb())
    assert matrix.verdict.outcome is Singularity.NONSINGULAR
    assert matrix.smallest_eigenvalue.value > matrix.smallest_eigenvalue.error
    assert matrix.condition_number.error < matrix.condition_number.value


@given(strategies.tasks(min_size=2, regular=""))
def test_what_sees_agreements_alone_is_singular_on_wildcards(task: TemplateTask) -> None:
    matrix = template_matrix(AgreementKernel(), task)
    assert matrix.verdict.outcome is Singularity.SINGULAR
    assert matrix.classes == 1
    vector = np.array(matrix.verdict.null_vector)
    assert np.any(vector)
    np.testing.assert_allclose(matrix.values @ vector, 0.0, atol=1e-12)
    assert matrix.condition_number.error == float("inf")


def test_what_sees_agreements_alone_can_use_regular_tokens() -> None:
    matrix = template_matrix(AgreementKernel(), TemplateTask.parse({"aα": 1.0, "bα": -1.0}))
    assert matrix.verdict.outcome is Singularity.NONSINGULAR


def test_verdict_inconclusive_names_the_error_that_settles_it() -> None:
    task = catalogue.majority(4)
    smallest = template_matrix(RelationalKernel(), task).smallest_eigenvalue.value
    coarse = template_matrix(RelationalKernel(Numerical(smallest)), task)
    assert coarse.verdict.outcome is Singularity.INCONCLUSIVE
    needed = coarse.verdict.settling_error
    assert needed is not None
    assert 0.0 < needed < smallest
    assert f"{needed:.1g}" in coarse.verdict.reason
    fine = template_matrix(RelationalKernel(Numerical(needed)), task)
    assert fine.verdict.outcome is Singularity.NONSINGULAR


def test_standard_errors_are_taken_several_times() -> None:
    task = catalogue.majority(4)
    smallest = template_matrix(RelationalKernel(), task).smallest_eigenvalue.value
    error = smallest / (2 * len(task))
    bounded = template_matrix(RelationalKernel(Numerical(error)), task)
    sampled = template_matrix(RelationalKernel(StandardError(error)), task)
    assert bounded.verdict.outcome is Singularity.NONSINGULAR
    assert sampled.verdict.outcome is Singularity.INCONCLUSIVE
    assert sampled.eigenvalues.kind is ErrorKind.STATISTICAL
    assert sampled.smallest_eigenvalue.radius(1e-6) > 4.5 * bounded.smallest_eigenvalue.error
    assert "but for a chance of 1e-06" in sampled.verdict.reason


class SameCounts(TokenSymmetry):
    """How often tokens occur, each string on its own."""

    def key(self, pattern: Pattern) -> tuple[tuple[int, ...], ...]:
        return tuple(sorted([_counts(pattern.x), _counts(pattern.y)]))


class PositionFreeKernel(RelationalKernel):
    """A sum over tokens of products of counts: rank too low for five relations of three symbols,
    without two rows being equal."""

    @property
    def name(self) -> str:
        return "counts"

    @property
    def symmetry(self) -> Symmetry:
        return SameCounts()

    @staticmethod
    def exact(pattern: Pattern) -> Fraction:
        x, y = _counts(pattern.x), _counts(pattern.y)
        return Fraction(sum(c * c for c in x) * sum(c * c for c in y))


def _counts(codes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(codes.count(code) for code in set(codes)))


def test_equal_rows_are_found_for_other_kernels_too() -> None:
    matrix = template_matrix(PositionFreeKernel(), catalogue.aba_abb())
    assert matrix.verdict.outcome is Singularity.SINGULAR
    assert matrix.verdict.null_vector == (-1, 1)
    # αα and αβ have different counts, N has rank 1, but another function of the counts would
    # not: numerically singular, without a proof.
    other = template_matrix(PositionFreeKernel(), catalogue.same_different())
    assert other.verdict.outcome is Singularity.INCONCLUSIVE
    assert other.verdict.settling_error == 0.0
    assert "higher precision" in other.verdict.reason


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["aab", "aab", "bbc"], (-1, 1, 0)),
        # No two columns equal, but each row has every key as often on the left as on the right.
        (["aaaa", "bbbb", "abab", "baab"], (-1, -1, 1, 1)),
        (["ab", "ba"], None),
        (["a"], None),
        (["aa", "aa"], (-1, 1)),
    ],
)
def test_common_null_vectors(keys: list[str], expected: tuple[int, ...] | None) -> None:
    assert common_null_vector([list(row) for row in keys]) == expected


@given(st.lists(st.lists(st.sampled_from("ab"), min_size=4, max_size=4), min_size=1, max_size=4))
def test_null_vectors_by_exact_rank(rows: list[list[str]]) -> None:
    vector = common_null_vector(rows)
    conditions = np.array([[key == wanted for key in row] for row in rows for wanted in "ab"])
    assert (vector is not None) == (np.linalg.matrix_rank(conditions.astype(float)) < 4)
    if vector is not None:
        assert not np.any(conditions.astype(int) @ np.array(vector))


def test_no_theorem_is_about_a_kernel_of_ones_own() -> None:
    """Then the verdict is that of the numbers alone, or of the symmetry."""
    task = catalogue.same_different()
    for error in (Numerical(1e-9), Numerical(1.0)):
        kernel = RelationalKernel(error)
        matrix = template_matrix(kernel, task)
        assert (matrix.proof.by, matrix.proof.outcome) == (None, None)
        assert f"not proved: no theorem here is about a kernel such as {kernel.name}" in str(matrix)
    by_symmetry = template_matrix(AgreementKernel(), task)
    assert (by_symmetry.proof.by, by_symmetry.proof.theorem) == ("theorem", "C.1")
    assert by_symmetry.verdict.null_vector == (-1, 1)


def test_a_theorem_decides_what_the_numbers_leave_open() -> None:
    task = catalogue.same_different()
    kernel = TransformerKernel(1e-3, 1e-3)
    matrix = template_matrix(kernel, task)
    assert by_numbers(kernel, task.templates).verdict.outcome is Singularity.INCONCLUSIVE
    assert matrix.verdict.outcome is Singularity.NONSINGULAR
    assert not matrix.resolved
    assert template_matrix(TransformerKernel(), task).resolved
    assert "proved by theorem A2, A3; the numbers alone leave it open" in matrix.verdict.reason
    assert str(matrix).endswith(str(matrix.proof))
    assert "(theorem A2, A3)" in str(matrix.proof)


def test_a_theorem_proves_that_rows_are_proportional() -> None:
    """At beta = 0 wildcards only scale a row of a cosine's N, which no symmetry shows."""
    kernel, task = TransformerKernel(0.0, 1.0, Cosine(1.5, 0.4)), catalogue.same_different()
    assert by_numbers(kernel, task.templates).verdict.outcome is Singularity.INCONCLUSIVE
    matrix = template_matrix(kernel, task)
    assert matrix.verdict.outcome is Singularity.SINGULAR
    assert matrix.verdict.reason == "proved by theorem A4(ii); N has rank 1 exactly"
    vector = np.array(matrix.verdict.null_vector)
    np.testing.assert_allclose(matrix.values @ vector, 0.0, atol=EIGENVALUE_ROUNDING)
    assert len(set(np.abs(vector))) == 2


class NegatedKernel(TransformerKernel):
    """Minus a transformer kernel, which it says it is."""

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int | None = None) -> EstimateArray:
        return -super().evaluate(patterns, n_jobs=n_jobs)


def test_numbers_against_a_theorem_are_a_bug() -> None:
    with pytest.raises(ContradictionError, match=r"bug.*below 0 by more than its error"):
        template_matrix(NegatedKernel(), catalogue.same_different())


def test_fields_for_scripts() -> None:
    matrix = template_matrix(RelationalKernel(Numerical(1e-9)), catalogue.same_different())
    fields = matrix.to_json()
    assert fields["templates"] == ["αα", "αβ"]
    assert fields["verdict"] == "nonsingular"
    assert fields["proof"] == {"by": None, "sentence": matrix.proof.sentence}
    assert {"matrix", "error", "eigenvalues", "smallest_eigenvalue", "patterns"} <= fields.keys()


@pytest.mark.parametrize("templates", [[], ["αα", "α"]])
def test_bad_templates_are_refused(templates: list[str]) -> None:
    with pytest.raises(InvalidInputError, match=r"one length|at least one template"):
        template_matrix(RelationalKernel(), [Template.parse(z) for z in templates])


def test_without_positions_templates_of_equal_counts_are_not_told_apart() -> None:
    """At gamma = 0 the kernel sees counts alone, and αβα has those of αββ: singular, exactly."""
    task = catalogue.find("aba-abb")
    positionless = template_matrix(TransformerKernel(gamma=0.0), task).verdict
    assert positionless.outcome == "singular"
    assert positionless.null_vector in ((1, -1), (-1, 1))
    assert positionless.reason.endswith("; N has rank 1 exactly")
    assert template_matrix(TransformerKernel(gamma=0.5), task).verdict.outcome == "nonsingular"
