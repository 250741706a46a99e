"""What there is to draw for strategies: ranges without anything in them are refused at once."""

from __future__ import annotations

from functools import cache

from kernels.boundary.exceptions import InvalidInputError
from theory.template import WILDCARDS


def require_order(what: str, least_given: int, most_given: int, least: int = 0) -> None:
    """Refuse a range without numbers in it.

    Raises:
        InvalidInputError: the least number is too small, or above the greatest.
    """
    if least_given < least:
        raise InvalidInputError(f"min_{what}", least_given, f"give a number of at least {least}")
    if most_given < least_given:
        remedy = f"give at least min_{what}, which is {least_given}"
        raise InvalidInputError(f"max_{what}", most_given, remedy)


def require_letters(letters: str) -> None:
    """Refuse no letters.

    Raises:
        InvalidInputError: there are none.
    """
    if not letters:
        raise InvalidInputError("letters", letters, "give at least one")


def lengths_with(shortest: int, longest: int, size: int, wildcards: int, regular: str) -> list[int]:
    """The lengths of which there are so many templates.

    There may be fewer that are disjoint; drawing then ends with Hypothesis's ``Unsatisfiable``.

    Raises:
        InvalidInputError: there are none, or an argument is out of its range.
    """
    require_order("length", shortest, longest, least=1)
    if not 0 <= wildcards <= len(WILDCARDS) or not wildcards + len(regular):
        remedy = f"give up to {len(WILDCARDS)}, and at least 1 where there is no regular token"
        raise InvalidInputError("wildcards", wildcards, remedy)
    tokens = len(set(regular))
    known = {one: count_templates(one, wildcards, tokens) for one in range(shortest, longest + 1)}
    found = [one for one, count in known.items() if count >= size]
    if not found:
        words = f"there are {max(known.values())} templates of up to {longest} tokens from "
        words += f"{wildcards} wildcards and {regular!r}; give fewer, or more of these"
        raise InvalidInputError("min_size", size, words)
    return found


@cache
def count_templates(length: int, wildcards: int, regular: int, used: int = 0) -> int:
    """The templates of a length that go on from some used wildcards, up to their names.

    >>> count_templates(2, 2, 0)
    2
    """
    if not length:
        return 1
    again = (used + regular) * count_templates(length - 1, wildcards, regular, used)
    return again + (
        count_templates(length - 1, wildcards, regular, used + 1) if used < wildcards else 0
    )
