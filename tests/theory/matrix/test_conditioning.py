"""Distances of templates and lower bounds of the smallest eigenvalue of N."""

from __future__ import annotations

import inspect
import math
import pickle
from collections.abc import Callable
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels import (
    AttentionKernel,
    Automatic,
    Cosine,
    MLPKernel,
    MonteCarlo,
    ReLU,
    Sine,
    TransformerKernel,
)
from kernels.boundary.exceptions import InvalidInputError
from kernels.contract.symmetry import Symmetry, TokenSymmetry
from kernels.estimates import ErrorKind, Estimate, EstimateArray, Numerical, Proved
from tests.theory.matrix.template_sets import ACTIVATIONS, PARAMETERS, template_sets, transformer
from tests.toy_kernels import AgreementKernel, RelationalKernel
from theory import Singularity, Template, catalogue, template_matrix
from theory.conditioning import (
    activation_bound,
    cosine_bound,
    eigenvalue_bound,
    premise_margin,
    squared_distances,
)
from theory.conditioning.activation_bound import correlations
from theory.nonsingularity import ContradictionError, decide_singularity, proof_of_rank

KERNEL = TransformerKernel(2.0, 1.0, attention=Automatic(tolerance=1e-7))


def parsed(*texts: str) -> tuple[Template, ...]:
    return tuple(Template.parse(text) for text in texts)


def several(values: object, errors: object) -> EstimateArray:
    return EstimateArray.of(values, Numerical, errors)


@given(template_sets(), st.sampled_from(PARAMETERS))
def test_the_margin_is_the_least_difference_of_sums(
    templates: tuple[Template, ...], parameters: tuple[float, float]
) -> None:
    """Over all permutations, S(id) - S(pi) is half a sum of squared distances (A1)."""
    kernel = transformer(*parameters).attention_kernel
    a = template_matrix(kernel, templates).values
    if len(templates) == 1:
        with pytest.raises(InvalidInputError, match="two templates"):
            premise_margin(kernel, templates)
        return
    found = premise_margin(kernel, templates)
    identity, *others = permutations(range(len(templates)))
    differences = [np.trace(a) - a[identity, pi].sum() for pi in others]
    halves = [found.distances.values[identity, pi].sum() / 2.0 for pi in others]
    np.testing.assert_allclose(differences, halves, rtol=0.0, atol=1e-13)
    assert abs(min(differences) - found.distance.value) <= 1e-13
    i, j = (templates.index(z) for z in found.pair)
    assert found.distance.value == pytest.approx(found.distances.values[i, j], abs=1e-13)
    # Templates that coincide, or attention that cannot tell them apart, and nothing else.
    if found.distance.value > found.distance.error:
        assert decide_singularity(kernel, templates).equal_rows is None


def test_distance_errors_are_attained() -> None:
    exact, error = np.array([[1.0, 0.5], [0.5, 2.0]]), 1e-3
    sign = np.array([[1.0, -1.0], [-1.0, 1.0]])
    claimed = squared_distances(several(exact, np.full((2, 2), error)))
    moved = squared_distances(several(exact + error * sign, np.zeros((2, 2))))
    shift = moved.values[0, 1] - claimed.values[0, 1]
    assert shift == pytest.approx(claimed.errors[0, 1], rel=1e-6)


def test_correlation_errors_cover_and_are_attained() -> None:
    exact, error = np.array([[1.0, 0.8], [0.8, 0.9]]), 1e-2
    claimed = correlations(several(exact, np.full((2, 2), error)))
    shifts = []
    for signs in np.ndindex(2, 2, 2):
        a, b, c = error * (2.0 * np.array(signs) - 1.0)
        moved = correlations(several(exact + np.array([[a, b], [b, c]]), np.zeros((2, 2))))
        shifts.append(abs(moved.values[0, 1] - claimed.values[0, 1]))
    assert max(shifts) <= claimed.errors[0, 1] <= 1.1 * max(shifts)
    unknown = correlations(several([[1.0, 0.0], [0.0, 1e-3]], np.full((2, 2), error)))
    assert unknown.errors[0, 1] == math.inf


@given(template_sets(), st.sampled_from(PARAMETERS), st.sampled_from(ACTIVATIONS))
def test_the_bound_holds_for_every_activation(
    templates: tuple[Template, ...], parameters: tuple[float, float], activation: object
) -> None:
    kernel = transformer(*parameters).with_activation(activation)
    found = activation_bound(kernel, templates)
    assert found.bound.value <= found.measured.value + found.bound.error + found.measured.error
    assert found.theorem == "A3"


def test_the_bound_is_attained() -> None:
    """By the linear activation where all variances agree; by no other in the catalogue."""
    task = catalogue.same_different()
    found = {
        activation: activation_bound(KERNEL.with_activation(activation), task).slack.value
        for activation in ACTIVATIONS
        if decide_singularity(KERNEL.with_activation(activation), task).outcome
        is Singularity.NONSINGULAR
    }
    assert all(0.0 < slack <= 1.0 for slack in found.values())
    assert max(found.values()) > 0.9


@pytest.mark.parametrize("explicit", [False, True])
@pytest.mark.parametrize("wave", [Cosine(1.5, math.pi / 4), Cosine(1.0, 0.4), Sine(2.0, 0.9)])
def test_bounds_for_waves(wave: Cosine | Sine, explicit: bool) -> None:
    kernel = KERNEL.with_activation(wave)
    for templates in (parsed("αα", "αβ"), parsed("αβα", "αββ", "aαβ"), parsed("aa", "aα", "αa")):
        found = cosine_bound(kernel, templates, explicit=explicit)
        assert found.bound.value <= found.measured.value + found.bound.error + found.measured.error
        sharper = cosine_bound(kernel, templates)
        assert found.bound.value <= sharper.bound.value + found.bound.error + sharper.bound.error
    assert found.to_json()["theorem"] == "A5"


def test_the_bound_for_waves_is_sharp_at_equal_weights() -> None:
    """At cos(2 b2) = 0 and without wildcards, 2 N is the Gaussian matrix itself."""
    kernel = KERNEL.with_activation(Cosine(1.5, math.pi / 4))
    found = cosine_bound(kernel, parsed("aa", "ab", "bb"))
    assert found.slack.value == pytest.approx(1.0, abs=found.slack.error + 1e-9)
    assert found.slack.error < 1e-2


@pytest.mark.parametrize("bound", [activation_bound, cosine_bound, premise_margin])
def test_bounds_need_attention(bound: Callable[..., object]) -> None:
    """Unwrapped, since the tests' own checker of types would be first to refuse."""
    with pytest.raises(InvalidInputError, match="give a TransformerKernel"):
        inspect.unwrap(bound)(MLPKernel(), parsed("αα", "αβ"))


def test_a_bound_for_waves_needs_a_wave() -> None:
    with pytest.raises(InvalidInputError, match="Cosine or a Sine"):
        cosine_bound(KERNEL.with_activation(ReLU()), parsed("αα", "αβ"))


class _Scaled(TransformerKernel):
    """A transformer kernel whose values for different strings are too large."""

    def evaluate(self, patterns, *, n_jobs=None):
        found = super().evaluate(patterns, n_jobs=n_jobs)
        return found * np.array([3.0 if p.agreements < p.length else 1.0 for p in patterns])


def test_a_kernel_that_is_not_definite_contradicts_the_theorem() -> None:
    with pytest.raises(ContradictionError, match=r"bug.*below 0 by more than its error"):
        template_matrix(_Scaled(2.0, 1.0, Cosine(1.5, 0.4)), parsed("aa", "ab", "bb"))


def test_a_bound_above_the_eigenvalue_is_a_bug() -> None:
    matrix = template_matrix(KERNEL, parsed("aa", "ab", "bb"))
    measured = matrix.smallest_eigenvalue
    eigenvalue_bound.beside("A3", Estimate(measured.value, Numerical(1e-3)), matrix)
    with pytest.raises(ContradictionError, match=r"bug.*at least 9"):
        eigenvalue_bound.beside("A3", Estimate(9.0, Numerical(0.1)), matrix)


class _Ordered(TransformerKernel):
    """A transformer kernel that still looks at positions at gamma = 0."""

    @property
    def symmetry(self) -> Symmetry:
        return TokenSymmetry()

    def evaluate(self, patterns, *, n_jobs=None):
        found = super().evaluate(patterns, n_jobs=n_jobs)
        return found + np.array([0.01 * _starts_equal(p.x) * _starts_equal(p.y) for p in patterns])


def _starts_equal(string: tuple[int, ...]) -> bool:
    return string[0] == string[1]


def test_a_kernel_that_sees_too_much_contradicts_equal_rows() -> None:
    right = template_matrix(TransformerKernel(1.0, 0.0), parsed("ααβ", "αβα")).proof
    assert (right.by, right.outcome, right.null_vector) == (
        "theorem",
        Singularity.SINGULAR,
        (1.0, -1.0),
    )
    assert right.to_json() == {"by": "theorem", "sentence": right.sentence}
    with pytest.raises(ContradictionError, match="further from 0 than its error"):
        template_matrix(_Ordered(1.0, 0.0), parsed("ααβ", "αβα"))


def test_what_proves_where_no_theorem_is_about_the_kernel() -> None:
    templates = parsed("αα", "αβ")
    for error, by in ((Proved(1e-12), "enclosure"), (Proved(1.0), None), (Numerical(1e-12), None)):
        matrix = template_matrix(RelationalKernel(error), templates)
        outcome = Singularity.NONSINGULAR if by else None
        assert (matrix.proof.by, matrix.proof.outcome) == (by, outcome)
    blind = template_matrix(AgreementKernel(), templates)
    found = proof_of_rank(
        AgreementKernel(), templates, blind.entries, blind.eigenvalues, common_null=(-2, 2)
    )
    assert (found.by, found.outcome) == ("theorem", Singularity.SINGULAR)
    assert found.null_vector == (-1.0, 1.0)


def test_the_error_travels() -> None:
    error = ContradictionError("A3", "a kernel", "a claim", "a fault")
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error)
    assert (again.theorem, again.claim, again.fault) == ("A3", "a claim", "a fault")


def test_sampled_values_are_given_their_multiple() -> None:
    kernel = AttentionKernel(1.0, 1.0, MonteCarlo(samples=2_000, seed=3))
    margin = premise_margin(kernel, parsed("αα", "αβ", "ββ"))
    assert margin.distance.kind is ErrorKind.STATISTICAL
    assert abs(margin.distance.value) <= margin.distance.error
    matrix = template_matrix(kernel, parsed("αα", "αβ"))
    assert matrix.proof.outcome is Singularity.NONSINGULAR


def test_no_limit_on_the_number_of_templates() -> None:
    templates = parsed(*("".join(letters) for letters in product("abα", repeat=3)))
    found = premise_margin(AttentionKernel(0.0, 1.0), templates)
    assert found.distances.shape == (27, 27)
    assert found.distance.value == 0.0  # aab and aba have the same counts
