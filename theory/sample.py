"""Samples of a template task (Def. 3.2), drawn in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int32

from kernels.boundary.memory import require_memory
from kernels.strings.encoding import EncodedStrings
from kernels.strings.vocabulary import Vocabulary
from kernels.threads import for_each
from theory.laws import TokenLaw
from theory.substitution import DistinctTokens
from theory.template import Template, regular_tokens

_CHUNK = 2**14
"""Rows drawn at once. Each chunk has its own stream of random numbers and is always drawn whole,
so the first n rows of a sample are the sample of n rows."""


@dataclass(frozen=True, eq=False, repr=False)
class Sample:
    """Samples (x_i, y_i) of a task, and the template that each came from.

    Indexing by a slice, a mask or an integer array gives the sample of those rows; a slice
    shares memory with the whole.

    Attributes:
        strings: the strings x_i as 32-bit codes; symbol names are made only when asked for.
        labels: y_i, the template's label plus noise.
        templates: the index of each string's template in the task.
        diversity: the paper's rho of the law that drew them (Def. 4.2).
    """

    strings: EncodedStrings
    labels: Float64[np.ndarray, " n"]
    templates: Int32[np.ndarray, " n"]
    diversity: float

    def __len__(self) -> int:
        return len(self.labels)

    def __repr__(self) -> str:
        return f"Sample({self.strings!r}, diversity {self.diversity:g})"

    def __getitem__(self, rows: slice | np.ndarray) -> Sample:
        return Sample(self.strings[rows], self.labels[rows], self.templates[rows], self.diversity)


@dataclass(frozen=True, eq=False)
class _Group:
    """Templates whose substitutions have one law: equally many wildcards, equal regular tokens.

    Attributes:
        law: the law of the distinct tokens.
        named_codes: codes of the named tokens of the alphabet that the law may draw.
        fixed: codes of the regular tokens and ``[CLS]``, which follow the drawn ones.
        columns: for each template of the task, where each position finds its code among the
            drawn and the fixed ones; only the rows of this group's templates are used.
    """

    law: DistinctTokens
    named_codes: Int32[np.ndarray, " c"]
    fixed: Int32[np.ndarray, " f"]
    columns: Int32[np.ndarray, "r k"]


def draw(
    templates: Sequence[Template],
    labels: Float64[np.ndarray, " r"],
    weights: Float64[np.ndarray, " r"],
    law: TokenLaw,
    n: int,
    noise: float,
    seed: int,
) -> Sample:
    """``n`` independent samples; `TemplateTask.sample` checks the arguments.

    Raises:
        InvalidInputError: the alphabet has too few tokens for a template's wildcards.
        TooLargeError: the sample would not fit in memory.
    """
    length = templates[0].length
    require_memory("n", n, n * (4.0 * length + 12.0), "draw fewer samples")
    vocabulary = Vocabulary(law.symbols, regular_tokens(templates))
    groups, group_of = _groups(templates, law, vocabulary)
    codes = np.empty((n, length), dtype=np.int32)
    values = np.empty(n)
    indices = np.empty(n, dtype=np.int32)
    shares = np.cumsum(weights)[:-1]

    def fill(number: int) -> None:
        start = number * _CHUNK
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))
        picks = np.searchsorted(shares, rng.random(_CHUNK), side="right").astype(np.int32)
        rows = np.empty((_CHUNK, length), dtype=np.int32)
        for g, group in enumerate(groups):
            members = np.flatnonzero(group_of[picks] == g)
            drawn = law.codes(group.law.sample(len(members), rng), group.named_codes)
            fixed = np.broadcast_to(group.fixed, (len(members), len(group.fixed)))
            known = np.concatenate([drawn, fixed], axis=1)
            rows[members] = np.take_along_axis(known, group.columns[picks[members]], axis=1)
        stop = min(n, start + _CHUNK)
        codes[start:stop] = rows[: stop - start]
        indices[start:stop] = picks[: stop - start]
        values[start:stop] = labels[picks[: stop - start]]
        if noise:  # last, so that the strings do not depend on it
            values[start:stop] += noise * rng.standard_normal(_CHUNK)[: stop - start]

    for_each(fill, range(-(-n // _CHUNK)))
    rho = min(group.law.diversity for group in groups)
    return Sample(EncodedStrings(codes, vocabulary), values, indices, rho)


def diversity(templates: Sequence[Template], law: TokenLaw) -> float:
    """The paper's rho (Def. 4.2): ``min_z min_t 1 / Pr[t is in s(W)]``, exactly.

    Infinite where no template has a wildcard.
    """
    laws = {_law_key(z): z for z in templates}
    return min(law.distinct(len(z.wildcards), z.regular_tokens).diversity for z in laws.values())


def _law_key(z: Template) -> tuple[int, frozenset[str]]:
    """Templates with equal keys have one law of substitutions."""
    return len(z.wildcards), frozenset(z.regular_tokens)


def _groups(
    templates: Sequence[Template], law: TokenLaw, vocabulary: Vocabulary
) -> tuple[list[_Group], Int32[np.ndarray, " r"]]:
    """The groups of the templates, and the group of each template."""
    shape = len(templates), templates[0].length
    members: dict[tuple[int, frozenset[str]], list[int]] = {}
    for i, z in enumerate(templates):
        members.setdefault(_law_key(z), []).append(i)
    group_of = np.empty(len(templates), dtype=np.int32)
    groups = []
    for (wildcards, regular), indices in members.items():
        fixed = sorted(regular)
        columns = np.zeros(shape, dtype=np.int32)
        for i in indices:
            z = templates[i]
            place = {token: p for p, token in enumerate((*z.wildcards, *fixed, z.tokens[-1]))}
            columns[i] = [place[token] for token in z.tokens]
        allowed = [token for token in law.named if token not in regular]
        groups.append(
            _Group(
                law.distinct(wildcards, regular),
                _codes(vocabulary, allowed),
                _codes(vocabulary, [*fixed, templates[0].tokens[-1]]),
                columns,
            )
        )
        group_of[indices] = len(groups) - 1
    return groups, group_of


def _codes(vocabulary: Vocabulary, tokens: Sequence[str]) -> Int32[np.ndarray, " t"]:
    return np.array([vocabulary.code(token) for token in tokens], dtype=np.int32)
