"""The pairs of strings that a template matrix compares."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Int64

from kernels.boundary.memory import require_memory
from kernels.strings.patterns import Pattern
from theory.given_templates import Templates, given_templates
from theory.template import Template, is_wildcard


class TemplatePairs(NamedTuple):
    """Which joint pattern each pair of templates has.

    Attributes:
        templates: the r templates.
        patterns: the distinct patterns.
        places: for each pair, its pattern; symmetric.
    """

    templates: tuple[Template, ...]
    patterns: list[Pattern]
    places: Int64[np.ndarray, "r r"]

    @property
    def own(self) -> list[Pattern]:
        """For each template, the pattern of a string of it with itself.

        >>> [pattern.x for pattern in pairs_of_templates(["αβα", "αββ"]).own]
        [(0, 1, 0, 2), (0, 1, 1, 2)]
        """
        return [self.patterns[i].diagonals[0] for i in np.diagonal(self.places).tolist()]


def pairs_of_templates(templates: Templates) -> TemplatePairs:
    """The patterns of sub(z_i, s) and sub(z_j, s'), s and s' without a token in common.

    Args:
        templates: a task, or templates of one length.

    Raises:
        InvalidInputError: no templates, or templates of unequal length.
        TooLargeError: the matrix would not fit in memory.
    """
    chosen = given_templates(templates)
    r = len(chosen)
    require_memory("templates", r, 300.0 * r * r, "use fewer templates")
    numbers: dict[Pattern, int] = {}
    index = np.empty((r, r), dtype=np.int64)
    strings = [[_substituted(template, side) for template in chosen] for side in "xy"]
    for i in range(r):
        for j in range(i + 1):
            pattern = Pattern.of_codes(strings[0][i], strings[1][j])
            index[i, j] = index[j, i] = numbers.setdefault(pattern, len(numbers))
    return TemplatePairs(chosen, list(numbers), index)


def _substituted(template: Template, side: str) -> list[tuple[str, str]]:
    """The template with its wildcards replaced by tokens that only this side of a pair has."""
    return [(side if is_wildcard(token) else "", token) for token in template.tokens]
