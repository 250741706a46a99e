"""The kernel matrix is nearly block-constant: equations (5) to (8), (14), and Claim D.2.

Let no two samples overlap. Then ``K = Z N Z^T + diag(d)``, where d_a = K(x, x) - N_aa >= 0 belongs
to the template: it acts as more ridge. As for Claim D.3, with Lambda = lambda + diag(d),

    1_{I_i} / |I_i| - (K + lambda)^{-1} v = Z D^{-1/2} (Q + Lambda)^{-1} Lambda D^{-1/2} e_i,

whose norm is at most ``(lambda + max d) / (nu p^{3/2} n^{3/2})``.

With overlaps, let B count the ordered bad pairs of different samples and b the samples that
overlap R (an unseen x overlaps no sample). Where no kernel value exceeds kappa, Claim D.5 and
|E| <= |diagonal| + |rest|_F give

    |f(x) - f_ideal(x)| <= |y| / lambda (2 kappa sqrt(b) + (max d + 2 kappa sqrt(B)) / sqrt(p n)).

The term max d belongs to the diagonal, which K_ideal fills with N_aa. It stays when rho tends to
infinity, so that a bound by the bad pairs of different samples alone fails there.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from kernels.errors import InvalidInputError
from kernels.estimate import ErrorKind, Estimate
from theory.bad_pairs import bad_pairs
from theory.idealization import idealization_gap
from theory.matrix import template_matrix
from theory.sample import Sample
from theory.statements.idealized_case import POSITIVE_SYSTEM
from theory.statements.overlaps import Overlaps, few_overlaps, law_with_regular_tokens
from theory.statements.settings import (
    NONSINGULAR,
    TOKEN_SYMMETRIC,
    divided_by,
    mixed_task,
    transformer_kernel,
    with_unit_labels,
)
from theory.statements.statement import Hypothesis, Setting, Statement
from theory.statements.verdict import Case, Finding, Outcome, at_most, conclude, fact

_RIDGE = 0.01
_ROUNDING = 1e-8
"""Relative. Systems of condition n kappa / lambda below 1e6."""

_SLACK = 1e-6
"""Relative. By so much a bound that is attained may be exceeded: far more than rounding, far less
than a wrong constant."""

_EQUAL, _UNRESOLVED = 1e-9, 1e-4
"""Beside labels of size 1: how far predictions may be apart that count as equal, and how far at
most where their errors cannot tell them from equal ones."""

_COARSEST = 0.05
"""Beside labels of size 1: the error of a prediction above which nothing is said of its gap."""

_MOST = 1_200
"""Samples at most: enough for every template if the rarest has a share of about 1/130."""


def _number(value: float) -> Estimate:
    return Estimate(value, _ROUNDING * max(value, 1e-6), ErrorKind.NUMERICAL)


def _size(setting: Setting) -> int:
    """So many samples that every template is among them with a probability of nine tenths.

    A template of share p is missed with probability ``(1 - p)^n <= exp(-p n)``.
    """
    task = setting.task
    least = math.ceil(math.log(10.0 * len(task)) / min(task.weights))
    return max(60 if setting.quick else 150, least)


def _rare(setting: Setting) -> str | None:
    n = _size(setting)
    if n <= _MOST:
        return None
    return f"this check takes at most {_MOST} samples, and {n} are needed to see every template"


NONE_RARE = Hypothesis("no template is rare (a limit of the check)", "task", _rare)


def _every_template(setting: Setting, n: int, symbols: int, seed: int) -> Sample:
    """A sample with every template in it; seeds are tried in turn."""
    law = law_with_regular_tokens(setting.task, max(symbols, 2 * setting.task.length))
    for attempt in range(100):
        sample = setting.task.sample(
            n, alphabet=law, noise=0.1, seed=setting.seed + 1_000 * seed + attempt
        )
        if len(np.unique(sample.templates)) == len(setting.task):
            return sample
    raise InvalidInputError(
        "task", setting.shown("task"), f"no sample of {n} has every template; give equal weights"
    )


def examine_blocks(setting: Setting) -> Finding:
    """Entries off the bad pairs are N's; bad pairs are as rare as rho says; (14) has its bound."""
    setting, divisor = with_unit_labels(setting)
    task, kernel = setting.task, setting.kernel
    matrix = template_matrix(kernel, task)
    n = _size(setting)
    cases, shares = [], []
    fewest = few_overlaps(task, n, 30, quick=setting.quick)
    for symbols in (fewest, 10 * fewest):
        sample = _every_template(setting, n, symbols, symbols)
        overlaps = Overlaps(task, sample)
        gram = kernel.gram(sample.strings)
        t = sample.templates
        block = matrix.values[np.ix_(t, t)]
        good = ~overlaps.bad_pairs & ~np.eye(n, dtype=bool)
        gap = np.abs(gram.values - block) - gram.errors - matrix.errors[np.ix_(t, t)]
        differ = int((good & (gap > 0.0)).sum())
        evidence = {"good pairs": int(good.sum()), "that differ from N": differ}
        cases.append(fact(f"{symbols} symbols: blocks", differ == 0, evidence, ErrorKind.NUMERICAL))
        # Pairs i, i + n/2 are independent of each other.
        half = n // 2
        bad = int(overlaps.bad_pairs[np.arange(half), np.arange(half, 2 * half)].sum())
        counted = bad_pairs(task, sample)
        same = int(overlaps.bad_pairs.sum()) == counted.pairs
        cases.append(fact(f"{symbols} symbols: two counts", same, {"bad pairs": counted.pairs}))
        bound = min(1.0, counted.pairs_bound / (n * (n - 1)))
        p_value = float(stats.binomtest(bad, half, bound, alternative="greater").pvalue)
        shares.append(float(overlaps.bad_pairs.mean()))
        rarity = {"share": shares[-1], "bound": bound, "p_value": p_value}
        name = f"{symbols} symbols: bad pairs"
        cases.append(fact(name, p_value > 1e-6, rarity, ErrorKind.STATISTICAL))
    cases += _indicator_cases(setting, n)
    shown = f"{shares[0]:.1%} at {fewest} symbols, {shares[1]:.1%} at {10 * fewest}"
    figure = f"pairs that overlap: {shown}"
    return conclude(cases, figure, evidence=divided_by(divisor), entered=matrix.entries.kind)


def _indicator_cases(setting: Setting, n: int) -> list[Case]:
    """(7), (8), (14): the solution is near the indicator of the template's samples.

    The alphabet is so large that no two samples overlap; if some do, the bound of the module's
    docstring does not apply, and the sample is drawn again.
    """
    task, kernel = setting.task, setting.kernel
    matrix = template_matrix(kernel, task)
    for seed in range(50):
        sample = _every_template(setting, n, 10**6, 50 + seed)
        if not Overlaps(task, sample).bad_pairs.any():
            break
    t = sample.templates
    counts = np.bincount(t, minlength=len(task)).astype(np.float64)
    gram, cross = kernel.gram(sample.strings).values, kernel.gram(sample.strings, task.unseen())
    # The system is solved with the values as they are, errors and all, so that the bound is one
    # about the N of these values.
    excess = float((np.diag(gram) - np.diag(matrix.values)[t]).max())
    solution = np.linalg.solve(gram + _RIDGE * np.eye(n), cross.values)
    p, nu = float(counts.min()) / n, matrix.smallest_eigenvalue.lower
    bound = (_RIDGE + excess) / (nu * (p * n) ** 1.5)
    cases = []
    for i, z in enumerate(task.templates):
        near = (t == i) / counts[i] - solution[:, i]
        cases.append(
            at_most(
                f"template {z}: distance to the indicator",
                _number(float(np.linalg.norm(near))),
                # One template attains the bound: rounding must not leave that open.
                Estimate(bound * (1.0 + _SLACK), 0.0, ErrorKind.NUMERICAL),
            )
        )
    return cases


BLOCKS = Statement(
    ids=(
        "Equation (5)",
        "Equation (6)",
        "Equation (7)",
        "Equation (8)",
        "Equation (14)",
    ),
    title="The kernel matrix is nearly block-constant",
    words="Off the pairs of samples that share substituted tokens, which are as rare as 1 / ρ, "
    "the kernel matrix has the entries of N; the solution is then near the indicator of the "
    "template's samples over their number, and the prediction near their mean label.",
    latex=r"(\hat K + \lambda I)^{-1} v(x) \approx 1_{I_i} / |I_i|",
    examine=examine_blocks,
    hypotheses=(NONE_RARE, TOKEN_SYMMETRIC, NONSINGULAR),
    default_task=mixed_task,
    default_kernel=transformer_kernel,
)


def examine_gap(setting: Setting, *, diagonal: bool = True) -> Finding:
    """Claim D.2 at several alphabets; ``diagonal`` tells whether its diagonal term is kept."""
    setting, divisor = with_unit_labels(setting)
    task = setting.task
    matrix = template_matrix(setting.kernel, task)
    n = _size(setting)
    cases, gaps, ratios = [], [], []
    fewest = few_overlaps(task, n, 30, quick=setting.quick)
    for symbols in (fewest, 10 * fewest, 10**8):
        sample = _every_template(setting, n, symbols, symbols % 997)
        found = idealization_gap(setting.kernel, task, sample, ridge=_RIDGE, matrix=matrix)
        value = found.bound.value - (0.0 if diagonal else found.diagonal)
        # Without overlaps and without a diagonal both sides are 0, up to the rounding of the gap.
        least = min(2.0 * found.gap.error, _UNRESOLVED) + _EQUAL if diagonal else 0.0
        bound = Estimate(max(value, 0.0) + least, found.bound.error, found.bound.kind)
        gaps.append(found.gap.value)
        ratios.append(found.gap.value / bound.value if bound.value else math.inf)
        name = f"{symbols} symbols: gap"
        if found.gap.error > _COARSEST:
            shown = {"value": found.gap.to_json(), "bound": found.bound.to_json()}
            needed = f"{name}: an error of the predictions below {_COARSEST:g}"
            cases.append(Case(name, Outcome.INCONCLUSIVE, found.gap.kind, shown, needed))
        else:
            cases.append(at_most(name, found.gap, bound))
        pairs = {"bad pairs": found.overlaps.pairs, "bound": found.overlaps.pairs_bound}
        # Markov: an expectation of at most the bound exceeds 20 times it with a chance below 5 %.
        rare = found.overlaps.pairs <= 20.0 * found.overlaps.pairs_bound
        cases.append(fact(f"{symbols} symbols: pairs", rare, pairs, ErrorKind.STATISTICAL))
    figure = f"predictions up to {max(gaps):.2g} apart, {max(ratios):.2g} of the bound"
    return conclude(cases, figure, evidence=divided_by(divisor), entered=matrix.entries.kind)


GAP = Statement(
    ids=("Claim D.2",),
    title="Real and idealized estimator",
    words="The two predictions differ by at most an explicit multiple of the square roots of the "
    "numbers of bad pairs and bad indices, whose expectations are of order n² / ρ and n / ρ, "
    "and of the diagonal, which the idealized matrix changes whatever ρ is.",
    latex=r"|\hat f - \hat f^{ideal}| \le \frac{\|y\|}{\lambda}\Big(2\kappa\sqrt b + "
    r"\frac{\max d + 2\kappa\sqrt B}{\sqrt{pn}}\Big)",
    examine=examine_gap,
    hypotheses=(NONE_RARE, TOKEN_SYMMETRIC, POSITIVE_SYSTEM),
    default_task=mixed_task,
    default_kernel=transformer_kernel,
)
