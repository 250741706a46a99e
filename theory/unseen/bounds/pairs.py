"""The kernel of two templates' strings that share some symbols, by which wildcards share them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, permutations
from math import comb, factorial

import numpy as np
from jaxtyping import Float64

from kernels.boundary.checks import instance
from kernels.boundary.exceptions import TooLargeError
from kernels.contract.kernel import Kernel
from kernels.estimates import EstimateArray
from kernels.strings.patterns import Pattern
from theory.given_templates import Templates, given_templates
from theory.template import Template, is_wildcard

Matching = tuple[tuple[int, int], ...]
"""Pairs (wildcard of one template, wildcard of the other), ascending; each at most once."""

_MOST = 500_000
"""Matchings of all pairs of templates: a minute of bookkeeping, and the kernel's values come on
top."""


@dataclass(frozen=True, eq=False)
class TemplatePairs:
    """K_M for each pair of templates and each partial matching M of their wildcards.

    K_M is the kernel of strings of the two templates, their substituted tokens outside R, that
    share exactly the symbols that M says. N_ab is K_M for the empty M.

    Args:
        templates: the r templates.
        values: K_M by ``(a, b)``, a <= b, in the order of `matchings`.
        errors: their errors.

    >>> from kernels import MLPKernel
    >>> from theory import TemplateTask
    >>> pairs = template_pairs(MLPKernel(), TemplateTask.parse(["αα=1", "αβ=-1"]))
    >>> pairs.matchings(0, 1)
    [(), ((0, 0),), ((0, 1),)]
    >>> bool(pairs.deviations[0] == pairs.value(0, 0, ((0, 0),)) - pairs.apart[0, 0])
    True
    """

    templates: tuple[Template, ...]
    values: dict[tuple[int, int], Float64[np.ndarray, " q"]]
    errors: dict[tuple[int, int], Float64[np.ndarray, " q"]]

    @cached_property
    def wildcards(self) -> tuple[int, ...]:
        """How many wildcards each template has: w_a."""
        return tuple(len(z.wildcards) for z in self.templates)

    @cached_property
    def apart(self) -> Float64[np.ndarray, "r r"]:
        """N."""
        r = len(self.templates)
        found = np.empty((r, r))
        for (a, b), values in self.values.items():
            found[a, b] = found[b, a] = values[0]
        return found

    @cached_property
    def deviations(self) -> Float64[np.ndarray, " r"]:
        """d_a = K(x, x) - N_aa; not below 0, where rounding would put it."""
        whole = [
            self.value(a, a, tuple((i, i) for i in range(w))) for a, w in enumerate(self.wildcards)
        ]
        found: Float64[np.ndarray, " r"] = np.maximum(np.array(whole) - np.diag(self.apart), 0.0)
        return found

    def matchings(self, a: int, b: int) -> list[Matching]:
        """The partial matchings of the wildcards of templates a <= b, fewest pairs first."""
        return list(partial_matchings(self.wildcards[a], self.wildcards[b]))

    def value(self, a: int, b: int, matching: Matching) -> float:
        """K_M, for a matching of wildcards of a with wildcards of b."""
        if a > b:
            return self.value(b, a, tuple(sorted((j, i) for i, j in matching)))
        return float(self.values[a, b][self._places[a, b][tuple(sorted(matching))]])

    def interaction(self, a: int, b: int, matching: Matching) -> float:
        """The sum over parts Q of M of (-1)^(|M| - |Q|) K_Q: what sharing all of M adds."""
        parts = (part for q in range(len(matching) + 1) for part in combinations(matching, q))
        return sum((-1) ** (len(matching) - len(part)) * self.value(a, b, part) for part in parts)

    @cached_property
    def _places(self) -> dict[tuple[int, int], dict[Matching, int]]:
        return {pair: {m: i for i, m in enumerate(self.matchings(*pair))} for pair in self.values}


def template_pairs(
    kernel: Kernel,
    templates: Templates,
    *,
    n_jobs: int | None = None,
) -> TemplatePairs:
    """Compute K_M for all pairs of templates and all partial matchings.

    Args:
        kernel: a token-symmetric kernel.
        templates: a task, or templates of one length.
        n_jobs: joblib workers; where left out, what ``joblib.parallel_config`` says.

    Raises:
        InvalidInputError: the kernel is none.
        TooLargeError: there are too many matchings.
    """
    instance("kernel", kernel, Kernel, "give a kernel, such as TransformerKernel()")
    chosen = given_templates(templates)
    pairs = [(a, b) for a in range(len(chosen)) for b in range(a, len(chosen))]
    sizes = [(len(chosen[a].wildcards), len(chosen[b].wildcards)) for a, b in pairs]
    total = sum(matchings_of(*size) for size in sizes)
    if total > _MOST:
        raise TooLargeError(
            "task",
            f"{total} partial matchings of wildcards",
            f"at most {_MOST} are affordable; give fewer templates, or with fewer wildcards",
        )
    patterns = [
        _pattern(chosen[a], chosen[b], m)
        for (a, b), size in zip(pairs, sizes, strict=True)
        for m in partial_matchings(*size)
    ]
    found: EstimateArray = kernel.values(patterns, n_jobs=n_jobs)
    stops = np.cumsum([matchings_of(*size) for size in sizes])[:-1]
    values = dict(zip(pairs, np.split(found.values, stops), strict=True))
    errors = dict(zip(pairs, np.split(found.errors, stops), strict=True))
    return TemplatePairs(chosen, values, errors)


def partial_matchings(first: int, second: int) -> Iterator[Matching]:
    """The partial matchings of two sets of so many wildcards, fewest pairs first.

    >>> list(partial_matchings(1, 2))
    [(), ((0, 0),), ((0, 1),)]
    """
    for size in range(min(first, second) + 1):
        for left in combinations(range(first), size):
            for right in permutations(range(second), size):
                yield tuple(zip(left, right, strict=True))


def matchings_of(first: int, second: int) -> int:
    """How many partial matchings two sets have.

    >>> matchings_of(2, 3)
    13
    """
    sizes = range(min(first, second) + 1)
    return sum(comb(first, q) * comb(second, q) * factorial(q) for q in sizes)


def _pattern(first: Template, second: Template, matching: Matching) -> Pattern:
    """The joint pattern of strings of two templates that share the matched symbols alone."""
    partner = {second.wildcards[j]: first.wildcards[i] for i, j in matching}
    x = [("x" if is_wildcard(t) else "", t) for t in first.tokens]
    y = [
        ("x", partner[t]) if t in partner else ("y" if is_wildcard(t) else "", t)
        for t in second.tokens
    ]
    return Pattern.of_codes(x, y)
