"""Test strings whose substituted tokens lie in R: an edge of Theorem 4.4 (open point 2).

Let first rho tend to infinity at a fixed n, so that no two samples overlap and none meets the
tokens of x, and then n tend to infinity with lambda / n tending to 0. In this order of limits the
prediction at x tends to ``v(x)^T N^{-1} f_*`` with ``v(x)_j = K(sub(z_j, s), x)``, s avoiding R
and the tokens of x; of n and rho that grow together nothing is said here. Where
the substituted tokens of x avoid R, v(x) is a row of N and the limit is the label. Where one of
them is a regular token of another template, v(x) is no row of N, and nothing makes it one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice, permutations

import numpy as np
from kernels.estimate import ErrorKind, Estimate

from kernels.patterns import Pattern
from kernels.tokens import tokenize
from theory.disjoint import fresh_tokens
from theory.matrix.template_matrix import template_matrix
from theory.statements.hypothesis import Hypothesis
from theory.statements.setting import Setting
from theory.statements.settings import (
    NONSINGULAR,
    SEMIDEFINITE,
    TOKEN_SYMMETRIC,
    divided_by,
    transformer_kernel,
    with_unit_labels,
)
from theory.statements.statement import Statement
from theory.statements.verdict import Case, Finding, conclude, equal
from theory.task import TemplateTask
from theory.template import is_wildcard

_RESOLUTION = 0.05
"""Beside labels of size 1."""

_MOST = 30
"""Strings that are examined."""


def edge_task() -> TemplateTask:
    """``αα`` labelled +1 and ``aβ`` labelled -1: ``aa`` matches the first."""
    return TemplateTask.parse({"αα": 1.0, "aβ": -1.0}, name="aa of αα and aβ")


def strings_meeting_regular(task: TemplateTask) -> list[tuple[int, str]]:
    """Strings with a regular token among the substituted, and their template; at most `_MOST`.

    >>> strings_meeting_regular(edge_task())
    [(0, 'aa')]
    """
    found = []
    for i, z in enumerate(task.templates):
        foreign = [t for t in task.regular_tokens if t not in z.regular_tokens]
        fresh = list(islice(fresh_tokens(task.regular_tokens), len(z.wildcards)))
        # Some of the wildcards become different regular tokens, the others unseen ones.
        for places in _places(len(z.wildcards), len(foreign)):
            for chosen in permutations(foreign, len(places)):
                at = dict(zip(places, chosen, strict=True))
                image = {w: at.get(j, fresh[j]) for j, w in enumerate(z.wildcards)}
                found.append((i, z.substitute(image)))
                if len(found) == _MOST:
                    return found
    return found


def _places(wildcards: int, foreign: int) -> Iterator[tuple[int, ...]]:
    """Which of the wildcards become regular tokens: one at least, few first."""
    for count in range(1, min(wildcards, foreign) + 1):
        yield from combinations(range(wildcards), count)


def _nothing_meets(setting: Setting) -> str | None:
    if strings_meeting_regular(setting.task):
        return None
    return "give a task in which a regular token of one template may replace a wildcard of another"


def limit(setting: Setting, string: str) -> Estimate:
    """``v(x)^T N^{-1} f_*`` with the error that N and v pass on."""
    task, matrix = setting.task, template_matrix(setting.kernel, setting.task)
    x = [("", token) for token in tokenize(string)]
    v = setting.kernel.values(
        [
            Pattern.of_codes([("z" if is_wildcard(t) else "", t) for t in z.tokens], x)
            for z in task.templates
        ]
    )
    p = np.linalg.solve(matrix.values, task.label_array)
    q = np.linalg.solve(matrix.values, v.values)
    # v'^T N'^{-1} f = v^T p + dv^T p - q^T dN p to first order; the factor covers the rest, as
    # long as the relative change of N^{-1} is below a half, and rounding.
    changed = float(np.linalg.norm(matrix.errors) / max(matrix.smallest_eigenvalue.lower, 1e-300))
    if changed >= 0.5:
        return Estimate(float(v.values @ p), float("inf"), matrix.entries.kind)
    error = 2.0 * float(v.errors @ np.abs(p) + np.abs(q) @ matrix.errors @ np.abs(p))
    error += 1e-12 * float(np.abs(v.values) @ np.abs(p))
    kind = ErrorKind.weakest([matrix.entries.kind, v.kind, ErrorKind.NUMERICAL])
    return Estimate(float(v.values @ p), error, kind)


def examine_edge(setting: Setting) -> Finding:
    """The limit at each string that meets R, against the label of the template that it matches."""
    setting, scale = with_unit_labels(setting)
    task = setting.task
    cases: list[Case] = []
    strings = strings_meeting_regular(task)[: 4 if setting.quick else _MOST]
    limits = []
    for i, string in strings:
        found = limit(setting, string)
        limits.append(found.value)
        label = Estimate(task.labels[i], 0.0, ErrorKind.EXACT)
        name = f"{string}, of {task.templates[i]}"
        sides = ("limit", "label")
        cases.append(equal(name, found, label, resolution=_RESOLUTION, named=sides))
    first = f"{strings[0][1]}: limit {limits[0]:+.5g}, label {task.labels[strings[0][0]]:+g}"
    evidence = divided_by(scale)
    figure = first if not evidence else f"{first} (both divided by {scale:g})"
    return conclude(cases, figure, evidence=evidence)


EDGE = Statement(
    ids=("Open point 2",),
    title="Theorem 4.4 where substituted tokens are regular tokens",
    words="Is the limit of the ridge prediction the label of the template, at a string that "
    "matches it with a substituted token in R? The limit is that of ρ first, then of n.",
    latex=r"v(x)^T N^{-1} f_* = f_*(z),\quad x = \mathrm{sub}(z, s),\ s(\mathcal{W}) \cap R \neq "
    r"\emptyset",
    examine=examine_edge,
    hypotheses=(
        TOKEN_SYMMETRIC,
        NONSINGULAR,
        SEMIDEFINITE,
        Hypothesis("a wildcard may become a regular token", "task", _nothing_meets),
    ),
    default_task=edge_task,
    finding="Theorem 4.4 holds at test strings whose substituted tokens are not regular tokens of "
    "any template.",
    default_kernel=transformer_kernel,
)
