"""Tokens: reading them from strings, and printing them.

A string is written ``"AAB"`` (one character a token) or ``"red green red"`` (one word a token,
chosen by the presence of a space). Every string ends with the token ``[CLS]``, which is appended
where missing and may appear nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Literal

from kernels.boundary.exceptions import InvalidInputError

CLS = "[CLS]"
"""The read-out token at the end of every string; its code is 0."""


Reading = Literal["auto", "words", "characters"]
"""What the tokens of a text are; ``auto`` takes words where there is a space."""


def tokenize(
    string: str | Sequence[str], *, tokens: Reading = "auto", argument: str = "string"
) -> tuple[str, ...]:
    """The tokens of a string, ``[CLS]`` last.

    Args:
        string: characters, words separated by spaces, or a sequence of tokens.
        tokens: whether a text is read as words or as characters.
        argument: the name to use in an error message.

    Raises:
        InvalidInputError: no token besides ``[CLS]``, ``[CLS]`` before the end or inside a token,
            whitespace inside a token, or surrogates, which are no characters.

    >>> tokenize("AAB")
    ('A', 'A', 'B', '[CLS]')
    >>> tokenize("red green red [CLS]")
    ('red', 'green', 'red', '[CLS]')
    >>> tokenize("red", tokens="words")
    ('red', '[CLS]')
    """
    if tokens not in ("auto", "words", "characters"):
        raise InvalidInputError("tokens", tokens, "give auto, words or characters")
    if isinstance(string, str):
        body = string.strip()
        if tokens == "words" or (tokens == "auto" and has_space(body)):
            found = body.split()
        else:
            body = body.removesuffix(CLS)
            if CLS in body:
                raise InvalidInputError(argument, string, f"{CLS} may only end a string")
            found = list(body)
    else:
        refuse_no_sequence(string, argument=argument)
        try:
            found = list(string)
        except TypeError:
            raise InvalidInputError(argument, string, "give a string or tokens") from None
        if not all(isinstance(token, str) and token for token in found):
            remedy = "tokens are non-empty strings, or the whole numbers of a NumPy array"
            raise InvalidInputError(argument, string, remedy)
    if any(character.isspace() for token in found for character in token):
        raise InvalidInputError(argument, string, "tokens hold no whitespace")
    _require_text(argument, string, found)
    if found and found[-1] == CLS:
        found.pop()
    if not found:
        raise InvalidInputError(argument, string, "give at least one token")
    if any(CLS in token for token in found):
        raise InvalidInputError(argument, string, f"{CLS} may only end a string")
    return (*found, CLS)


def refuse_mixed(strings: Sequence[object], *, argument: str) -> None:
    """Raise where some texts would be read as words and some as characters.

    Args:
        strings: all strings of one argument.
        argument: its name.

    Raises:
        InvalidInputError: a text with a space, and one of several characters without.

    >>> refuse_mixed(["red blue", "ab"], argument="X")
    Traceback (most recent call last):
    ...
    kernels.boundary.exceptions.InvalidInputError: X = 'ab': row 1 would be read letter by letter,
    and row 0, 'red blue', word by word; say tokens="words" or tokens="characters"
    """
    texts = [(row, text.strip()) for row, text in enumerate(strings) if isinstance(text, str)]
    words = next(((row, text) for row, text in texts if has_space(text)), None)
    if words is None:
        return
    for row, text in texts:
        if len(text.removesuffix(CLS)) > 1 and not has_space(text):
            raise InvalidInputError(
                argument,
                text,
                f"row {row} would be read letter by letter, and row {words[0]}, {words[1]!r}, word "
                'by word; say tokens="words" or tokens="characters"',
            )


def refuse_no_sequence(value: object, *, argument: str) -> None:
    """Raise where a value can be iterated over, but not for the strings or tokens it seems to hold.

    Args:
        value: what is to be read as strings, or as the tokens of one.
        argument: the name to use in the error message.

    Raises:
        InvalidInputError: bytes, a set, a mapping or a table of columns.

    >>> refuse_no_sequence({"AB"}, argument="X")
    Traceback (most recent call last):
    ...
    kernels.boundary.exceptions.InvalidInputError: X = {'AB'}: give a list: the order of a set
    is not fixed
    """
    if isinstance(value, (bytes, bytearray, memoryview)):
        raise InvalidInputError(argument, value, "give text: decode it, as by .decode()")
    if isinstance(value, Set):
        raise InvalidInputError(argument, value, "give a list: the order of a set is not fixed")
    if isinstance(value, Mapping):
        raise InvalidInputError(argument, value, "give a list, such as that of its values")
    # What pandas and polars call a DataFrame, and Arrow a Table; iterated over, they give columns.
    if getattr(value, "ndim", 1) == 0:
        raise InvalidInputError(argument, value, "give a list, such as ['AB']")
    kind = type(value)
    if hasattr(kind, "columns") or hasattr(kind, "column_names"):
        remedy = "give one column of the table, such as table['text']"
        raise InvalidInputError(argument, kind.__name__, remedy)


def has_space(text: str) -> bool:
    """Whether there is whitespace between two characters."""
    return len(text.split(None, 1)) > 1


def _require_text(argument: str, string: object, tokens: Sequence[str]) -> None:
    """Raise where a token holds surrogates: bytes that Python could not read as text.

    Read as they come, the two of a Greek letter would pass for two regular tokens.
    """
    try:
        "".join(tokens).encode()
    except UnicodeEncodeError:
        remedy = "it was not read as UTF-8; set the environment variable PYTHONUTF8=1"
        raise InvalidInputError(argument, string, remedy) from None


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
