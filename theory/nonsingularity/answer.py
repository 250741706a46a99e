"""What a theorem says of a template matrix."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from theory.matrix.singularity import Singularity


@dataclass(frozen=True)
class Answer:
    """Nonsingular, singular, or no word on it, and why.

    Attributes:
        outcome: nonsingular (positive definite, then) or singular; None where no theorem decides.
        theorem: the sections of the documentation's page on nonsingular template matrices that
            prove it, empty where none decides.
        sentence: the reason in words.
        null_vector: where singular, numbers v of size at most 1 with N v = 0, each correct up to a
            rounding.
        equal_rows: where two rows of N are equal, or proportional, their numbers.
    """

    outcome: Singularity | None
    theorem: str
    sentence: str
    null_vector: tuple[float, ...] | None = None
    equal_rows: tuple[int, int] | None = None


def positive_definite(theorem: str, sentence: str) -> Answer:
    """The answer that N is positive definite."""
    return Answer(Singularity.NONSINGULAR, theorem, sentence)


def dependent_rows(
    theorem: str, sentence: str, rows: tuple[int, int], size: int, ratio: float = 1.0
) -> Answer:
    """The answer that row j of N is ``ratio`` times row i, for ``rows = (i, j)``."""
    i, j = rows
    scale = max(1.0, ratio)
    vector = [0.0] * size
    vector[i], vector[j] = ratio / scale, -1.0 / scale
    return Answer(Singularity.SINGULAR, theorem, sentence, tuple(vector), rows)


def silent(sentence: str) -> Answer:
    """The answer that no theorem decides."""
    return Answer(None, "", sentence)


def repeated(classes: Sequence[Hashable]) -> tuple[int, int] | None:
    """The first two places with equal entries, None where all differ.

    >>> repeated("abcb"), repeated("abc")
    ((1, 3), None)
    """
    first: dict[Hashable, int] = {}
    for j, member in enumerate(classes):
        if first.setdefault(member, j) != j:
            return first[member], j
    return None
