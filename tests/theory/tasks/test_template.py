"""Templates and matching, against Def. 3.1 read literally."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.boundary.exceptions import InvalidInputError
from theory.template import Template
from validation import strategies


def matches_by_definition(z: Template, string: str) -> bool:
    """Try every injective substitution into the string's tokens that are not in z."""
    tokens = sorted(set(string) - set(z.regular_tokens))
    images = permutations(tokens, len(z.wildcards))
    return any(
        "".join(dict(zip(z.wildcards, image, strict=True)).get(t, t) for t in z.tokens[:-1])
        == string
        for image in images
    )


@given(strategies.templates(), st.text("abAB", min_size=1, max_size=4))
def test_match_is_definition_3_1(z: Template, string: str) -> None:
    assert (z.match(string) is not None) == matches_by_definition(z, string)


@given(strategies.templates(), st.permutations(list("ABCD")))
def test_a_substituted_string_matches(z: Template, tokens: list[str]) -> None:
    substitution = dict(zip(z.wildcards, tokens, strict=False))
    assert z.match(z.substitute(substitution)) == substitution
    others = {**dict.fromkeys(z.regular_tokens, "Z"), "ω": "Ω"}
    assert z.substitute({**others, **substitution}) == z.substitute(substitution)


@given(strategies.templates(regular="ab0"))
def test_parse_reads_what_print_writes(z: Template) -> None:
    assert Template.parse(str(z)).tokens == z.tokens


def test_words_are_read_and_printed() -> None:
    z = Template.parse("α red αβ")
    assert z.wildcards == ("α",)
    assert z.regular_tokens == ("red", "αβ")
    assert Template.parse(str(z)).tokens == z.tokens


@given(strategies.templates(wildcards=3), st.permutations(list("αβγ")))
def test_renamed_wildcards_make_the_same_template(z: Template, names: list[str]) -> None:
    renaming = dict(zip("αβγ", names, strict=True))
    renamed = Template(tuple(renaming.get(token, token) for token in z.tokens))
    assert renamed == z
    assert hash(renamed) == hash(z)


def test_different_templates_differ() -> None:
    assert Template.parse("αα") != Template.parse("αβ")
    assert Template.parse("αa") != Template.parse("αb")
    assert Template.parse("α") != "α"


def test_the_papers_example() -> None:
    z = Template.parse("ααβST")
    assert z.match("QQRST") == {"α": "Q", "β": "R"}
    assert z.match("QQQST") is None  # not injective
    assert z.match("QQSST") is None  # S is in the template


@pytest.mark.parametrize(
    ("substitution", "named"),
    [
        ({"α": "A"}, "'β'"),
        ({"α": "A", "β": "A"}, "'α' and 'β'"),
        ({"α": "a", "β": "A"}, "'a' is in the template"),
        ({"α": "γ", "β": "A"}, "'γ' is not a token"),
        ({"α": "[CLS]", "β": "A"}, "[CLS]"),
    ],
)
def test_substitution_that_is_none_is_refused(substitution: dict[str, str], named: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        Template.parse("αβa").substitute(substitution)
    assert caught.value.argument == "substitution"
    assert named in str(caught.value)


@pytest.mark.parametrize("text", ["", "[CLS]", "α[CLS]α", " "])
def test_text_that_is_no_template_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="template"):
        Template.parse(text)


def test_strings_hold_no_wildcards() -> None:
    with pytest.raises(InvalidInputError, match="wildcards"):
        Template.parse("αα").match("ββ")
