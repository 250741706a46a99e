"""Diversity of the substitutions: Definition 4.2."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations

from scipy import stats

from kernels.estimates import Estimate, Numerical
from theory.laws import Categorical, TokenLaw, Uniform, Zipf
from theory.statements.framework.claims import Claim, Compatible, Equal, Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.shared.instances.defaults import mixed_task
from theory.task import TemplateTask
from theory.template import Template
from theory.tuple_law import Tuples


def inclusion(template: Template, law: TokenLaw) -> dict[str, Fraction]:
    """Pr[t in s(W)] for each token t, by enumeration of all sets of distinct tokens.

    The tokens are those of the law but the template's own. The order in which a set is drawn does
    not matter: its tuples are equally likely.

    >>> law = Categorical([0.5, 0.25, 0.25], named=["a"])
    >>> [str(share) for share in inclusion(Template.parse("αb"), law).values()]
    ['1/2', '1/4', '1/4']
    >>> [str(share) for share in inclusion(Template.parse("αa"), law).values()]
    ['2/3', '1/3']
    """
    if isinstance(law, Tuples):
        return _of_tuples(template, law)
    names = [*(f"s{i + 1}" for i in range(law.symbols)), *law.named]
    given = law.probabilities.tolist() if isinstance(law, Categorical) else [1.0] * len(names)
    weights = {
        name: Fraction(p)
        for name, p in zip(names, given, strict=True)
        if name not in template.regular_tokens
    }
    total, found = Fraction(0), dict.fromkeys(weights, Fraction(0))
    for chosen in combinations(weights, len(template.wildcards)):
        probability = math.prod((weights[t] for t in chosen), start=Fraction(1))
        total += probability
        for t in chosen:
            found[t] += probability
    return {token: part / total for token, part in found.items()}


def _of_tuples(template: Template, law: Tuples) -> dict[str, Fraction]:
    """The same where whole tuples are drawn, given that they avoid the template's own tokens."""
    names = [*(f"s{i + 1}" for i in range(law.symbols)), *law.named]
    found = {t: Fraction(0) for t in names if t not in template.regular_tokens}
    total = Fraction(0)
    for row, weight in zip(law.tuples.tolist(), law.probabilities.tolist(), strict=True):
        drawn = [names[place] for place in row[: len(template.wildcards)]]
        if all(token in found for token in drawn):
            total += Fraction(weight)
            for token in drawn:
                found[token] += Fraction(weight)
    return {token: part / total for token, part in found.items()}


def laws_of(task: TemplateTask) -> list[TokenLaw]:
    """Laws on few tokens, with and without the regular tokens of the task.

    A named token that is the likeliest decides the diversity of the templates that lack it. Under
    the last laws wildcards depend on each other: each is the successor of the one before it.
    """
    m = max(len(z.wildcards) for z in task.templates) + 2
    named = task.regular_tokens[:3]
    ranks = [float(j + 1) for j in range(m)]
    heavy = [2.0 * m + j for j in range(len(named))]
    found: list[TokenLaw] = [Uniform(m), Categorical(ranks), Zipf(m, 1.5), _successors(m)]
    if named:
        found += [Uniform(m, named), Categorical([*ranks, *heavy], named), Zipf(m, 1.0, named)]
        found.append(_successors(m, named))
    return found


def _successors(symbols: int, named: tuple[str, ...] = ()) -> Tuples:
    """Successive tokens in a circle, the later ones the likelier to be the first."""
    m = symbols + len(named)
    tuples = [[(first + i) % m for i in range(symbols - 2)] for first in range(m)]
    return Tuples(tuples, [first + 1.0 for first in range(m)], symbols=symbols, named=named)


def examine_diversity(setting: Setting) -> Examination:
    """Compare rho with exact enumeration, law by law, with m / w, and with tokens as drawn.

    The paper allows any law of substitutions, the wildcards of one depending on each other; the
    definition then applies to the law of the set s(W).
    """
    task = setting.task
    claims: list[Claim] = []
    # Templates with equally many wildcards and the same regular tokens have one law.
    unlike = {(len(z.wildcards), z.regular_tokens): z for z in task.templates if z.wildcards}
    widest = max(len(z.wildcards) for z in task.templates)
    for law in laws_of(task) if unlike else ():
        shares = {key: inclusion(z, law) for key, z in unlike.items()}
        exact = 1 / max(max(share.values()) for share in shares.values())
        rounding = 1e-12 * float(exact)
        claims.append(
            Equal(
                repr(law),
                Estimate(task.diversity(law), Numerical(rounding)),
                Estimate(float(exact), Numerical(rounding)),
                resolution=1e-9 * float(exact),
            )
        )
        claims.append(_drawn_claim(setting, law, shares))
    expected = 1_000 / widest if widest else math.inf
    uniform = task.diversity(1_000)
    claims.append(Fact("m / w", uniform == expected, {"found": repr(uniform)}))
    return Examination(claims, f"ρ = {uniform:g} where 1000 symbols are equally likely")


def _drawn_claim(
    setting: Setting,
    law: TokenLaw,
    shares: Mapping[tuple[int, tuple[str, ...]], Mapping[str, Fraction]],
) -> Claim:
    """That each token is substituted as often as enumeration says, in the strings of a template."""
    task, n = setting.task, 2_000 if setting.quick else 20_000
    sample = task.sample(n, alphabet=law, seed=setting.seed)
    p_values, largest = [], 0.0
    for i, z in enumerate(task.templates):
        rows = sample.strings.codes[sample.templates == i]
        if not len(rows) or not z.wildcards:
            continue
        drawn = rows[:, [z.tokens.index(w) for w in z.wildcards]]
        for token, share in shares[len(z.wildcards), z.regular_tokens].items():
            code = sample.strings.vocabulary.code(token)
            count = int((drawn == code).any(axis=1).sum())
            largest = max(largest, count / len(rows))
            expected = min(1.0, float(share))
            p_values.append(float(stats.binomtest(count, len(rows), expected).pvalue))
    p_value = min(1.0, len(p_values) * min(p_values)) if p_values else 1.0
    evidence = {"draws": n, "largest share": largest, "comparisons": len(p_values)}
    return Compatible(f"{law!r}: tokens as drawn", p_value, evidence)


STATEMENT = Statement(
    ids=("Definition 4.2",),
    title="Diversity of the substitutions",
    words="Diversity is one over the largest probability that a token is among those "
    "substituted; it is m / w for w wildcards drawn uniformly from m symbols.",
    latex=r"\rho = \min_z \min_t 1 / \Pr_{s \sim \mu_{sub,z}}[t \in s(\mathcal{W})]",
    examine=examine_diversity,
    default_task=mixed_task,
)
