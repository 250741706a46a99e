"""Test strings whose substituted tokens lie in R: an edge of Theorem 4.4 (open point 2).

Let first rho tend to infinity at a fixed n, so that no two samples overlap and none meets the
tokens of x, and then n tend to infinity with lambda / n tending to 0. In this order of limits the
prediction at x tends to ``v(x)^T N^{-1} f_*`` with ``v(x)_j = K(sub(z_j, s), x)``, s avoiding R
and the tokens of x; of n and rho that grow together nothing is said here. Where
the substituted tokens of x avoid R, v(x) is a row of N and the limit is the label. Where one of
them is a regular token of another template, v(x) is no row of N, and nothing makes it one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations, islice, permutations

import numpy as np
from jaxtyping import Float64

from kernels.estimates import Estimate, EstimateArray, Exact, Numerical
from kernels.estimates.rules.arithmetic import Parts
from kernels.strings.patterns import Pattern
from kernels.strings.tokens import tokenize
from theory.disjoint import fresh_tokens
from theory.matrix.template_matrix import template_matrix
from theory.statements.framework.claims import Claim, Equal, Void
from theory.statements.framework.decision import level
from theory.statements.framework.examination import Examination
from theory.statements.framework.hypothesis import Hypothesis
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.of_kernels import NONSINGULAR
from theory.statements.hypotheses.semidefinite import SEMIDEFINITE
from theory.statements.hypotheses.symmetry import TOKEN_SYMMETRIC
from theory.statements.shared.instances.defaults import transformer_kernel
from theory.statements.shared.instances.overlaps import Overlaps
from theory.statements.shared.instances.samples import NONE_RARE, every_template, full_size
from theory.statements.shared.instances.scale import divided_by, kernel_size, with_unit_labels
from theory.task import TemplateTask
from theory.template import is_wildcard

_RESOLUTION = 0.05
"""Beside labels of size 1."""

_MOST = 30
"""Strings that are examined."""

_SYMBOLS = 10**9
"""So many that samples share none."""

_RIDGE = 0.01
"""Of a fit, beside the largest K(x, x)."""

_SOLVED = 1e-6
"""How far the solver's prediction may be from the solution's, labels being of size 1."""


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


def limit(
    setting: Setting, string: str, ridges: Float64[np.ndarray, " r"] | float = 0.0
) -> Estimate:
    """``v(x)^T (N + diag(ridges))^{-1} f_*`` with the error that N and v pass on.

    Without ridges it is the limit. At ``(lambda + d_a) / n_a`` it is the prediction of a fit to
    n_a samples of each template a that share no symbol (B6 of ``docs/theorems-ridge.md``).
    """
    task, matrix = setting.task, template_matrix(setting.kernel, setting.task)
    system = matrix.values + np.diag(np.broadcast_to(ridges, len(task)))
    x = [("", token) for token in tokenize(string)]
    v = setting.kernel.values(
        [
            Pattern.of_codes([("z" if is_wildcard(t) else "", t) for t in z.tokens], x)
            for z in task.templates
        ]
    )
    p = np.linalg.solve(system, task.label_array)
    q = np.linalg.solve(system, v.values)
    # v'^T N'^{-1} f = v^T p + dv^T p - q^T dN p to first order; the factor covers the rest, as
    # long as the relative change of N^{-1} is below a half, and rounding.
    smallest, _ = matrix.smallest_eigenvalue.interval(level(1))
    changed = float(np.linalg.norm(matrix.errors) / max(smallest, 1e-300))
    if changed >= 0.5:
        return Estimate(float(v.values @ p), Numerical(math.inf))

    def passed_on(
        of_v: Float64[np.ndarray, " r"], of_matrix: Float64[np.ndarray, "r r"]
    ) -> Float64[np.ndarray, ""]:
        return np.asarray(2.0 * (of_v @ np.abs(p) + np.abs(q) @ of_matrix @ np.abs(p)))

    rounding = 1e-12 * float(np.abs(v.values) @ np.abs(p))
    bound = passed_on(v.bounds, matrix.entries.bounds) + rounding
    deviation = passed_on(v.deviations, matrix.entries.deviations)
    solved = EstimateArray.of(0.0, Numerical, rounding)
    parts = Parts(np.asarray(v.values @ p), bound, deviation)
    return EstimateArray.reduced(parts, v, matrix.entries, solved).item()


def fit_claims(setting: Setting, strings: Sequence[str]) -> list[Claim]:
    """A fit to samples that share no symbol, against what v(x) and N say of it."""
    from kernels.regression.ridge import KernelRidge  # noqa: PLC0415 - scikit-learn is slow

    task, kernel = setting.task, setting.kernel
    sample = every_template(setting, full_size(setting), _SYMBOLS, 0, hits=False)
    if Overlaps(task, sample).bad_pairs.any():
        return [Void("fits", "two samples share a symbol, at a chance of one in some thousands")]
    ridge = _RIDGE * kernel_size(setting)
    model = KernelRidge(kernel, alpha=ridge)
    model.fit(sample.strings, task.label_array[sample.templates])
    own = kernel.diagonal(task.unseen()).values
    excess = own - np.diag(template_matrix(kernel, task).values)
    ridges = (ridge + excess) / np.bincount(sample.templates, minlength=len(task))
    solved = Estimate(0.0, Numerical(_SOLVED))
    sides = ("fit", "by v(x) and N")
    return [
        Equal(
            f"{string}: a fit to {len(sample.labels)} samples without overlaps",
            found + solved,
            limit(setting, string, ridges),
            resolution=_RESOLUTION,
            named=sides,
        )
        for string, found in zip(strings, model.predict(list(strings)), strict=True)
    ]


def examine_edge(setting: Setting) -> Examination:
    """The limit at each string that meets R, against the label of the template that it matches.

    The figure is the string where they differ most: the counterexample, where there is one. That
    the numbers behind the limit are right is checked by fits.
    """
    setting, scale = with_unit_labels(setting)
    task = setting.task
    claims: list[Claim] = []
    strings = strings_meeting_regular(task)[: 4 if setting.quick else _MOST]
    compared = []
    for i, string in strings:
        found = limit(setting, string)
        compared.append((found.value, task.labels[i], string))
        label = Estimate(task.labels[i], Exact())
        name = f"{string}, of {task.templates[i]}"
        sides = ("limit", "label")
        claims.append(Equal(name, found, label, resolution=_RESOLUTION, named=sides))
    if NONE_RARE.objection(setting) is None:
        claims += fit_claims(setting, [string for _, string in strings[:4]])
    value, label_there, string = max(compared, key=lambda case: abs(case[0] - case[1]))
    worst = f"{string}: limit {value:+.5g}, label {label_there:+g}"
    evidence = divided_by(scale)
    figure = worst if not evidence else f"{worst} (both divided by {scale:g})"
    return Examination(claims, figure, evidence=evidence)


STATEMENT = Statement(
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
