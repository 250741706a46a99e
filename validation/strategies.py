"""Hypothesis strategies for the objects of the project, for its property tests and for yours.

>>> from hypothesis import given
>>> @given(string_pairs(), permutations_of_tokens())
... def test_token_symmetric(pair, permutation):
...     x, y = pair
...     assert Pattern.of(x, y) == Pattern.of(permuted(x, permutation), permuted(y, permutation))
>>> test_token_symmetric()
"""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from kernels.boundary.exceptions import InvalidInputError
from kernels.strings.patterns import Pattern
from kernels.strings.tokens import CLS
from theory.disjoint import common_string
from theory.laws import Categorical, TokenLaw, Uniform, Zipf
from theory.symbolic_task import SymbolicTask
from theory.task import TemplateTask
from theory.template import WILDCARDS, Template
from validation.strategy_ranges import lengths_with, require_letters, require_order

LETTERS = "ABCDEF"
"""The tokens of the strings drawn."""

REGULAR = "ab"
"""The regular tokens of the templates drawn."""


def templates(
    *, min_length: int = 1, max_length: int = 4, wildcards: int = 3, regular: str = REGULAR
) -> SearchStrategy[Template]:
    """Templates, their wildcards named by first appearance.

    Args:
        min_length: the least number of tokens, ``[CLS]`` not counted.
        max_length: the greatest.
        wildcards: how many wildcards there are to draw from.
        regular: the regular tokens to draw from.

    Raises:
        InvalidInputError: lengths of which there are no templates.
    """
    lengths_with(min_length, max_length, 1, wildcards, regular)
    letters = st.sampled_from([*WILDCARDS[:wildcards], *regular])
    rows = st.lists(letters, min_size=min_length, max_size=max_length)
    return rows.map(lambda row: Template(Template((*row, CLS)).canonical))


def disjoint_templates(
    *,
    min_size: int = 1,
    max_size: int = 4,
    min_length: int = 2,
    max_length: int = 4,
    wildcards: int = 3,
    regular: str = REGULAR,
) -> SearchStrategy[tuple[Template, ...]]:
    """Pairwise disjoint templates of one length (Def. 4.1).

    Args:
        min_size: the least number of templates.
        max_size: the greatest.
        min_length: the least number of tokens, ``[CLS]`` not counted.
        max_length: the greatest.
        wildcards: how many wildcards there are to draw from.
        regular: the regular tokens to draw from.

    Raises:
        InvalidInputError: more templates than there are, or a least number above the greatest.
    """
    require_order("size", min_size, max_size)
    lengths = lengths_with(min_length, max_length, min_size, wildcards, regular)

    def kept(drawn: list[Template]) -> tuple[Template, ...]:
        found: list[Template] = []
        for z in drawn:
            if len(found) < max_size and all(common_string(z, other) is None for other in found):
                found.append(z)
        return tuple(found)

    def of_length(length: int) -> SearchStrategy[tuple[Template, ...]]:
        one = templates(min_length=length, max_length=length, wildcards=wildcards, regular=regular)
        several = st.lists(one, min_size=min_size, max_size=4 * max_size, unique=True)
        return several.map(kept).filter(lambda found: len(found) >= min_size)

    return st.sampled_from(lengths).flatmap(of_length)


def tasks(
    *,
    min_size: int = 1,
    max_size: int = 4,
    min_length: int = 2,
    max_length: int = 4,
    wildcards: int = 3,
    regular: str = REGULAR,
) -> SearchStrategy[TemplateTask]:
    """Template tasks with real labels and unequal weights (Def. 3.2).

    Args:
        min_size: the least number of templates.
        max_size: the greatest.
        min_length: the least number of tokens, ``[CLS]`` not counted.
        max_length: the greatest.
        wildcards: how many wildcards there are to draw from.
        regular: the regular tokens to draw from.

    Raises:
        InvalidInputError: see `disjoint_templates`.
    """

    def of_templates(found: tuple[Template, ...]) -> SearchStrategy[TemplateTask]:
        labels = st.tuples(*(st.floats(-2.0, 2.0) for _ in found))
        weights = st.tuples(*(st.floats(0.1, 1.0) for _ in found))
        return st.builds(TemplateTask, st.just(found), labels, weights)

    several = disjoint_templates(
        min_size=min_size,
        max_size=max_size,
        min_length=min_length,
        max_length=max_length,
        wildcards=wildcards,
        regular=regular,
    )
    return several.flatmap(of_templates)


def symbolic_tasks(
    *, max_size: int = 4, max_length: int = 4, wildcards: int = 3, regular: str = REGULAR
) -> SearchStrategy[SymbolicTask]:
    """Template tasks with symbolic labels (Def. J.1): a wildcard of the template, or a token.

    Args:
        max_size: the greatest number of templates.
        max_length: the greatest number of tokens, ``[CLS]`` not counted.
        wildcards: how many wildcards there are to draw from.
        regular: the regular tokens to draw from; labels may also be ``T``, which no template has.
    """

    def labelled(inputs: TemplateTask) -> SearchStrategy[SymbolicTask]:
        labels = (st.sampled_from([*z.wildcards, *regular, "T"]) for z in inputs.templates)
        return st.builds(SymbolicTask, st.just(inputs), st.tuples(*labels))

    inputs = tasks(max_size=max_size, max_length=max_length, wildcards=wildcards, regular=regular)
    return inputs.flatmap(labelled)


def strings(
    *, min_length: int = 1, max_length: int = 4, letters: str = LETTERS
) -> SearchStrategy[str]:
    """Strings without ``[CLS]``, which every function of the project appends.

    Raises:
        InvalidInputError: no letters, or a least length above the greatest.
    """
    require_order("length", min_length, max_length, least=1)
    require_letters(letters)
    return st.text(letters, min_size=min_length, max_size=max_length)


def string_pairs(
    *, min_length: int = 1, max_length: int = 4, letters: str = LETTERS
) -> SearchStrategy[tuple[str, str]]:
    """Two strings of one length, the input of a kernel.

    Args:
        min_length: the least number of tokens, ``[CLS]`` not counted.
        max_length: the greatest.
        letters: the tokens to draw from: fewer letters, more equalities.

    Raises:
        InvalidInputError: no letters, or a least length above the greatest.
    """
    require_order("length", min_length, max_length, least=1)
    require_letters(letters)

    def of_length(length: int) -> SearchStrategy[tuple[str, str]]:
        one = strings(min_length=length, max_length=length, letters=letters)
        return st.tuples(one, one)

    return st.integers(min_length, max_length).flatmap(of_length)


def patterns(*, min_length: int = 1, max_length: int = 4) -> SearchStrategy[Pattern]:
    """Joint equality patterns of two strings (Def. C.1).

    Raises:
        InvalidInputError: a least length above the greatest.
    """
    require_order("length", min_length, max_length, least=1)
    pairs = string_pairs(min_length=min_length, max_length=max_length)
    return pairs.map(lambda pair: Pattern.of(*pair))


def permutations_of_tokens(letters: str = LETTERS) -> SearchStrategy[dict[str, str]]:
    """Permutations of the tokens, as `permuted` takes them.

    Raises:
        InvalidInputError: no letters.
    """
    require_letters(letters)
    orders = st.permutations(list(letters))
    return orders.map(lambda order: dict(zip(letters, order, strict=True)))


def permuted(string: str, permutation: Mapping[str, str]) -> str:
    """The string with each token replaced by its image; tokens without one stay.

    >>> permuted("AAB", {"A": "B", "B": "A"})
    'BBA'
    """
    return "".join(permutation.get(token, token) for token in string)


def token_laws(*, min_symbols: int = 1, max_symbols: int = 8) -> SearchStrategy[TokenLaw]:
    """Laws on tokens: uniform, Zipf, and arbitrary ones with every probability positive.

    Raises:
        InvalidInputError: no symbols, or a least number above the greatest.
    """
    require_order("symbols", min_symbols, max_symbols, least=1)
    sizes = st.integers(min_symbols, max_symbols)
    weights = st.floats(1e-3, 1.0)
    return st.one_of(
        sizes.map(Uniform),
        st.builds(Zipf, sizes, st.floats(0.0, 3.0)),
        st.lists(weights, min_size=min_symbols, max_size=max_symbols).map(Categorical),
    )


def inverse_temperatures(largest: float = 4.0) -> SearchStrategy[float]:
    """Values of beta, small ones included.

    Raises:
        InvalidInputError: a largest one below 0.01.
    """
    if not largest >= 0.01:
        raise InvalidInputError("largest", largest, "give a number of at least 0.01")
    return st.one_of(st.floats(0.01, largest), st.sampled_from([0.01, 1.0, largest]))


def positional_weights(largest: float = 3.0) -> SearchStrategy[float]:
    """Values of gamma, 0 included.

    Raises:
        InvalidInputError: a largest one below 0.
    """
    if not largest >= 0.0:
        raise InvalidInputError("largest", largest, "give a number of at least 0")
    return st.one_of(st.floats(0.0, largest), st.sampled_from([0.0, 1.0, largest]))


def cosine_parameters() -> SearchStrategy[tuple[float, float]]:
    """Frequencies b1 and phases b2 of the activation ``cos(b1 t + b2)`` (Claim E.2)."""
    return st.tuples(st.floats(0.1, 3.0), st.floats(0.0, 3.141592653589793))
