"""Token laws: inclusion probabilities and draws, against enumeration in exact arithmetic."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from kernels.boundary.exceptions import InvalidInputError
from tests.tolerances import CHANCE_OF_FALSE_ALARM, SYMMETRIC_POLYNOMIAL_ROUNDING
from theory import TemplateTask, Tuples
from theory.laws import Categorical, TokenLaw, Uniform, Zipf
from theory.substitution import DistinctTokens, UniformDistinct, WeightedDistinct

weights_and_draws = st.lists(st.floats(1e-12, 1.0), min_size=1, max_size=6).flatmap(
    lambda weights: st.tuples(st.just(weights), st.integers(1, min(4, len(weights))))
)


def tuple_probabilities(weights: list[float], draws: int) -> dict[tuple[int, ...], Fraction]:
    """The law of the distinct tuple, by enumeration."""
    exact = [Fraction(weight) for weight in weights]
    mass = {t: prod(exact[i] for i in t) for t in permutations(range(len(weights)), draws)}
    total = sum(mass.values())
    return {t: m / total for t, m in mass.items()}


@given(weights_and_draws)
def test_inclusion_and_diversity_by_enumeration(case: tuple[list[float], int]) -> None:
    weights, draws = case
    law = tuple_probabilities(weights, draws)
    inclusion = [float(sum(p for t, p in law.items() if i in t)) for i in range(len(weights))]
    found = WeightedDistinct(np.array(weights), draws)
    np.testing.assert_allclose(found.inclusion, inclusion, rtol=SYMMETRIC_POLYNOMIAL_ROUNDING)
    assert found.diversity == pytest.approx(1.0 / max(inclusion), rel=SYMMETRIC_POLYNOMIAL_ROUNDING)


@given(st.integers(1, 2_000), st.data())
def test_equal_weights_give_m_over_w(size: int, data: st.DataObject) -> None:
    draws = data.draw(st.integers(1, min(size, 9)))
    uniform = UniformDistinct(size, draws)
    assert uniform.diversity == size / draws
    weighted = WeightedDistinct(np.full(size, 0.3), draws)
    assert weighted.diversity == pytest.approx(size / draws, rel=SYMMETRIC_POLYNOMIAL_ROUNDING)
    np.testing.assert_allclose(weighted.inclusion, draws / size, rtol=SYMMETRIC_POLYNOMIAL_ROUNDING)


@pytest.mark.parametrize("exponent", [0.5, 1.0, 2.0])
def test_inclusion_of_a_large_alphabet_sums_to_the_draws(exponent: float) -> None:
    ranks = np.arange(1, 100_001, dtype=np.float64)
    law = WeightedDistinct(ranks**-exponent, 4)
    assert law.inclusion.sum() == pytest.approx(4.0, rel=SYMMETRIC_POLYNOMIAL_ROUNDING)
    assert law.diversity == pytest.approx(1.0 / law.inclusion[0], rel=SYMMETRIC_POLYNOMIAL_ROUNDING)


def test_one_dominant_weight_is_exact() -> None:
    # p = (1, e, e): the second draw is one of the two light tokens, whatever e is.
    law = WeightedDistinct(np.array([1.0, 1e-200, 1e-200]), 2)
    np.testing.assert_allclose(law.inclusion, [1.0, 0.5, 0.5], rtol=SYMMETRIC_POLYNOMIAL_ROUNDING)


@pytest.mark.parametrize(
    ("law", "weights"),
    [
        (UniformDistinct(4, 2), [0.25] * 4),
        (UniformDistinct(4, 3), [0.25] * 4),
        (UniformDistinct(3, 3), [1 / 3] * 3),
        (WeightedDistinct(np.array([0.6, 0.1, 0.2, 0.1]), 2), [0.6, 0.1, 0.2, 0.1]),
        (WeightedDistinct(np.array([0.9, 0.05, 0.03, 0.02]), 3), [0.9, 0.05, 0.03, 0.02]),
        (WeightedDistinct(np.array([0.7, 0.2, 0.1]), 1), [0.7, 0.2, 0.1]),
    ],
)
def test_draws_have_the_law_of_the_tuple(law: DistinctTokens, weights: list[float]) -> None:
    n = 40_000
    drawn = law.sample(n, np.random.default_rng(1))
    expected = tuple_probabilities(weights, law.draws)
    counts = dict.fromkeys(expected, 0)
    for row, count in zip(*np.unique(drawn, axis=0, return_counts=True), strict=True):
        counts[tuple(row.tolist())] += int(count)  # KeyError if tokens of a row repeat
    test = chisquare(list(counts.values()), [n * float(p) for p in expected.values()])
    assert test.pvalue > CHANCE_OF_FALSE_ALARM


def test_a_wrong_law_would_be_noticed() -> None:
    n = 200_000
    drawn = UniformDistinct(4, 1).sample(n, np.random.default_rng(1))
    counts = np.bincount(drawn[:, 0], minlength=4)
    assert chisquare(counts, n * np.array([0.26, 0.24, 0.25, 0.25])).pvalue < CHANCE_OF_FALSE_ALARM


def test_heavy_tails_on_a_tiny_alphabet_end() -> None:
    # Rejection would accept one row in 10^19.
    law = Categorical([1.0, 1e-10, 1e-10]).distinct(3)
    assert (
        np.sort(law.sample(1_000, np.random.default_rng(0)), axis=1).tolist() == [[0, 1, 2]] * 1_000
    )


class Least(np.random.Generator):
    """The least uniform numbers there are."""

    def __init__(self) -> None:
        super().__init__(np.random.PCG64(0))

    def random(self, n: int) -> np.ndarray:
        return np.zeros(n)


@pytest.mark.parametrize("draws", [1, 2])
def test_a_token_of_no_weight_is_never_drawn(draws: int) -> None:
    law = WeightedDistinct(np.array([0.0, 1.0, 0.0, 2.0]), draws)
    assert set(law.sample(5, Least()).ravel().tolist()) == {1, 3} - ({3} if draws == 1 else set())


@pytest.mark.parametrize("law", [Uniform(3, ["a", "b"]), Zipf(3, 1.0, ["a", "b"])])
def test_excluded_tokens_are_left_out(law: TokenLaw) -> None:
    drawn = law.distinct(4, ["a"]).sample(2_000, np.random.default_rng(0))
    codes = law.codes(drawn, np.array([77], dtype=np.int32))
    assert set(np.unique(codes).tolist()) == {1, 2, 3, 77}


@pytest.mark.parametrize(
    ("make", "argument"),
    [
        (lambda: Uniform(-1), "symbols"),
        (lambda: Uniform(2**31), "symbols"),
        (lambda: Uniform(3, ["a", "a"]), "named"),
        (lambda: Zipf(0), "symbols"),
        (lambda: Zipf(5, -1.0), "exponent"),
        (lambda: Categorical([0.5, -0.5]), "probabilities"),
        (lambda: Categorical([0.0, 0.0]), "probabilities"),
        (lambda: Categorical([float("nan")]), "probabilities"),
        (lambda: Categorical([], ["a"]), "probabilities"),
        (lambda: Uniform(2).distinct(3), "alphabet"),
        (lambda: Categorical([1.0, 0.0, 0.0]).distinct(2), "alphabet"),
        (lambda: WeightedDistinct(np.zeros(2), 1), "alphabet"),
        (lambda: WeightedDistinct(np.array([1.0, 1e-200, 1e-200]), 3), "alphabet"),
    ],
)
def test_bad_laws_are_refused(make: object, argument: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        make()
    assert caught.value.argument == argument


def test_laws_show_their_named_tokens_where_there_are_any() -> None:
    laws = Uniform(3), Zipf(3, 0.5, ["a"]), Categorical([0.5, 0.5]), Tuples([(0, 1)])
    assert " ".join(map(repr, laws)) == (
        "Uniform(3) Zipf(3, 0.5, named=('a',)) Categorical(2 probabilities) Tuples(1 of 2 tokens)"
    )
    assert repr(Tuples([(0, 1)], named=["a"])) == "Tuples(1 of 2 tokens, named=('a',))"


# Dependent wildcards


def test_tuples_are_drawn_whole_and_avoid_the_templates_own_tokens() -> None:
    task = TemplateTask.parse({"ααβ": 1.0, "aβγ": -1.0})
    law = Tuples([(0, 1), (1, 2), (2, 0)], [1.0, 2.0, 1.0], symbols=2, named=["a"])
    sample = task.sample(400, alphabet=law, seed=0)
    strings = list(sample.strings)
    first = {x for x, t in zip(strings, sample.templates, strict=True) if t == 0}
    assert first == {"s1 s1 s2", "s2 s2 a", "a a s1"}
    # Tuples with "a" in them are no substitution of the template that has it.
    assert {x for x, t in zip(strings, sample.templates, strict=True) if t == 1} == {"a s1 s2"}
    assert law.probabilities.tolist() == [0.25, 0.5, 0.25]
    # s2 and a are in tuples that carry 3/4; the one tuple that is left to aβγ is certain.
    assert law.distinct(2).diversity == pytest.approx(4 / 3)
    assert law.distinct(1, ["a"]).diversity == pytest.approx(1.5)
    assert task.diversity(law) == 1.0


def test_tuples_agree_with_the_uniform_law_of_injections() -> None:
    every = Tuples(list(permutations(range(4), 2))).distinct(2)
    assert every.diversity == pytest.approx(UniformDistinct(4, 2).diversity)
    assert every.sample(5, np.random.default_rng(0)).shape == (5, 2)


@pytest.mark.parametrize(
    ("given", "argument"),
    [
        ({"tuples": []}, "tuples"),
        ({"tuples": [(0, 1), (0,)]}, "tuples"),
        ({"tuples": [(0, 0)]}, "tuples"),
        ({"tuples": [(0, -1)]}, "tuples"),
        ({"tuples": [(0, 3)], "symbols": 2}, "tuples"),
        ({"tuples": [(1,)], "symbols": 1}, "tuples"),
        ({"tuples": [(0, 1)], "probabilities": [1.0, 1.0]}, "probabilities"),
        ({"tuples": [(0, 1)], "probabilities": [-1.0]}, "probabilities"),
        ({"tuples": [(0, 1)], "probabilities": [0.0]}, "probabilities"),
        ({"tuples": [(0, 1)], "named": ["a", "a"]}, "named"),
    ],
)
def test_tuples_that_are_no_law_are_refused(given: dict[str, Any], argument: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        Tuples(**given)
    assert refused.value.argument == argument


def test_tuples_that_no_template_can_use_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="need tuples of at least 2 tokens"):
        Tuples([(0,), (1,)]).distinct(2)
    with pytest.raises(InvalidInputError, match="give tuples that avoid"):
        Tuples([(0, 1)], symbols=1, named=["a"]).distinct(2, ["a"])


def test_named_tokens_count_where_there_are_few_symbols_or_none() -> None:
    for symbols in (0, 1):
        law = Zipf(symbols, named=["a", "b"])
        assert len(law.distinct(1).inclusion) == symbols + 2
    tuples = Tuples([(0, 1), (1, 0)], named=["a", "b"])
    assert tuples.symbols == 0
    assert Tuples([(0, 2)], named=["a", "b"]).symbols == 1
