"""Formulas as browsers draw them without any script."""

from __future__ import annotations

from latex2mathml.converter import convert
from markupsafe import Markup


def formula(latex: str, *, block: bool = True) -> Markup:
    """LaTeX as MathML.

    Args:
        latex: without dollar signs.
        block: on a line of its own.

    >>> "<msub>" in formula("x_i")
    True
    """
    return Markup(convert(latex, display="block" if block else "inline"))
