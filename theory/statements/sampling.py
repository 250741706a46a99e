"""Drawing from a task: Definitions 3.2, 4.2 and J.1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import numpy as np
from jaxtyping import Float64
from scipy import stats

from kernels.estimate import ErrorKind, Estimate
from theory.laws import Categorical, TokenLaw
from theory.statements.setting import Setting
from theory.statements.settings import divided_by, mixed_task, small_task, with_unit_labels
from theory.statements.statement import Statement
from theory.statements.verdict import Case, Finding, Outcome, conclude, equal, fact
from theory.template import Template

_ALARM = 1e-6
"""p-value below which a sampled law counts as another one: the false-alarm level of each test."""


def _law_case(name: str, p_value: float, draws: int) -> Case:
    """A test of a law: violated where its p-value is below 1e-6."""
    evidence = {"p_value": p_value, "alarm below": _ALARM, "draws": draws}
    return fact(name, p_value >= _ALARM, evidence, ErrorKind.STATISTICAL)


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


def examine_samples(setting: Setting) -> Finding:
    """Draw, and compare templates, substitutions, labels and noise with their laws."""
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
    cases = [fact("strings match their templates", not unmatched, {"unmatched": unmatched[:3]})]
    if len(task) > 1:
        counts = np.bincount(sample.templates, minlength=len(task)).tolist()
        cases.append(_law_case("templates", counts_p_value(counts, task.weights), n))
    residuals = sample.labels - task.label_array[sample.templates]
    p_value = float(stats.kstest(residuals / noise, "norm").pvalue)
    cases.append(_law_case("noise is Gaussian", p_value, n))
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
        cases.append(_law_case("tokens", counts_p_value(observed, shares), total))
    clean = task.sample(shown, alphabet=alphabet, seed=setting.seed)
    exact = bool(np.array_equal(clean.labels, task.label_array[clean.templates]))
    cases.append(fact("labels without noise", exact, {"samples": shown}))
    alike = all(case.outcome is Outcome.HOLDS for case in cases)
    figure = f"{n} samples {'follow' if alike else 'do not follow'} their laws"
    return conclude(cases, figure, evidence=divided_by(scale))


SAMPLES = Statement(
    ids=("Definition 3.2",),
    title="Template task with real labels",
    words="A sample is a template drawn from its law, its wildcards substituted, and the "
    "template's label with Gaussian noise.",
    latex=r"x = \mathrm{sub}(z, s),\quad y = f_*(z) + \xi,\quad z \sim \mu_{tmplt},\ "
    r"s \sim \mu_{sub,z},\ \xi \sim N(0, \sigma^2)",
    examine=examine_samples,
    default_task=small_task,
)


def inclusion(template: Template, weights: Sequence[Fraction]) -> list[Fraction]:
    """Pr[t in s(W)] for each token t, by enumeration of all sets of distinct tokens.

    The order in which a set is drawn does not matter: its tuples are equally likely.

    >>> inclusion(Template.parse("αβ"), [Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)])
    [Fraction(4, 5), Fraction(3, 5), Fraction(3, 5)]
    """
    total, found = Fraction(0), [Fraction(0)] * len(weights)
    for chosen in combinations(range(len(weights)), len(template.wildcards)):
        probability = math.prod((weights[t] for t in chosen), start=Fraction(1))
        total += probability
        for t in chosen:
            found[t] += probability
    return [part / total for part in found]


def examine_diversity(setting: Setting) -> Finding:
    """Compare rho with exact enumeration for unequal weights, and with m / w for equal ones."""
    task = setting.task
    widest = max(len(z.wildcards) for z in task.templates)
    m = widest + 2
    weights = [Fraction(j + 1) for j in range(m)]
    # Templates with equally many wildcards have one law.
    unlike = {len(z.wildcards): z for z in task.templates if z.wildcards}
    by_hand = [max(inclusion(z, weights)) for z in unlike.values()]
    cases = []
    if by_hand:
        exact = 1 / max(by_hand)
        law: TokenLaw = Categorical([float(w) for w in weights])
        found = task.diversity(law)
        rounding = 1e-12 * float(exact)
        cases.append(
            equal(
                "unequal weights",
                Estimate(found, rounding, ErrorKind.NUMERICAL),
                Estimate(float(exact), rounding, ErrorKind.NUMERICAL),
                resolution=1e-9 * float(exact),
            )
        )
    expected = 1_000 / widest if widest else math.inf
    uniform = task.diversity(1_000)
    cases.append(fact("m / w", uniform == expected, {"found": repr(uniform)}))
    return conclude(cases, f"ρ = {uniform:g} where 1000 symbols are equally likely")


DIVERSITY = Statement(
    ids=("Definition 4.2",),
    title="Diversity of the substitutions",
    words="Diversity is one over the largest probability that a token is among those "
    "substituted; it is m / w for w wildcards drawn uniformly from m symbols.",
    latex=r"\rho = \min_z \min_t 1 / \Pr_{s \sim \mu_{sub,z}}[t \in s(\mathcal{W})]",
    examine=examine_diversity,
    default_task=mixed_task,
)


def symbolic_label(template: Template, label: str, string: str) -> str | None:
    """The token ``sub(f_*(z), s)`` of a string of the template (Def. J.1).

    None where the string does not match: s, where it exists, is determined by the string.

    >>> symbolic_label(Template.parse("αβα"), "β", "PQP")
    'Q'
    """
    s = template.match(string)
    return None if s is None else s.get(label, label)


def cross_entropy(logits: Float64[np.ndarray, " m"], label: int) -> float:
    """``log sum exp(logits) - logits[label]``.

    >>> round(cross_entropy(np.zeros(8), 3), 12) == round(math.log(8), 12)
    True
    """
    top = float(logits.max())
    return top + math.log(float(np.exp(logits - top).sum())) - float(logits[label])


def examine_symbolic(setting: Setting) -> Finding:
    """Labels follow the substitution, whichever wildcard is the label; the loss has its limits."""
    task = setting.task
    most = max(len(z.wildcards) for z in task.templates)
    sample = task.sample(200, alphabet=max(20, 2 * most), seed=setting.seed)
    wrong, cases = [], []
    for row, number in enumerate(sample.templates):
        z, x = task.templates[number], sample.strings.tokens(row)
        for label in (*z.wildcards, *z.regular_tokens):
            expected = x[z.tokens.index(label)]
            if symbolic_label(z, label, sample.strings[row]) != expected:
                wrong.append([str(z), sample.strings[row], label])
    cases.append(fact("the label is a token of the string", not wrong, {"wrong": wrong[:3]}))
    copy = Template.parse("α")
    cases.append(fact("copying", symbolic_label(copy, "α", "A") == "A", {"template": "α"}))
    fixed = symbolic_label(Template.parse("ααS"), "S", "QQS")
    cases.append(fact("a label may be a regular token", fixed == "S", {"label": fixed}))
    m = 50
    uniform = Estimate(cross_entropy(np.zeros(m), 7), 1e-13, ErrorKind.NUMERICAL)
    exact = Estimate(math.log(m), 1e-15, ErrorKind.NUMERICAL)
    cases.append(equal("loss at equal logits is log m", uniform, exact, resolution=1e-12))
    sure = np.where(np.arange(m) == 7, 100.0, 0.0)
    loss = cross_entropy(sure, 7)
    cases.append(fact("loss of a sure and right answer", loss < 1e-12, {"loss": loss}))
    right = f"{len(sample)} samples, each token as label: copied as the substitution says"
    return conclude(cases, f"{len(wrong)} labels are not what is substituted" if wrong else right)


SYMBOLIC = Statement(
    ids=("Definition J.1",),
    title="Template task with symbolic labels",
    words="The label is a wildcard or a token of the template, and is substituted with it; the "
    "loss is the cross-entropy.",
    latex=r"y = \mathrm{sub}(f_*(z), s),\quad f_*(z) \in \mathcal{W} \cup \mathcal{X}",
    examine=examine_symbolic,
    default_task=mixed_task,
)
