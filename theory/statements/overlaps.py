"""Which pairs of samples are bad (Appendix D), one by one; `theory.bad_pairs` counts them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float64

from theory.laws import Uniform
from theory.sample import Sample
from theory.task import TemplateTask

_PAIRS, _QUICK_PAIRS = 1_500, 300
"""Pairs that share a symbol, about so many at most."""


def law_with_regular_tokens(task: TemplateTask, symbols: int) -> Uniform:
    """Uniform on the symbols and on R, so that a substituted token may lie in R."""
    return Uniform(symbols, named=task.regular_tokens)


def few_overlaps(task: TemplateTask, n: int, symbols: int, *, quick: bool) -> int:
    """A number of symbols, at least the one given, at which few of n samples share one.

    Strings that share symbols are of many patterns, a value of the kernel each, which takes a
    tenth of a second where templates have ten tokens. Two strings with w wildcards share one of m
    symbols with probability w^2 / m at most.

    >>> from theory.statements.settings import mixed_task
    >>> [few_overlaps(mixed_task(), n, 30, quick=True) for n in (60, 600)]
    [30, 2400]
    """
    most = max(len(z.wildcards) for z in task.templates)
    pairs = n * n * most * most // (2 * (_QUICK_PAIRS if quick else _PAIRS))
    return max(symbols, pairs)


@dataclass(frozen=True, eq=False)
class Overlaps:
    """The overlaps of a sample.

    Attributes:
        task: the task.
        sample: its samples.
    """

    task: TemplateTask
    sample: Sample

    @cached_property
    def substituted(self) -> Float64[np.ndarray, "n t"]:
        """Whether token t is substituted for a wildcard in sample i; tokens that occur only."""
        wild = np.array([[token in z.wildcards for token in z.tokens] for z in self.task.templates])
        codes = self.sample.strings.codes
        tokens, inverse = np.unique(codes, return_inverse=True)
        marks = np.zeros((len(codes), len(tokens)))
        rows = np.repeat(np.arange(len(codes)), codes.shape[1])
        mask = wild[self.sample.templates].ravel()
        marks[rows[mask], inverse.ravel()[mask]] = 1.0
        return marks

    @cached_property
    def meets_regular(self) -> Bool[np.ndarray, " n"]:
        """Whether a substituted token of sample i lies in R."""
        vocabulary = self.sample.strings.vocabulary
        regular = {vocabulary.code(token) for token in self.task.regular_tokens}
        tokens = np.unique(self.sample.strings.codes)
        columns = [i for i, code in enumerate(tokens.tolist()) if code in regular]
        found: Bool[np.ndarray, " n"] = self.substituted[:, columns].sum(axis=1) > 0.0
        return found

    @cached_property
    def bad_pairs(self) -> Bool[np.ndarray, "n n"]:
        """Pairs of different samples that share a substituted token, or one of which meets R."""
        shared = self.substituted @ self.substituted.T > 0.0
        regular = self.meets_regular
        bad: Bool[np.ndarray, "n n"] = np.array(shared, dtype=bool)
        bad |= np.logical_or.outer(regular, regular)
        np.fill_diagonal(bad, False)
        return bad
