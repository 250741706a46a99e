"""Strings of tokens: reading, printing, and the integer arrays that the numerics work on.

A string is written ``"AAB"`` (one character a token) or ``"red green red"`` (one word a token,
chosen by the presence of a space). Every string ends with the token ``[CLS]``, which is appended
where missing and may appear nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import EllipsisType
from typing import overload

import numpy as np
from jaxtyping import Int32

from kernels.errors import InvalidInputError

CLS = "[CLS]"
"""The read-out token at the end of every string; its code is 0."""

_Rows = slice | np.ndarray | list[int] | tuple[np.ndarray, EllipsisType]
"""What selects strings; the last is how scikit-learn takes rows."""

_SYMBOL = re.compile(r"s([1-9][0-9]{0,18})")


def tokenize(string: str | Sequence[str], *, argument: str = "string") -> tuple[str, ...]:
    """The tokens of a string, ``[CLS]`` last.

    Args:
        string: characters, words separated by spaces, or a sequence of tokens.
        argument: the name to use in an error message.

    Raises:
        InvalidInputError: no token besides ``[CLS]``, ``[CLS]`` before the end or inside a token,
            or whitespace inside a token.

    >>> tokenize("AAB")
    ('A', 'A', 'B', '[CLS]')
    >>> tokenize("red green red [CLS]")
    ('red', 'green', 'red', '[CLS]')
    """
    if isinstance(string, str):
        body = string.strip()
        if any(character.isspace() for character in body):
            found = body.split()
        else:
            body = body.removesuffix(CLS)
            if CLS in body:
                raise InvalidInputError(argument, string, f"{CLS} may only end a string")
            found = list(body)
    else:
        try:
            found = list(string)
        except TypeError:
            raise InvalidInputError(argument, string, "give a string or tokens") from None
        if not all(isinstance(token, str) and token for token in found):
            raise InvalidInputError(argument, string, "tokens are non-empty strings")
        if any(character.isspace() for token in found for character in token):
            raise InvalidInputError(argument, string, "tokens hold no whitespace")
    if found and found[-1] == CLS:
        found.pop()
    if not found:
        raise InvalidInputError(argument, string, "give at least one token")
    if any(CLS in token for token in found):
        raise InvalidInputError(argument, string, f"{CLS} may only end a string")
    return (*found, CLS)


def untokenize(tokens: Sequence[str]) -> str:
    """The string that `tokenize` reads back as these tokens; ``[CLS]`` is left out where it can be.

    >>> untokenize(("A", "A", "B", "[CLS]"))
    'AAB'
    >>> untokenize(("red", "[CLS]"))
    'red [CLS]'
    """
    body = tuple(tokens[:-1]) if tokens and tokens[-1] == CLS else tuple(tokens)
    joined = "".join(body)
    if all(len(token) == 1 for token in body) and CLS not in joined:
        return joined
    return " ".join(body) if len(body) > 1 else f"{body[0]} {CLS}"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Which integer codes which token.

    Code 0 is ``[CLS]``; codes 1 to ``symbols`` are the generated symbols ``s1``, ``s2``, ...,
    whose names are made only when asked for; the named tokens follow.

    >>> vocabulary = Vocabulary(symbols=2, names=("A",))
    >>> [vocabulary.name(code) for code in range(4)]
    ['[CLS]', 's1', 's2', 'A']
    >>> vocabulary.code("s2"), vocabulary.code("A"), vocabulary.code("B")
    (2, 3, None)
    """

    symbols: int = 0
    names: tuple[str, ...] = ()
    _codes: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        codes = {name: self.symbols + 1 + i for i, name in enumerate(self.names)}
        object.__setattr__(self, "_codes", codes)

    def __len__(self) -> int:
        return 1 + self.symbols + len(self.names)

    def name(self, code: int) -> str:
        """The token with this code."""
        if code == 0:
            return CLS
        if code <= self.symbols:
            return f"s{code}"
        return self.names[code - self.symbols - 1]

    def code(self, token: str) -> int | None:
        """The code of a token, None if the vocabulary lacks it."""
        if token == CLS:
            return 0
        match = _SYMBOL.fullmatch(token)
        if match is not None and int(match[1]) <= self.symbols:
            return int(match[1])
        return self._codes.get(token)

    def extended(self, tokens: Iterable[str]) -> Vocabulary:
        """This vocabulary with the tokens that it lacks added at its end."""
        new = tuple(token for token in dict.fromkeys(tokens) if self.code(token) is None)
        return Vocabulary(self.symbols, self.names + new) if new else self


@dataclass(frozen=True, eq=False)
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


def encode(
    strings: EncodedStrings | Iterable[str | Sequence[str]],
    vocabulary: Vocabulary | None = None,
    *,
    argument: str = "strings",
) -> EncodedStrings:
    """Strings as integer codes.

    Args:
        strings: the strings, all of one length.
        vocabulary: codes to keep; tokens that it lacks get new codes after its own.
        argument: the name to use in an error message.

    Raises:
        InvalidInputError: no strings, strings of unequal length, or a string that `tokenize`
            refuses; encoded strings whose codes are not those of tokens with ``[CLS]`` last.

    >>> train = encode(["AB"])
    >>> encode(["BC"], train.vocabulary).codes
    array([[2, 3, 0]], dtype=int32)
    """
    if isinstance(strings, EncodedStrings):
        return _recode(_checked(strings, argument), vocabulary)
    if isinstance(strings, str) or not isinstance(strings, Iterable):
        raise InvalidInputError(argument, strings, "give a list of strings, such as ['AB']")
    rows = [tokenize(string, argument=argument) for string in strings]
    if not rows:
        raise InvalidInputError(argument, rows, "give at least one string")
    for row in rows:
        if len(row) != len(rows[0]):
            raise InvalidInputError(
                argument,
                untokenize(row),
                f"all strings need one length; the first, {untokenize(rows[0])!r}, "
                f"has {len(rows[0]) - 1} tokens and this one {len(row) - 1}",
            )
    known = (vocabulary or Vocabulary()).extended(token for row in rows for token in row)
    codes = np.array([[known.code(token) for token in row] for row in rows], dtype=np.int32)
    return EncodedStrings(codes, known)


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


def _recode(strings: EncodedStrings, vocabulary: Vocabulary | None) -> EncodedStrings:
    """The same strings in the codes of another vocabulary."""
    if vocabulary is None or vocabulary == strings.vocabulary:
        return strings
    used, inverse = np.unique(strings.codes, return_inverse=True)
    names = [strings.vocabulary.name(int(code)) for code in used]
    known = vocabulary.extended(names)
    table = np.array([known.code(name) for name in names], dtype=np.int32)
    return EncodedStrings(table[inverse].reshape(strings.shape), known)
