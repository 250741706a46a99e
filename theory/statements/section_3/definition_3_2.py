"""Drawing from a task with real labels: Definition 3.2."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from theory.statements.framework.claims import Claim, Compatible, Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.finding import Case, holding
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.shared.defaults import small_task
from theory.statements.shared.scale import divided_by, with_unit_labels


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
    images: dict[str, int] = {}
    total = 0
    for x, template in zip(strings, sample.templates, strict=False):
        s = task.templates[template].match(x)
        for wildcard, token in (s or {}).items():
            if wildcard == task.templates[template].wildcards[0]:
                images[token] = images.get(token, 0) + 1
                total += 1
    if total:
        observed = [*images.values(), *([0] * (alphabet - len(images)))]
        shares = [1.0 / alphabet] * len(observed)
        claims.append(Compatible("tokens", counts_p_value(observed, shares), {"draws": total}))
    clean = task.sample(shown, alphabet=alphabet, seed=setting.seed)
    exact = bool(np.array_equal(clean.labels, task.label_array[clean.templates]))
    claims.append(Fact("labels without noise", exact, {"samples": shown}))

    def figure(cases: Sequence[Case]) -> str:
        alike = holding(cases) == len(cases)
        return f"{n} samples {'follow' if alike else 'do not follow'} their distributions"

    return Examination(claims, figure, divided_by(scale))


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
