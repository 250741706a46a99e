"""Texts of a file as strings of tokens: one reading for all, and errors that name the line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from kernels import InvalidInputError, tokenize
from kernels.strings.encoding import UNEQUAL
from kernels.strings.tokens import has_space

Reading = Literal["words", "characters"]


def reading_of(texts: Sequence[str]) -> Reading:
    """How a whole column is read where that is not said: as words if any text has a space.

    >>> reading_of(["red blue", "green"]), reading_of(["AB", "BA"])
    ('words', 'characters')
    """
    return "words" if any(map(has_space, texts)) else "characters"


def require_strings(
    texts: Sequence[str],
    lines: Sequence[int],
    reading: Reading,
    *,
    argument: str,
    length: int | None = None,
) -> None:
    """Refuse texts that are no strings of one length.

    Args:
        texts: the cells of a column.
        lines: where each stands.
        reading: what their tokens are.
        argument: the file, as the command line names it.
        length: tokens that each must have; those of the first where left out.

    Raises:
        InvalidInputError: a text without tokens, or of another number of them, with its line.

    >>> require_strings(["AB", "ABC"], [2, 3], "characters", argument="--data")
    Traceback (most recent call last):
    ...
    kernels.boundary.exceptions.InvalidInputError: --data = 'ABC': line 3 has 3 tokens, read as
    characters, where line 2 has 2; fill up ...
    """
    wanted, origin = length, "where training had {}"
    for text, line in zip(texts, lines, strict=True):
        try:
            found = len(tokenize(text, tokens=reading)) - 1
        except InvalidInputError as error:
            raise InvalidInputError(argument, text, f"line {line}: {error.remedy}") from None
        if wanted is None:
            wanted, origin = found, f"where line {line} has {{}}"
        if found != wanted:
            fault = f"line {line} has {found} tokens, read as {reading}, {origin.format(wanted)}"
            raise InvalidInputError(argument, text, f"{fault}; {UNEQUAL}")
