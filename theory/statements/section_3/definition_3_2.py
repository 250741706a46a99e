"""Drawing from a task with real labels: Definition 3.2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations, permutations

import numpy as np
from scipy import stats

from theory.laws import Categorical, TokenLaw, Uniform
from theory.statements.framework.claims import Claim, Compatible, Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.finding import Case, holding
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.shared.instances.defaults import small_task
from theory.statements.shared.instances.scale import divided_by, with_unit_labels
from theory.task import TemplateTask
from theory.tuple_law import Tuples

_MOST = 6
"""Templates whose substitutions are looked at: the first ones of a task."""

_ENUMERATED = 4
"""Wildcards, at most, of which all tuples are enumerated for a law that is not uniform."""


def counts_p_value(counts: Sequence[int], shares: Sequence[float]) -> float:
    """Of the hypothesis that independent draws have these shares, however rare some of them are.

    Each count is binomial, and its exact two-sided test is one of as many as there are counts:
    the least of their p-values times that number, by Bonferroni's inequality. The chi-square test
    beside it needs expected counts of some units, which a rare outcome does not have.

    >>> counts_p_value([3999, 1], [1 - 5e-6, 5e-6]) > 0.01
    True
    >>> counts_p_value([3000, 1000], [0.5, 0.5]) < 1e-6
    True
    """
    total = sum(counts)
    least = min(
        float(stats.binomtest(count, total, min(share, 1.0)).pvalue)
        for count, share in zip(counts, shares, strict=True)
    )
    return min(1.0, len(counts) * least)


def examine_samples(setting: Setting) -> Examination:
    """Draw, and compare templates, substitutions, labels and noise with their distributions."""
    setting, scale = with_unit_labels(setting)
    task, n = setting.task, 4_000 if setting.quick else 20_000
    alphabet, noise = 6 * task.length, 0.5
    sample = task.sample(n, alphabet=alphabet, noise=noise, seed=setting.seed)
    shown = min(n, 2_000)
    strings = [sample.strings[row] for row in range(shown)]
    unmatched = [
        x
        for x, template in zip(strings, sample.templates, strict=False)
        if task.templates[template].match(x) is None
    ]
    claims: list[Claim] = [
        Fact("strings match their templates", not unmatched, {"unmatched": unmatched[:3]})
    ]
    if len(task) > 1:
        counts = np.bincount(sample.templates, minlength=len(task)).tolist()
        claims.append(Compatible("templates", counts_p_value(counts, task.weights), {"draws": n}))
    residuals = sample.labels - task.label_array[sample.templates]
    p_value = float(stats.kstest(residuals / noise, "norm").pvalue)
    claims.append(Compatible("noise is Gaussian", p_value, {"draws": n}))
    claims += [
        claim for law in _laws(task) for claim in substitution_claims(task, law, n, setting.seed)
    ]
    clean = task.sample(shown, alphabet=alphabet, seed=setting.seed)
    exact = bool(np.array_equal(clean.labels, task.label_array[clean.templates]))
    claims.append(Fact("labels without noise", exact, {"samples": shown}))

    def figure(cases: Sequence[Case]) -> str:
        alike = holding(cases) == len(cases)
        return f"{n} samples {'follow' if alike else 'do not follow'} their distributions"

    return Examination(claims, figure, divided_by(scale))


def _laws(task: TemplateTask) -> list[TokenLaw]:
    """Few symbols, so that each pair of them is drawn often: alike, and unlike where affordable."""
    most = max(len(z.wildcards) for z in task.templates)
    found: list[TokenLaw] = [Uniform(most + 2)]
    if most <= _ENUMERATED:
        found.append(Categorical([float(rank) for rank in range(1, most + 3)]))
    # Wildcards that depend on each other: each is the successor of the one before it.
    m = most + 2
    circle = [[(first + i) % m for i in range(most)] for first in range(m)]
    return [*found, Tuples(circle, [first + 1.0 for first in range(m)], symbols=m)]


def substitution_claims(task: TemplateTask, law: TokenLaw, n: int, seed: int) -> list[Claim]:
    """The joint law of each two wildcards of a template, and of those of successive samples."""
    sample = task.sample(n, alphabet=law, seed=seed + 1)
    vocabulary = sample.strings.vocabulary
    codes = [vocabulary.code(f"s{i + 1}") for i in range(law.symbols)]
    place = {code: i for i, code in enumerate(codes)}
    claims: list[Claim] = []
    for i, z in enumerate(task.templates[:_MOST]):
        rows = sample.strings.codes[sample.templates == i]
        if not len(rows) or not z.wildcards:
            continue
        at = [z.tokens.index(w) for w in z.wildcards]
        drawn = np.vectorize(place.__getitem__)(rows[:, at])
        for a, b in combinations(range(len(at)), 2):
            joint = pair_shares(law, len(at), (a, b))
            pairs = Counter(zip(drawn[:, a].tolist(), drawn[:, b].tolist(), strict=True))
            name = f"{law!r}: {z.wildcards[a]}, {z.wildcards[b]} of {z}"
            claims.append(_as_drawn(name, [pairs[pair] for pair in joint], list(joint.values())))
        alone = pair_shares(law, len(at), (0, min(1, len(at) - 1)))
        single = [sum(p for pair, p in alone.items() if pair[0] == t) for t in range(law.symbols)]
        first = drawn[:, 0]
        counts = np.bincount(first, minlength=law.symbols).tolist()
        claims.append(_as_drawn(f"{law!r}: {z.wildcards[0]} of {z}", counts, single))
        # Each sample with the next one of its template, in disjoint pairs.
        half = len(first) // 2
        after = Counter(zip(first[: 2 * half : 2].tolist(), first[1::2].tolist(), strict=False))
        both = {(s, t): single[s] * single[t] for s in range(len(codes)) for t in range(len(codes))}
        name = f"{law!r}: successive samples of {z}"
        claims.append(_as_drawn(name, [after[pair] for pair in both], list(both.values())))
    return claims


def pair_shares(
    law: TokenLaw, wildcards: int, places: tuple[int, int] = (0, 1)
) -> dict[tuple[int, int], float]:
    """Pr[(s(w), s(w')) = (t, t')] for two wildcards of so many; (t, t) where there is but one.

    A tuple of distinct tokens has a probability proportional to the product of theirs, whatever the
    places, unless the law is one of whole tuples.

    >>> sorted(pair_shares(Uniform(3), 2).items())[:2]
    [((0, 1), 0.16666666666666666), ((0, 2), 0.16666666666666666)]
    """
    m = law.symbols
    if isinstance(law, Tuples):
        joint = dict.fromkeys(((s, t) for s in range(m) for t in range(m)), 0.0)
        for row, share in zip(law.tuples.tolist(), law.probabilities.tolist(), strict=True):
            joint[row[places[0]], row[places[1]]] += share
        return joint
    p = law.probabilities if isinstance(law, Categorical) else np.full(m, 1.0 / m)
    if wildcards == 1:
        return {(t, t): float(p[t]) for t in range(m)}
    if not isinstance(law, Categorical):
        return dict.fromkeys(permutations(range(m), 2), 1.0 / (m * (m - 1)))
    found = dict.fromkeys(permutations(range(m), 2), 0.0)
    for chosen in permutations(range(m), wildcards):
        found[chosen[0], chosen[1]] += float(np.prod(p[list(chosen)]))
    total = sum(found.values())
    return {pair: share / total for pair, share in found.items()}


def _as_drawn(name: str, counts: Sequence[int], shares: Sequence[float]) -> Claim:
    """That counts have these shares."""
    return Compatible(name, counts_p_value(counts, shares), {"draws": sum(counts)})


STATEMENT = Statement(
    ids=("Definition 3.2",),
    title="Template task with real labels",
    words="A sample is a template drawn from its distribution, its wildcards substituted, and the "
    "template's label with Gaussian noise.",
    latex=r"x = \mathrm{sub}(z, s),\quad y = f_*(z) + \xi,\quad z \sim \mu_{tmplt},\ "
    r"s \sim \mu_{sub,z},\ \xi \sim N(0, \sigma^2)",
    examine=examine_samples,
    default_task=small_task,
)
