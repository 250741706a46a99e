"""Disjointness by unification, against a search through all strings."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from theory.disjoint import common_string, first_overlap
from theory.template import Template
from validation import strategies


def common_by_search(z1: Template, z2: Template) -> bool:
    """Try every string over R and as many further tokens as there are positions.

    Enough: a common string has at most k tokens outside R, which may be renamed at will, since
    a permutation of tokens outside R carries matches to matches.
    """
    length = z1.length - 1
    letters = sorted({*z1.regular_tokens, *z2.regular_tokens, *"ABCD"[:length]})
    return any(
        z1.match(string) is not None and z2.match(string) is not None
        for string in map("".join, product(letters, repeat=length))
    )


same_length_pairs = st.integers(1, 4).flatmap(
    lambda length: st.tuples(
        *[strategies.templates(min_length=length, max_length=length, regular="abc")] * 2
    )
)


@given(same_length_pairs)
def test_unification_agrees_with_search(pair: tuple[Template, Template]) -> None:
    z1, z2 = pair
    witness = common_string(z1, z2)
    assert (witness is not None) == common_by_search(z1, z2)
    if witness is not None:
        assert z1.match(witness) is not None
        assert z2.match(witness) is not None


def test_unification_agrees_with_search_on_all_short_templates() -> None:
    templates = sorted(
        {Template((*row, "[CLS]")) for row in product("αβγab", repeat=3)},
        key=lambda z: z.canonical,
    )
    verdicts = [
        (common_string(z1, z2) is not None, common_by_search(z1, z2))
        for z1 in templates[::3]
        for z2 in templates[::2]
    ]
    assert all(fast == slow for fast, slow in verdicts)
    assert {fast for fast, _ in verdicts} == {True, False}


def test_chains_of_equalities_are_followed() -> None:
    # Positions force α = β' = γ, so the first template would lose its injectivity.
    assert common_string(Template.parse("αβγ"), Template.parse("ααβ")) is None
    assert common_string(Template.parse("aαα"), Template.parse("ββa")) is None
    assert common_string(Template.parse("aα"), Template.parse("βb")) == "ab"


def test_lengths_that_differ_are_disjoint() -> None:
    assert common_string(Template.parse("α"), Template.parse("αβ")) is None


@given(st.lists(strategies.templates(min_length=3, max_length=3), min_size=1, max_size=6))
def test_first_overlap_agrees_with_all_pairs(templates: list[Template]) -> None:
    pairs = {
        (i, j)
        for j in range(len(templates))
        for i in range(j)
        if common_string(templates[i], templates[j]) is not None
    }
    found = first_overlap(templates)
    if found is None:
        assert not pairs
    else:
        i, j, witness = found
        assert (i, j) in pairs
        assert templates[i].match(witness) is not None
        assert templates[j].match(witness) is not None


@given(strategies.disjoint_templates())
def test_the_strategy_draws_disjoint_templates(templates: tuple[Template, ...]) -> None:
    assert first_overlap(templates) is None
