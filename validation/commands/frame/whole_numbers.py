"""Options that are whole numbers, also where they are written 1e6."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import typer

_LONGEST = 40
"""Digits of a number that a power of ten may stand for; int() would write out any."""


def whole_number(written: str | int) -> int:
    """The whole number that is written in digits or with a power of ten.

    Raises:
        typer.BadParameter: it is no whole number.

    >>> whole_number("1e6"), whole_number("2.5e3"), whole_number("-7")
    (1000000, 2500, -7)
    """
    if isinstance(written, int):  # a default is converted too
        return written
    try:
        number = Decimal(written.strip())
        if number.adjusted() < _LONGEST and number == number.to_integral_value():
            return int(number)
    except (ArithmeticError, ValueError):  # no number; NaN or infinite
        pass
    raise typer.BadParameter(f"{written!r} is not a whole number such as 1000000 or 1e6")


def whole(*names: str, **settings: Any) -> Any:
    """An option that is a whole number; see `typer.Option`."""
    return typer.Option(*names, parser=whole_number, metavar="INTEGER", **settings)
