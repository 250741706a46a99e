"""Random template tasks."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from kernels.boundary.checks import whole
from kernels.boundary.exceptions import InvalidInputError
from kernels.strings.tokens import CLS
from theory.disjoint import common_string
from theory.task import TemplateTask
from theory.template import WILDCARDS, Template

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ATTEMPTS = 1_000


def random_templates(
    templates: int = 4,
    length: int = 4,
    wildcards: int = 2,
    regular: int = 0,
    seed: int = 0,
    gaussian: int = 0,
) -> TemplateTask:
    """Disjoint random templates, each position uniform over the wildcards and regular tokens.

    A draw that is not disjoint from an earlier one is drawn again. Without regular tokens that asks
    for templates that differ, no more, as a string then says which template it is of; with them,
    two templates that differ may share a string, which would have two labels. Labels alternate
    between +1 and -1, or are Gaussian.

    Args:
        templates: how many, at least 1.
        length: positions, ``[CLS]`` not counted.
        wildcards: how many wildcards there are to draw from, 1 to 25.
        regular: how many regular tokens there are to draw from, at most 26.
        seed: the same seed gives the same task.
        gaussian: 1 for Gaussian labels, then centred and scaled so that predicting 0 has an error
            of 1 and no constant has less; at least 2 templates are needed. 0 for +1 and -1.

    Raises:
        InvalidInputError: an argument out of range, or no further disjoint template was found.

    >>> print(random_templates(templates=3, length=3, regular=1, seed=1))
    ααa -> 1
    aαα -> -1
    aaα -> 1
    """
    count = whole("templates", templates, least=1)
    letters = [
        *WILDCARDS[: _at_most("wildcards", wildcards, len(WILDCARDS), least=1)],
        *_LETTERS[: _at_most("regular", regular, len(_LETTERS), least=0)],
    ]
    if _at_most("gaussian", gaussian, 1, least=0) and count < 2:
        raise InvalidInputError("templates", templates, "Gaussian labels need at least 2")
    rng = np.random.default_rng(whole("seed", seed))
    found: list[Template] = []
    tried: set[Template] = set()
    for _ in range(_ATTEMPTS * count):
        row = rng.integers(len(letters), size=whole("length", length, least=1))
        drawn = Template((*(letters[i] for i in row), CLS))
        if drawn in tried:
            continue
        tried.add(drawn)
        if all(common_string(earlier, drawn) is None for earlier in found):
            found.append(Template(drawn.canonical))
        if len(found) == count:
            labels = (
                _standardized(rng.standard_normal(count))
                if gaussian
                else [1.0 if i % 2 == 0 else -1.0 for i in range(count)]
            )
            return TemplateTask(tuple(found), tuple(labels), name=f"random-{count}")
    raise InvalidInputError(
        "templates",
        templates,
        f"only {len(found)} disjoint templates were found; ask for fewer, or for a greater length",
    )


def _standardized(labels: Float64[np.ndarray, " r"]) -> list[float]:
    """The labels with mean 0 and mean square 1."""
    centred = labels - labels.mean()
    return [float(label) for label in centred / np.sqrt((centred**2).mean())]


def _at_most(argument: str, value: int, most: int, *, least: int) -> int:
    if whole(argument, value, least=least) > most:
        raise InvalidInputError(argument, value, f"give at most {most}")
    return value
