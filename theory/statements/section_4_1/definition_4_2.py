"""Diversity of the substitutions: Definition 4.2."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

from kernels.estimates import Estimate, Numerical
from theory.laws import Categorical, TokenLaw
from theory.statements.framework.claims import Claim, Equal, Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.shared.defaults import mixed_task
from theory.template import Template


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


def examine_diversity(setting: Setting) -> Examination:
    """Compare rho with exact enumeration for unequal weights, and with m / w for equal ones."""
    task = setting.task
    widest = max(len(z.wildcards) for z in task.templates)
    m = widest + 2
    weights = [Fraction(j + 1) for j in range(m)]
    # Templates with equally many wildcards have one law.
    unlike = {len(z.wildcards): z for z in task.templates if z.wildcards}
    by_hand = [max(inclusion(z, weights)) for z in unlike.values()]
    claims: list[Claim] = []
    if by_hand:
        exact = 1 / max(by_hand)
        law: TokenLaw = Categorical([float(w) for w in weights])
        found = task.diversity(law)
        rounding = 1e-12 * float(exact)
        claims.append(
            Equal(
                "unequal weights",
                Estimate(found, Numerical(rounding)),
                Estimate(float(exact), Numerical(rounding)),
                resolution=1e-9 * float(exact),
            )
        )
    expected = 1_000 / widest if widest else math.inf
    uniform = task.diversity(1_000)
    claims.append(Fact("m / w", uniform == expected, {"found": repr(uniform)}))
    return Examination(claims, f"ρ = {uniform:g} where 1000 symbols are equally likely")


STATEMENT = Statement(
    ids=("Definition 4.2",),
    title="Diversity of the substitutions",
    words="Diversity is one over the largest probability that a token is among those "
    "substituted; it is m / w for w wildcards drawn uniformly from m symbols.",
    latex=r"\rho = \min_z \min_t 1 / \Pr_{s \sim \mu_{sub,z}}[t \in s(\mathcal{W})]",
    examine=examine_diversity,
    default_task=mixed_task,
)
