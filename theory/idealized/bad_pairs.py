"""Bad pairs and bad indices (Claim D.2), counted exactly in millions of samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from kernels.boundary.checks import instance
from kernels.boundary.exceptions import InvalidInputError
from kernels.regression.operator.atoms import shared_atoms
from kernels.regression.operator.samples import merge
from theory.sample import Sample
from theory.task import TemplateTask
from theory.template import is_wildcard

_LOOKED_AT = 64
"""Strings of a sample that are compared with their templates, evenly spread."""


@dataclass(frozen=True)
class BadPairs:
    """How often samples overlap, beside what Claim D.2 expects at most.

    Attributes:
        samples: n.
        pairs: ordered pairs of different samples that share a substituted token, or of which one
            has a substituted token in R.
        indices: samples with a substituted token in R: those that are bad for a test string of
            unseen symbols.
        pairs_bound: a bound on the expected number of pairs, ``n (n - 1) (w + 2 |R|) / rho``
            with w the largest number of wildcards of a template: by Def. 4.2 a token is among
            those of a sample with probability at most 1 / rho, and a pair is bad only if one of
            the w tokens of the other sample is, or for either sample one of R.
        indices_bound: likewise, ``n |R| / rho``.
    """

    samples: int
    pairs: int
    indices: int
    pairs_bound: float
    indices_bound: float

    @property
    def share(self) -> float:
        """The share of the ordered pairs that are bad."""
        return self.pairs / max(1, self.samples * (self.samples - 1))


def bad_pairs(task: TemplateTask, sample: Sample) -> BadPairs:
    """Count the overlaps of a sample.

    Of the samples that avoid R, let n_U have the set U of tokens among the substituted ones. The
    pairs that share at least one token number, by inclusion and exclusion,
    ``sum over U of (-1)^(|U| + 1) n_U (n_U - 1)``; all other pairs of these samples are good.

    Raises:
        InvalidInputError: ``sample`` is not of the task, as far as lengths, indices and some of
            the strings tell.

    >>> task = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
    >>> found = bad_pairs(task, task.sample(1_000, alphabet=10_000, seed=0))
    >>> found.indices, found.pairs <= found.pairs_bound
    (0, True)
    """
    instance("task", task, TemplateTask, "give a TemplateTask, as TemplateTask.parse makes it")
    instance("sample", sample, Sample, "give a sample of the task, as task.sample draws it")
    fault = _mismatch(task, sample)
    if fault is not None:
        raise InvalidInputError("sample", sample, f"{fault}; give a sample of this task")
    n = len(sample)
    meets = _meets_regular(task, sample)
    good = int(np.count_nonzero(~meets))
    overlapping = 0
    if good:
        vocabulary = sample.strings.vocabulary
        regular = [code for t in task.regular_tokens if (code := vocabulary.code(t)) is not None]
        strings = merge(sample.strings.codes[~meets], regular)
        count = strings.count
        for atoms in shared_atoms(strings, least=1):
            rows = np.repeat(np.arange(strings.rows), np.diff(atoms.starts))
            held = np.bincount(atoms.atom, weights=count[rows]).astype(np.int64)
            overlapping += (-1) ** (atoms.order + 1) * int((held * (held - 1)).sum())
    widest = max(len(z.wildcards) for z in task.templates)
    regular_tokens = len(task.regular_tokens)
    return BadPairs(
        samples=n,
        pairs=n * (n - 1) - good * (good - 1) + overlapping,
        indices=n - good,
        pairs_bound=n * (n - 1) * (widest + 2 * regular_tokens) / sample.diversity,
        indices_bound=n * regular_tokens / sample.diversity,
    )


def _mismatch(task: TemplateTask, sample: Sample) -> str | None:
    """Why the sample is not of the task, None if nothing speaks against it."""
    n, r, strings, templates = len(sample), len(task), sample.strings, sample.templates
    if strings.length != task.length:
        given = strings.length - 1
        return f"its strings have {given} tokens, those of the task {task.length - 1}"
    if len(strings) != n or len(templates) != n:
        counted = f"{len(strings)} strings, {n} labels and {len(templates)} templates"
        return f"it has {counted}, which should be equally many"
    if n and not 0 <= templates.min() <= templates.max() < r:
        return f"its templates go from {templates.min()} to {templates.max()}, not 0 to {r - 1}"
    for row in np.linspace(0, n - 1, min(n, _LOOKED_AT), dtype=np.int64).tolist():
        template = task.templates[templates[row]]
        if template.match(strings.tokens(row)) is None:
            return f"string {row}, {strings[row]!r}, does not match its template {str(template)!r}"
    return None


def _meets_regular(task: TemplateTask, sample: Sample) -> Bool[np.ndarray, " n"]:
    """Whether a substituted token of each sample lies in R."""
    vocabulary = sample.strings.vocabulary
    wild = np.array([[is_wildcard(token) for token in z.tokens] for z in task.templates])
    meets = np.zeros(len(sample), dtype=bool)
    for token in task.regular_tokens:
        code = vocabulary.code(token)
        for position in range(task.length - 1):
            here = wild[sample.templates, position]
            meets |= here & (sample.strings.codes[:, position] == code)
    return meets
