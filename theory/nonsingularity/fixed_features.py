"""Kernels that see one fixed vector of each template: beta = 0, and multilayer perceptrons.

There the vectors ``F_i`` with ``A_ij = <F_i, F_j>`` are known in exact arithmetic, and what
decides is which of them coincide, and what the activation makes of that.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kernels.activations.form import (
    Form,
    IntegrableDerivative,
    Nonconstant,
    PolynomialForm,
    SmoothingMultiple,
)
from theory.matrix.singularity import Singularity
from theory.nonsingularity.answer import (
    Answer,
    dependent_rows,
    positive_definite,
    repeated,
    silent,
)
from theory.nonsingularity.elimination import combination_to_zero
from theory.nonsingularity.moments import exact_dual
from theory.nonsingularity.reading import (
    common_counts,
    placed_tokens,
    regular_counts,
    wildcard_counts,
)
from theory.template import Template

_HIGHEST_DEGREE = 32
"""Of a polynomial, composed over the layers, up to which N is computed in fractions."""


@dataclass(frozen=True)
class FixedFeatures:
    """The vectors of all templates.

    Attributes:
        vectors: what tells ``F_i`` apart.
        variances: of what the activation is applied to; at least ``|F_i|^2``.
        gram: ``A_ij = <F_i, F_j>``.
        seen: what a vector is, in words.
        theorem: the section that proves what is said of it.
    """

    vectors: Sequence[Hashable]
    variances: Sequence[Fraction]
    gram: Sequence[Sequence[Fraction]]
    seen: str
    theorem: str


def of_uniform_attention(templates: Sequence[Template], gamma: float) -> FixedFeatures:
    """At beta = 0, attention is uniform: ``A_ij = (1 + k gamma^2 + sum_t n_t(i) n_t(j)) / k^2``.

    The variance of a string adds the squares of its wildcards' counts to ``A_ii``.
    """
    k = templates[0].length
    counts = [regular_counts(z) for z in templates]
    always = 1 + k * Fraction(gamma) ** 2
    gram = [[(always + common_counts(x, y)) / k**2 for y in counts] for x in counts]
    variances = [
        gram[i][i] + Fraction(sum(n * n for n in wildcard_counts(z)), k**2)
        for i, z in enumerate(templates)
    ]
    return FixedFeatures(counts, variances, gram, "counts of regular tokens", "A4(ii)")


def of_perceptron(templates: Sequence[Template]) -> FixedFeatures:
    """A multilayer perceptron sees at how many places two strings agree: ``A_ij``, over k."""
    k = templates[0].length
    placed = [placed_tokens(z) for z in templates]
    gram = [[Fraction(1 + len(set(x) & set(y)), k) for y in placed] for x in placed]
    ones = [Fraction(1)] * len(templates)
    return FixedFeatures(placed, ones, gram, "places of regular tokens", "A7")


def decide_fixed(
    features: FixedFeatures, form: Form, names: Sequence[str], layers: int = 1
) -> Answer:
    """Whether N is nonsingular, as far as the form of the activation tells.

    Args:
        features: of the templates; where there are several layers, all variances are equal.
        form: of the activation, which is no constant.
        names: of the templates, for the sentence.
        layers: how often the activation is applied.
    """
    size, seen, theorem = len(names), features.seen, features.theorem
    pair = repeated(list(zip(features.vectors, features.variances, strict=True)))
    if pair is not None:
        sentence = f"{names[pair[0]]} and {names[pair[1]]} have the same {seen}"
        if theorem == "A4(ii)":
            sentence += " and the same sum of squared counts of wildcards"
        return dependent_rows(theorem, sentence + ": equal rows", pair, size)
    if not isinstance(form, Nonconstant):
        return silent("nothing is known of the activation: vouch for form=Nonconstant(), say")
    if combination_to_zero(features.gram) is None:
        sentence = f"the {seen}, with a 1 added for [CLS], are linearly independent"
        return positive_definite(f"{theorem}, A3", sentence)
    if isinstance(form, PolynomialForm):
        return _by_exact_arithmetic(features, form, layers)
    return _beyond_polynomials(features, form, names)


def _beyond_polynomials(features: FixedFeatures, form: Form, names: Sequence[str]) -> Answer:
    """Where the vectors are dependent and no two templates share both vector and variance."""
    seen, theorem = features.seen, features.theorem
    pair = repeated(features.vectors)
    if isinstance(form, SmoothingMultiple | IntegrableDerivative) and pair is None:
        sentence = f"the {seen} differ from template to template, and phi is no polynomial"
        return positive_definite(theorem, sentence)
    if isinstance(form, SmoothingMultiple) and pair is not None:
        i, j = pair
        excess = form.rate * float(features.variances[j] - features.variances[i]) / 2.0
        sentence = f"{names[i]} and {names[j]} have the same {seen}, and their wildcards only "
        sentence += f"multiply a row for this activation: proportional rows, by exp({excess:.6g})"
        return _proportional(theorem, sentence, pair, len(names), excess)
    if isinstance(form, IntegrableDerivative):
        sentence = f"no two templates have the same {seen} and the same sum of squared counts of "
        sentence += "wildcards, and this activation tells such templates apart"
        return positive_definite("A6", sentence)
    return silent(f"the {seen} are dependent, and whether phi is a polynomial is not known")


def _proportional(
    theorem: str, sentence: str, pair: tuple[int, int], size: int, exponent: float
) -> Answer:
    """Row j is ``exp(exponent)`` times row i; the exponential is never allowed to overflow."""
    if exponent <= 0.0:
        return dependent_rows(theorem, sentence, pair, size, math.exp(exponent))
    swapped = dependent_rows(theorem, sentence, pair[::-1], size, math.exp(-exponent))
    return Answer(swapped.outcome, theorem, sentence, swapped.null_vector, pair)


def _by_exact_arithmetic(features: FixedFeatures, form: PolynomialForm, layers: int) -> Answer:
    """N itself in fractions, where phi is a polynomial; its rank by elimination."""
    degree = max(n for n, c in enumerate(form.coefficients) if c)
    if degree**layers > _HIGHEST_DEGREE:
        return silent(f"N is not computed in fractions beyond degree {_HIGHEST_DEGREE}")
    coefficients = [Fraction(c) for c in form.coefficients[: degree + 1]]
    variances, matrix = list(features.variances), [list(row) for row in features.gram]
    for _ in range(layers):
        following = [exact_dual(coefficients, [v], [[v]])[0][0] for v in variances]
        matrix = exact_dual(coefficients, variances, matrix)
        variances = following
    vector = combination_to_zero(matrix)
    if vector is None:
        sentence = f"N of this polynomial of degree {degree}, computed in fractions, has full rank"
        return positive_definite(f"{features.theorem}, exact arithmetic", sentence)
    sentence = f"N of this polynomial of degree {degree}, computed in fractions, has lower rank"
    return _dependent(f"{features.theorem}, exact arithmetic", sentence, vector)


def decide_linear(features: FixedFeatures, names: Sequence[str]) -> Answer:
    """Whether ``A`` itself is nonsingular, the N of a kernel without an activation."""
    seen, theorem = features.seen, features.theorem
    pair = repeated(features.vectors)
    if pair is not None:
        sentence = f"{names[pair[0]]} and {names[pair[1]]} have the same {seen}: equal rows"
        return dependent_rows(theorem, sentence, pair, len(names))
    vector = combination_to_zero(features.gram)
    if vector is None:
        return positive_definite(theorem, f"the {seen} are affinely independent")
    return _dependent(theorem, f"the {seen} are affinely dependent", vector)


def _dependent(theorem: str, sentence: str, vector: Sequence[int]) -> Answer:
    """The answer that N maps a vector of whole numbers to 0."""
    largest = max(abs(entry) for entry in vector)
    scaled = tuple(float(entry / largest) for entry in vector)
    return Answer(Singularity.SINGULAR, theorem, sentence, scaled)
