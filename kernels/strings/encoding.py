"""Strings as the integer arrays that the numerics work on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from types import EllipsisType
from typing import overload

import numpy as np
from jaxtyping import Int32, Integer

from kernels.boundary.exceptions import InvalidInputError
from kernels.strings.tokens import (
    CLS,
    Reading,
    refuse_no_sequence,
    tokenize,
    untokenize,
)
from kernels.strings.vocabulary import Vocabulary

LARGEST_SYMBOL = 2**31 - 2**16
"""Codes of tokens are 32-bit integers; the rest is left to tokens with names."""

UNEQUAL = "fill up with a token of your own, such as '_', which is then one like any other"
"""What to do about strings of unequal length; the page on ridge regression says what it means."""

_Rows = slice | np.ndarray | list[int] | tuple[np.ndarray, EllipsisType]
"""What selects strings; the last is how scikit-learn takes rows."""


@dataclass(frozen=True, eq=False, repr=False)
class EncodedStrings:
    """Strings of one length as an array of codes.

    Behaves like a sequence of strings: ``len``, iteration, and indexing by an integer (a string)
    or by a slice, a mask or an integer array (encoded strings).

    Attributes:
        codes: one row a string, the last column all 0 (``[CLS]``).
        vocabulary: what the codes mean.

    >>> encoded = encode(["AAB", "BBA"])
    >>> encoded.codes
    array([[1, 1, 2, 0],
           [2, 2, 1, 0]], dtype=int32)
    >>> list(encoded[1:])
    ['BBA']
    """

    codes: Int32[np.ndarray, "n k"]
    vocabulary: Vocabulary

    @property
    def shape(self) -> tuple[int, int]:
        """The number of strings, and their length with ``[CLS]``."""
        return self.codes.shape[0], self.codes.shape[1]

    @cached_property
    def length(self) -> int:
        """Tokens in a string, ``[CLS]`` included."""
        return int(self.codes.shape[1])

    def __len__(self) -> int:
        return int(self.codes.shape[0])

    def tokens(self, row: int) -> tuple[str, ...]:
        """The tokens of one string."""
        return tuple(self.vocabulary.name(int(code)) for code in self.codes[row])

    def __repr__(self) -> str:
        n, k = self.shape
        return f"EncodedStrings({n} strings of {k - 1} tokens, {self.vocabulary!r})"

    def __iter__(self) -> Iterator[str]:
        return (self[row] for row in range(len(self)))

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: _Rows) -> EncodedStrings: ...
    def __getitem__(self, index: int | _Rows) -> str | EncodedStrings:
        if isinstance(index, (int, np.integer)):
            return untokenize(self.tokens(int(index)))
        codes = self.codes[index]
        if codes.ndim != 2 or codes.shape[1] != self.length:
            raise InvalidInputError("index", index, "give a slice, a mask or an array of rows")
        return EncodedStrings(codes, self.vocabulary)


Strings = EncodedStrings | Iterable[str | Sequence[str]] | Integer[np.ndarray, "n k"]
"""Whatever `encode` reads."""


def encode(
    strings: Strings,
    vocabulary: Vocabulary | None = None,
    *,
    tokens: Reading = "auto",
    argument: str = "strings",
) -> EncodedStrings:
    """Strings as integer codes.

    Args:
        strings: the strings, all of one length; or an array of whole numbers from 1, one row a
            string without ``[CLS]``, in which the number i is the symbol ``si``.
        vocabulary: codes to keep; tokens that it lacks get new codes after its own.
        tokens: whether texts are read as words or as characters; ``auto`` takes words where there
            are spaces.
        argument: the name to use in an error message.

    Raises:
        InvalidInputError: no strings, strings of unequal length, or a string that `tokenize`
            refuses; bytes, a set, a mapping or a table instead of a list; encoded strings whose
            codes are not those of tokens with ``[CLS]`` last.

    >>> train = encode(["AB"])
    >>> encode(["BC"], train.vocabulary).codes
    array([[2, 3, 0]], dtype=int32)
    >>> list(encode(np.array([[1, 1], [2, 7]])))
    ['s1 s1', 's2 s7']
    """
    if isinstance(strings, EncodedStrings):
        return _recode(_checked(strings, argument), vocabulary, argument)
    if np.ma.is_masked(strings):
        raise InvalidInputError(argument, strings, "leave out the strings with masked tokens")
    if isinstance(strings, np.ndarray) and strings.dtype.kind in "iu":
        return _recode(_numbered(strings, argument), vocabulary, argument)
    refuse_no_sequence(strings, argument=argument)
    if isinstance(strings, str) or not isinstance(strings, Iterable):
        raise InvalidInputError(argument, strings, "give a list of strings, such as ['AB']")
    rows = [tokenize(string, tokens=tokens, argument=argument) for string in strings]
    if not rows:
        raise InvalidInputError(argument, rows, "give at least one string")
    for number, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise InvalidInputError(
                argument,
                untokenize(row),
                f"all strings need one length; the first, {untokenize(rows[0])!r}, has "
                f"{len(rows[0]) - 1} tokens and this one, row {number}, {len(row) - 1}; {UNEQUAL}",
            )
    known = _extended(vocabulary or Vocabulary(), chain.from_iterable(rows), argument)
    codes = np.array([[known.code(token) for token in row] for row in rows], dtype=np.int32)
    return EncodedStrings(codes, known)


def _numbered(numbers: np.ndarray, argument: str) -> EncodedStrings:
    """Strings of generated symbols, from their numbers."""
    if numbers.ndim != 2 or numbers.size == 0:
        raise InvalidInputError(
            argument, numbers.shape, "an array of numbers has one row a string, and at least one"
        )
    if numbers.min() < 1 or numbers.max() > LARGEST_SYMBOL:
        raise InvalidInputError(
            argument,
            numbers,
            f"numbers of tokens run from 1 to {LARGEST_SYMBOL}: the number i is symbol si",
        )
    codes = np.zeros((len(numbers), numbers.shape[1] + 1), dtype=np.int32)
    codes[:, :-1] = numbers
    return EncodedStrings(codes, Vocabulary(symbols=int(numbers.max())))


def _extended(vocabulary: Vocabulary, tokens: Iterable[str], argument: str) -> Vocabulary:
    """A vocabulary with more tokens, all of whose codes are 32-bit integers."""
    known = vocabulary.extended(tokens)
    if len(known) > 2**31:
        raise InvalidInputError(
            argument,
            f"{len(known) - len(vocabulary)} new tokens",
            f"{len(vocabulary)} are known already, and 2^31 is the most; give smaller numbers to "
            "the training strings",
        )
    return known


def _checked(strings: EncodedStrings, argument: str) -> EncodedStrings:
    """Encoded strings made by hand may be anything; one look at the smallest and largest codes."""
    codes = strings.codes
    if not isinstance(codes, np.ndarray) or codes.ndim != 2 or codes.dtype.kind not in "iu":
        raise InvalidInputError(argument, codes, "codes are whole numbers, one row a string")
    if len(codes) == 0:
        raise InvalidInputError(argument, [], "give at least one string")
    if codes.shape[1] < 2:
        raise InvalidInputError(argument, codes, f"give at least one token before {CLS}")
    if codes[:, -1].any():
        raise InvalidInputError(argument, codes, f"the last code of each string is 0, for {CLS}")
    body, size = codes[:, :-1], len(strings.vocabulary)
    least, largest = int(body.min()), int(body.max())
    if least < 1 or largest >= min(size, 2**31):
        wrong = least if least < 1 else largest
        raise InvalidInputError(
            argument, wrong, f"codes of tokens run from 1 to {size - 1} in this vocabulary"
        )
    if codes.dtype == np.int32:
        return strings
    return EncodedStrings(codes.astype(np.int32), strings.vocabulary)


def _recode(
    strings: EncodedStrings, vocabulary: Vocabulary | None, argument: str
) -> EncodedStrings:
    """The same strings in the codes of another vocabulary."""
    if vocabulary is None or vocabulary == strings.vocabulary:
        return strings
    used, inverse = np.unique(strings.codes, return_inverse=True)
    names = [strings.vocabulary.name(int(code)) for code in used]
    known = _extended(vocabulary, names, argument)
    table = np.array([known.code(name) for name in names], dtype=np.int32)
    return EncodedStrings(table[inverse].reshape(strings.shape), known)
