"""Reading, printing and encoding strings; joint equality patterns."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels import (
    CLS,
    EncodedStrings,
    InvalidInputError,
    KernelRidge,
    MLPKernel,
    Pattern,
    Vocabulary,
    encode,
    tokenize,
    untokenize,
)
from kernels.strings.pairs import unique_patterns
from validation import strategies

TOKENS = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=3
).filter(lambda token: CLS not in token)


@given(st.lists(TOKENS, min_size=1, max_size=6))
def test_printing_then_reading_gives_the_tokens_back(tokens: list[str]) -> None:
    assert tokenize(untokenize((*tokens, CLS))) == (*tokens, CLS)


@pytest.mark.parametrize(
    ("string", "remedy"),
    [
        ("", "at least one token"),
        (CLS, "at least one"),
        (f"A{CLS}B", "only end"),
        (("A", ""), "non-empty"),
    ],
)
def test_strings_that_cannot_be_read(string: str, remedy: str) -> None:
    with pytest.raises(InvalidInputError, match=remedy):
        tokenize(string)


def test_strings_of_unequal_length_are_named() -> None:
    with pytest.raises(InvalidInputError, match=r"'ABC'.*'AB'.*row 1"):
        encode(["AB", "ABC"])


def test_words_and_letters_are_not_mixed() -> None:
    with pytest.raises(InvalidInputError, match=r"'ab': row 2 .*row 0, 'red blue'"):
        KernelRidge(MLPKernel()).fit(["red blue", "a b", "ab"], [1.0, 2.0, 3.0])
    words = KernelRidge(MLPKernel(), tokens="words")
    assert words.fit(["red", "blue", "ab"], [1.0, 2.0, 3.0]).n_features_in_ == 1
    assert words.predict(["other"]).shape == (1,)


def test_a_text_is_read_as_the_user_says() -> None:
    assert len(tokenize("ab", tokens="words")) == 2
    assert len(tokenize("ab", tokens="characters")) == 3
    assert encode(["ab", "red"], tokens="words").length == 2
    with pytest.raises(InvalidInputError, match="whitespace"):
        encode(["a b"], tokens="characters")


@given(st.lists(strategies.strings(min_length=3, max_length=3), min_size=1, max_size=5))
def test_encoding_keeps_the_strings(strings: list[str]) -> None:
    assert list(encode(strings)) == [untokenize(tokenize(s)) for s in strings]


@given(st.lists(strategies.strings(min_length=3, max_length=3), min_size=1, max_size=5))
def test_recoding_keeps_the_strings(strings: list[str]) -> None:
    other = Vocabulary(symbols=3, names=("C", "A"))
    assert list(encode(encode(strings), other)) == list(encode(strings))


def test_symbols_have_names_without_a_list_of_them() -> None:
    vocabulary = Vocabulary(symbols=10**9, names=("A",))
    assert vocabulary.name(10**9) == "s1000000000"
    assert vocabulary.code("s1000000000") == 10**9
    assert vocabulary.code("s1000000001") is None
    assert vocabulary.code("A") == 10**9 + 1


@given(strategies.string_pairs(), strategies.permutations_of_tokens())
def test_a_pattern_sees_neither_names_nor_order(
    pair: tuple[str, str], permutation: dict[str, str]
) -> None:
    x, y = pair
    pattern = Pattern.of(x, y)
    assert pattern == Pattern.of(y, x)
    assert pattern == Pattern.of(
        strategies.permuted(x, permutation), strategies.permuted(y, permutation)
    )


def test_patterns_are_as_many_as_the_orbits() -> None:
    """All pairs of strings of two tokens from five: patterns against orbits found by force."""
    letters = "ABCDE"
    pairs = list(itertools.product(itertools.product(letters, repeat=2), repeat=2))
    orbits = set()
    for x, y in pairs:
        orbit = set()
        for image in itertools.permutations(letters):
            rename = dict(zip(letters, image, strict=True))
            moved = tuple(rename[t] for t in x), tuple(rename[t] for t in y)
            orbit |= {moved, moved[::-1]}
        orbits.add(min(orbit))
    assert len({Pattern.of(x, y) for x, y in pairs}) == len(orbits)


@given(st.integers(1, 8), st.integers(1, 8), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_unique_patterns_are_those_of_every_pair(n: int, m: int, k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = (
        np.hstack([rng.integers(1, 5, (rows, k)), np.zeros((rows, 1))]).astype(np.int32)
        for rows in (n, m)
    )
    patterns, index = unique_patterns(x, y)
    assert len(set(patterns)) == len(patterns)
    for i, j in itertools.product(range(n), range(m)):
        assert patterns[index[i, j]] == Pattern.of_codes(x[i].tolist(), y[j].tolist())


def test_codes_of_long_strings_do_not_overflow() -> None:
    rng = np.random.default_rng(0)
    x = np.hstack([rng.integers(1, 40, (30, 24)), np.zeros((30, 1))]).astype(np.int32)
    patterns, index = unique_patterns(x, x)
    for i, j in itertools.product(range(30), repeat=2):
        assert patterns[index[i, j]] == Pattern.of_codes(x[i].tolist(), x[j].tolist())


@pytest.mark.parametrize(
    ("codes", "remedy"),
    [
        ([[1, 3, 0]], "= 3: codes of tokens run from 1 to 2"),
        ([[1, -1, 0]], "= -1: codes of tokens"),
        ([[1, 0, 0]], "= 0: codes of tokens"),
        ([[1, 2, 1]], "the last code"),
        ([[0]], "at least one token"),
        (np.zeros((0, 3)), "at least one string"),
    ],
)
def test_codes_without_meaning_are_refused(codes: list[list[int]], remedy: str) -> None:
    rows = EncodedStrings(np.array(codes, dtype=np.int32), Vocabulary(symbols=2))
    with pytest.raises(InvalidInputError, match=remedy):
        encode(rows)


@pytest.mark.parametrize("codes", [np.ones((1, 2)), np.zeros(3, dtype=np.int32), [[1, 0]], None])
def test_codes_that_are_no_table_are_refused(codes: object) -> None:
    rows = encode(["AB"])
    object.__setattr__(rows, "codes", codes)  # past the checks of annotations in these tests
    with pytest.raises(InvalidInputError, match="whole numbers, one row a string"):
        encode(rows)


def test_wider_codes_are_narrowed() -> None:
    rows = encode(["AB"])
    object.__setattr__(rows, "codes", rows.codes.astype(np.int64))
    assert encode(rows).codes.dtype == np.int32


@pytest.mark.parametrize("strings", [None, 5, "AB", {"AB", "BA"}, {"AB": 1.0}])
def test_what_is_no_list_of_strings_is_refused(strings: object) -> None:
    with pytest.raises((InvalidInputError, TypeError), match="strings"):
        encode(strings)  # type: ignore[arg-type] # on purpose


def test_numbers_are_the_symbols_of_that_number() -> None:
    rows = encode(np.array([[1, 3], [2, 2]], dtype=np.uint8))
    assert list(rows) == ["s1 s3", "s2 s2"]
    training = encode(["s2 A"])
    assert list(encode(np.array([[2, 5]]), training.vocabulary)) == ["s2 s5"]
    assert encode(np.array([[2, 5]]), training.vocabulary).codes[0, 0] == training.codes[0, 0]


@pytest.mark.parametrize(
    ("numbers", "remedy"),
    [
        (np.array([[0, 1]]), "run from 1"),
        (np.array([[2**31, 1]]), "run from 1"),
        (np.zeros((0, 2), dtype=int), "one row a string"),
    ],
)
def test_numbers_that_are_no_symbols_are_refused(numbers: np.ndarray, remedy: str) -> None:
    with pytest.raises(InvalidInputError, match=remedy):
        encode(numbers)


@pytest.mark.parametrize("strings", [[{"a", "b"}], [{"a": 1, "b": 2}]])
def test_tokens_without_an_order_are_refused(strings: object) -> None:
    with pytest.raises((InvalidInputError, TypeError), match="strings"):
        encode(strings)  # type: ignore[arg-type] # on purpose


def test_masked_tokens_are_refused() -> None:
    numbers = np.ma.masked_equal([[1, 2], [3, 4]], 2)
    with pytest.raises(InvalidInputError, match="masked tokens"):
        encode(numbers)
    assert list(encode(np.ma.array([[1, 2]]))) == ["s1 s2"]


def test_printed_forms_are_short() -> None:
    rows = encode([[f"word{i}"] for i in range(1_000)])
    assert len(repr(rows)) < 250
    assert "1000 strings of 1 tokens" in repr(rows)
    assert "and 992 more" in repr(rows)


def test_tokens_beyond_32_bits_are_refused_where_they_are_met() -> None:
    """A vocabulary that is nearly full takes no more new tokens than have a code."""
    full = encode(np.array([[2**31 - 2**16, 1]])).vocabulary
    assert encode([["new", "s1"]], full).codes.tolist() == [[2**31 - 2**16 + 1, 1, 0]]
    nearly = Vocabulary(symbols=2**31 - 2)
    for two in ([["new", "other"]], encode([["new", "other"]])):
        with pytest.raises(InvalidInputError, match=r"X = '2 new tokens'.*smaller numbers"):
            encode(two, nearly, argument="X")
    assert encode([["new", "s1"]], nearly).codes.max() == 2**31 - 1
