"""Which pairs of samples are bad (Appendix D), one by one.

`theory.idealized.bad_pairs` counts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float64

from theory.idealized.bad_pairs import bad_pairs
from theory.sample import Sample
from theory.statements.framework.claims import Claim
from theory.statements.shared.claims.failures import rarely_fails
from theory.task import TemplateTask


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


def rarity_claims(name: str, drawn: Sequence[Overlaps]) -> list[Claim]:
    """Bad pairs and bad indices are as rare as rho says, over samples of one distribution and size.

    The pairs of sample i and sample i + n / 2 are independent of each other, and so are indices.
    """
    n, half = len(drawn[0].sample), len(drawn[0].sample) // 2
    bounds = bad_pairs(drawn[0].task, drawn[0].sample)
    first = np.arange(half)
    pairs = sum(int(one.bad_pairs[first, half + first].sum()) for one in drawn)
    indices = sum(int(one.meets_regular.sum()) for one in drawn)
    share = min(1.0, bounds.pairs_bound / max(1, n * (n - 1)))
    return [
        rarely_fails(f"{name}: bad pairs", pairs, half * len(drawn), share, {}),
        rarely_fails(
            f"{name}: bad indices", indices, n * len(drawn), min(1.0, bounds.indices_bound / n), {}
        ),
    ]
