"""The criterion for nonsingular template matrices: against numbers, symmetry and 60 digits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels import (
    AttentionKernel,
    Cosine,
    CustomActivation,
    Exponential,
    Kernel,
    MLPKernel,
    Polynomial,
    ReLU,
    TransformerKernel,
)
from kernels.activations.form import IntegrableDerivative, Nonconstant, SmoothingMultiple
from kernels.boundary.exceptions import InvalidInputError
from tests.theory.matrix.template_sets import (
    kernels,
    random_kernel,
    random_set,
    refuted,
    template_sets,
)
from tests.toy_kernels import RelationalKernel
from theory import Singularity, Template
from theory.nonsingularity import criterion, decide_singularity, fixed_features
from theory.nonsingularity.answer import positive_definite
from theory.nonsingularity.elimination import combination_to_zero
from theory.nonsingularity.fixed_features import FixedFeatures
from theory.nonsingularity.reading import regular_counts, wildcard_counts


def parsed(*texts: str) -> tuple[Template, ...]:
    return tuple(Template.parse(text) for text in texts)


@given(kernels(), template_sets())
def test_nothing_excludes_the_answer(kernel: Kernel, templates: tuple[Template, ...]) -> None:
    answer = decide_singularity(kernel, templates)
    fault, matrix = refuted(answer, kernel, templates)
    assert fault is None
    # The matrix is that of the numbers alone, whose verdict no theorem has touched.
    if matrix.verdict.outcome is not Singularity.INCONCLUSIVE and answer.outcome is not None:
        assert answer.outcome is matrix.verdict.outcome
    if answer.outcome is Singularity.SINGULAR:
        assert answer.null_vector is not None
        assert max(map(abs, answer.null_vector)) == 1.0


@given(kernels(), template_sets(), st.data())
def test_order_names_and_repetition(
    kernel: Kernel, templates: tuple[Template, ...], data: st.DataObject
) -> None:
    """The order of templates and the names of wildcards are of no account; repetition decides."""
    answer = decide_singularity(kernel, templates)
    shuffled = data.draw(st.permutations(templates))
    renaming = dict(zip("αβγ", "ωβα", strict=True))
    renamed = [Template(tuple(renaming.get(t, t) for t in z.tokens)) for z in shuffled]
    assert decide_singularity(kernel, renamed).outcome is answer.outcome
    again = decide_singularity(kernel, [*templates, renamed[0]])
    assert again.outcome is Singularity.SINGULAR
    assert again.equal_rows is not None


@pytest.mark.parametrize("scaling", ["section-4.1", "appendix-H"])
@pytest.mark.parametrize(("beta", "gamma"), [(1e-200, 1e-200), (1.0, 1e-300), (5e-324, 1.0)])
def test_parameters_off_the_axes_are_not_on_them(beta: float, gamma: float, scaling: str) -> None:
    kernel = TransformerKernel(beta, gamma, ReLU(), scaling=scaling)
    answer = decide_singularity(kernel, parsed("αβα", "αββ", "αaβ"))
    assert (answer.outcome, answer.theorem) == (Singularity.NONSINGULAR, "A2, A3")


CASES = [
    # Whatever the activation: templates that permutations of positions carry into each other.
    (TransformerKernel(1.0, 0.0), ("αβα", "αββ"), Singularity.SINGULAR, "A4(i)"),
    (TransformerKernel(1.0, 0.0), ("ααββ", "ααβγ", "αααβ"), Singularity.NONSINGULAR, "A4(i), A3"),
    (AttentionKernel(1.0, 0.0), ("aα", "αa"), Singularity.SINGULAR, "A4(i)"),
    # Counts {0, 1, 2} of one token: affinely dependent, linearly independent from the second on.
    (AttentionKernel(0.0, 1.0), ("αβ", "aα", "aa"), Singularity.SINGULAR, "A4(ii)"),
    (AttentionKernel(0.0, 1.0), ("αβ", "aα"), Singularity.NONSINGULAR, "A4(ii)"),
    (
        TransformerKernel(0.0, 1.0, Polynomial((0.0, 1.0))),
        ("αβ", "aα", "aa"),
        Singularity.SINGULAR,
        "",
    ),
    (TransformerKernel(0.0, 1.0, ReLU()), ("αβ", "aα", "aa"), Singularity.NONSINGULAR, "A4(ii)"),
    # The same counts of regular tokens, other counts of wildcards.
    (TransformerKernel(0.0, 1.0, Cosine()), ("αα", "αβ"), Singularity.SINGULAR, "A4(ii)"),
    (TransformerKernel(0.0, 1.0, Exponential()), ("αα", "αβ"), Singularity.SINGULAR, "A4(ii)"),
    (TransformerKernel(0.0, 1.0, ReLU()), ("αα", "αβ"), Singularity.NONSINGULAR, "A6"),
    (
        TransformerKernel(0.0, 1.0, Polynomial((0.0, 0.0, 1.0))),
        ("αα", "αβ"),
        Singularity.NONSINGULAR,
        "",
    ),
    # The same sum of squares, 9 + 1 + 1 + 1 = 4 + 4 + 4, but not the same counts.
    (TransformerKernel(0.0, 1.0, ReLU()), ("αααβγδ", "ααββγγ"), Singularity.SINGULAR, "A4(ii)"),
    (
        TransformerKernel(1.0, 0.0, ReLU()),
        ("αααβγδ", "ααββγγ"),
        Singularity.NONSINGULAR,
        "A4(i), A3",
    ),
    # A perceptron sees regular tokens at their places.
    (MLPKernel(ReLU()), ("αα", "αβ"), Singularity.SINGULAR, "A7"),
    (MLPKernel(ReLU(), 3), ("aα", "αa", "aa", "αβ"), Singularity.NONSINGULAR, "A7"),
    (MLPKernel(Polynomial((0.0, 1.0))), ("aα", "αa", "aa", "αβ"), Singularity.SINGULAR, ""),
    (
        MLPKernel(Polynomial((0.0, 0.0, 1.0)), 2),
        ("aα", "αa", "aa", "αβ"),
        Singularity.NONSINGULAR,
        "",
    ),
    (TransformerKernel(1.0, 1.0, Polynomial((0.0,))), ("αα",), Singularity.SINGULAR, "A3"),
    (TransformerKernel(1.0, 1.0, Cosine(0.0, 1.0)), ("αα",), Singularity.NONSINGULAR, "A3"),
    (RelationalKernel(), ("αα", "αβ"), None, ""),
    (RelationalKernel(), ("αα", "ββ"), Singularity.SINGULAR, "A2"),
]


@pytest.mark.parametrize(("kernel", "texts", "outcome", "theorem"), CASES)
def test_cases(
    kernel: Kernel, texts: tuple[str, ...], outcome: Singularity | None, theorem: str
) -> None:
    answer = decide_singularity(kernel, parsed(*texts))
    assert answer.outcome is outcome
    assert not theorem or answer.theorem == theorem
    assert refuted(answer, kernel, parsed(*texts))[0] is None


def test_what_is_vouched_for_decides() -> None:
    def with_form(form: object, *texts: str, beta: float = 1.0) -> Singularity | None:
        activation = CustomActivation(np.tanh, **({} if form is None else {"form": form}))
        return decide_singularity(TransformerKernel(beta, 1.0, activation), parsed(*texts)).outcome

    assert with_form(None, "αα", "αβ") is None
    assert with_form(None, "αα", "ββ") is Singularity.SINGULAR
    assert with_form(Nonconstant(), "αα", "αβ") is Singularity.NONSINGULAR
    assert with_form(Nonconstant(), "αα", "αβ", beta=0.0) is None
    assert with_form(Nonconstant(), "αα", "aα", beta=0.0) is Singularity.NONSINGULAR
    assert with_form(IntegrableDerivative(1), "αα", "αβ", beta=0.0) is Singularity.NONSINGULAR


def test_polynomials_of_high_degree_are_left_open() -> None:
    kernel = TransformerKernel(0.0, 1.0, Polynomial((0.0,) * 40 + (1.0,)))
    assert decide_singularity(kernel, parsed("αα", "αβ")).outcome is None
    assert decide_singularity(kernel, parsed("αα", "aβ")).outcome is Singularity.NONSINGULAR


@pytest.mark.parametrize(
    ("texts", "said"), [((), "give at least one template"), (("αα", "ααα"), "one length")]
)
def test_bad_input(texts: tuple[str, ...], said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        decide_singularity(TransformerKernel(), parsed(*texts))


@contextmanager
def forgetting_names() -> Iterator[None]:
    with patch.object(Template, "canonical", property(lambda z: z.tokens)):
        yield


def _linear(templates: tuple[Template, ...], gamma: float) -> FixedFeatures:
    right = fixed_features.of_uniform_attention(templates, gamma)
    always = Fraction(gamma) ** 2 / templates[0].length + Fraction(1, templates[0].length ** 2)
    gram = [[entry - always for entry in row] for row in right.gram]
    return FixedFeatures(right.vectors, right.variances, gram, right.seen, right.theorem)


def _same_variances(templates: tuple[Template, ...], gamma: float) -> FixedFeatures:
    right = fixed_features.of_uniform_attention(templates, gamma)
    ones = [Fraction(1)] * len(templates)
    return FixedFeatures(right.vectors, ones, right.gram, right.seen, right.theorem)


right_beyond = fixed_features._beyond_polynomials
ALWAYS = positive_definite("A2", "a wrong answer")

WRONG = {
    "forgets the names of wildcards": forgetting_names,
    "forgets permutations of positions": lambda: patch.object(
        criterion, "unordered", lambda z: z.canonical
    ),
    "takes sums of squares for counts": lambda: patch.object(
        criterion,
        "unordered",
        lambda z: (regular_counts(z), sum(n * n for n in wildcard_counts(z))),
    ),
    "linear instead of affine": lambda: patch.object(criterion, "of_uniform_attention", _linear),
    "forgets the variances": lambda: patch.object(
        criterion, "of_uniform_attention", _same_variances
    ),
    "no activation tells smoothings apart": lambda: patch.object(
        fixed_features,
        "_beyond_polynomials",
        lambda features, _, names: right_beyond(features, SmoothingMultiple(-1.0), names),
    ),
    "no activation is a polynomial": lambda: patch.object(
        fixed_features, "_by_exact_arithmetic", return_value=ALWAYS
    ),
    "beta = 0 is like any other": lambda: patch.object(
        criterion, "decide_linear", return_value=ALWAYS
    ),
    "constants are like any other": lambda: patch.object(
        criterion, "_of_constant", return_value=ALWAYS
    ),
}


def check_criterion() -> str | None:
    """The first fault in the cases above and in 60 random ones, None if there is none."""
    rng = np.random.default_rng(5)
    several = [(kernel, parsed(*texts)) for kernel, texts, _, _ in CASES]
    drawn = [random_kernel(rng) for _ in range(60)]
    several += [(kernel, random_set(rng, kernel)) for kernel in drawn]
    for kernel, templates in several:
        fault = refuted(decide_singularity(kernel, templates), kernel, templates)[0]
        if fault is not None:
            return fault
    return None


def test_the_check_passes_the_criterion() -> None:
    assert check_criterion() is None


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_the_check_refuses(wrong: object) -> None:
    with wrong():  # type: ignore[operator]
        assert check_criterion() is not None


fractions = st.fractions(-3, 3, max_denominator=4)


@given(
    st.integers(1, 4).flatmap(
        lambda r: st.lists(st.lists(fractions, min_size=r, max_size=r), min_size=r, max_size=r)
    )
)
def test_null_vectors_are_exact(rows: list[list[Fraction]]) -> None:
    vector = combination_to_zero(rows)
    if vector is None:
        assert abs(np.linalg.det(np.array(rows, dtype=float))) > 1e-9
        return
    assert any(vector)
    assert all(sum(a * b for a, b in zip(row, vector, strict=True)) == 0 for row in rows)


def test_null_vectors_of_large_fractions() -> None:
    """Denominators that no machine word holds."""
    tiny = Fraction(1, 2**61 - 1) ** 3
    assert combination_to_zero([[tiny, 2 * tiny], [Fraction(1), Fraction(1)]]) is None
    assert combination_to_zero([[tiny, 2 * tiny], [Fraction(1), Fraction(2)]]) == (-2, 1)
    assert combination_to_zero([[1 / tiny]]) is None
    assert combination_to_zero([[Fraction(0)]]) == (1,)


@pytest.mark.long
def test_five_hundred_random_sets() -> None:
    rng = np.random.default_rng(2310)
    counted: Counter[str] = Counter()
    for _ in range(500):
        kernel = random_kernel(rng)
        templates = random_set(rng, kernel)
        answer = decide_singularity(kernel, templates)
        fault, matrix = refuted(answer, kernel, templates)
        assert fault is None, (kernel.name, [str(z) for z in templates])
        resolved = matrix.smallest_eigenvalue.value > matrix.smallest_eigenvalue.error
        counted[f"{answer.outcome}, {'above 0' if resolved else 'not told from 0'}"] += 1
    print(dict(counted))
    assert counted["nonsingular, above 0"] > 100
    assert counted["singular, not told from 0"] > 100
    assert counted["singular, above 0"] == 0
    assert counted["nonsingular, not told from 0"] > 0  # where the theorem says more
