"""Majority with the majority's symbol as label."""

from __future__ import annotations

from theory.catalogue.majority import majority
from theory.symbolic_task import SymbolicTask


def symbolic_majority(length: int = 3) -> SymbolicTask:
    """The templates of `majority`, labelled with the symbol that stands more often.

    Of all k places: the first symbol's is one of them. A tie, which needs an even k, goes to the
    first symbol, a convention of ours.

    Args:
        length: k, at least 2, ``[CLS]`` not counted.

    Raises:
        InvalidInputError: ``length`` is below 2.
        TooLargeError: more than 2^15 templates.

    >>> print(symbolic_majority(3))
    ααα -> α
    ααβ -> α
    αβα -> α
    αββ -> β
    """
    inputs = majority(length)
    labels = tuple("β" if 2 * z.tokens.count("β") > z.length - 1 else "α" for z in inputs.templates)
    return SymbolicTask.parse(
        {str(z): label for z, label in zip(inputs.templates, labels, strict=True)},
        name=f"symbolic-majority-{length}",
    )
