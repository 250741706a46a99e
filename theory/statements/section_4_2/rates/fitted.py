"""Ridge regression generalizes on unseen symbols: Lemma 4.5 and Theorem 4.4, by experiment.

The bound ``C (sqrt(log(1 / delta) / n) + sqrt(1 / rho))`` leaves C open. It is fitted where n is
small, as the largest ratio of error to bracket that occurs there and a quarter more, and then held
against draws with larger n. So many failures that a share delta of them is ruled out violate the
lemma; failures that such a share makes unlikely leave it open.

Both are done at the same ratios of n to the number of symbols. At a fixed ratio the bracket falls
like n^{-1/2}, while at a fixed number of symbols the error need not fall with n: near as many
samples as the kernel has features of single symbols, ridge regression fits their noise.

An error that does not fall may stay below a constant fitted to its own scatter. So the exponent of
n is fitted too, see `theory.statements.shared.claims.falls`.

A constant fitted on few samples says nothing before the bias starts to fall. By the bounds of
Claims D.3 and D.4 and of the module `theory.statements.section_4_2.equation_5` the bias is at most

    F (lambda + max d) / (nu p^{3/2} n),

F the largest |f_*|, d = K(x, x) - N_zz, nu the smallest eigenvalue of N, p the least share of a
template. Where that exceeds the fitted bound, errors above it leave the lemma open.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from kernels.contract.kernel import Kernel
from kernels.transformer import AttentionKernel, TransformerKernel
from theory.matrix.template_matrix import template_matrix
from theory.statements.framework.claims import Claim
from theory.statements.framework.decision import level
from theory.statements.framework.examination import Examination
from theory.statements.framework.hypothesis import Hypothesis
from theory.statements.framework.series import Entry, Series
from theory.statements.framework.setting import Setting
from theory.statements.section_4_2.rates.certified import (
    NOISE,
    RIDGE,
    certified,
    certified_claims,
    worst_error_claims,
)
from theory.statements.section_4_2.rates.effort import LARGE, Sizes, in_time, largest_of
from theory.statements.shared.claims.failures import rarely_fails
from theory.statements.shared.claims.falls import falls_with_samples
from theory.statements.shared.instances.scale import kernel_size
from theory.task import TemplateTask

DELTA = 0.1

DRAWS, QUICK_DRAWS = 16, 8

_SMALL = ((100, 16), (100, 64), (200, 32), (200, 128))
"""Samples and symbols where the constant is fitted."""

_WINDOW = 64
"""The exponent is fitted to sizes of at least this part of the largest: theory is about large n."""

_MOST_TOKENS = 4
"""Of a template, at most: strings of more share tokens in so many ways that the values of the
kernel between hundreds of samples take hours."""

_MARGIN = 1.25
"""A bound for the errors of some draws, times this, is one for those of others."""


def largest_error(task: TemplateTask, kernel: Kernel, n: int, symbols: int, seed: int) -> float:
    """The largest error of ridge regression at a string of unseen symbols, over the templates.

    By a factorization of the whole kernel matrix where that is quick, else as `KernelRidge` does.
    """
    sample = task.sample(n, alphabet=symbols, noise=NOISE, seed=seed)
    ridge = RIDGE * kernel_size(Setting(task, kernel))
    if n > largest_of(LARGE):
        return float(abs(certified(kernel, task, sample, ridge, NOISE).errors).largest())
    gram = kernel.gram(sample.strings).values + ridge * np.eye(n)
    coefficients = cho_solve(cho_factor(gram, lower=True), sample.labels)
    found = kernel.gram(task.unseen(), sample.strings).values @ coefficients
    return float(np.abs(found - task.label_array).max())


def bracket(task: TemplateTask, n: int, symbols: int) -> float:
    """``sqrt(log(1 / delta) / n) + sqrt(1 / rho)``."""
    return math.sqrt(math.log(1.0 / DELTA) / n) + math.sqrt(1.0 / task.diversity(symbols))


def bias_bound(task: TemplateTask, kernel: Kernel, n: int) -> float:
    """The largest bias at n samples that do not overlap, see above; infinite for a singular N."""
    matrix = template_matrix(kernel, task)
    nu, _ = matrix.smallest_eigenvalue.interval(level(1))
    own = kernel.diagonal(task.unseen()).values
    excess = float((own - np.diag(matrix.values)).max())
    largest, share = float(np.abs(task.label_array).max()), min(task.weights)
    ridge = RIDGE * kernel_size(Setting(task, kernel))
    return largest * (ridge + excess) / (nu * share**1.5 * n) if nu > 0.0 else math.inf


def examine_bound(
    task: TemplateTask,
    kernel: Kernel,
    large: Sizes,
    draws: int,
    seed: int,
    *,
    seconds: float | None = None,
) -> Examination:
    """The fitted bound against draws with larger n, and how the error falls.

    Args:
        task: the task.
        kernel: the kernel.
        large: samples and symbols where the bound is tested.
        draws: of each size; fewer where n is large.
        seed: of the samples.
        seconds: for the sizes of ``large``, see `in_time`.
    """

    def errors(first: int, place: int, at: tuple[int, int]) -> list[float]:
        # Seeds of their own for each size: the band of the exponent takes draws as independent.
        start = 10_000 * seed + first + 100 * place
        count = draws if at[0] <= largest_of(LARGE) else QUICK_DRAWS
        return [largest_error(task, kernel, *at, start + draw) for draw in range(count)]

    small = in_time(_SMALL, partial(errors, 0), None)
    larger = in_time(large, partial(errors, 5_000), seconds)
    setting = Setting(task, kernel, quick=draws == QUICK_DRAWS, seed=seed)
    known = [
        (n, symbols, 10_000 * seed + 100 * place, small[n, symbols][0])
        for place, (n, symbols) in enumerate(small)
    ]
    fitted = _MARGIN * max(max(found) / bracket(task, *at) for at, found in small.items())
    bounds = {at: fitted * bracket(task, *at) for at in larger}
    all_sizes = {**small, **larger}
    most = largest_of(list(all_sizes))
    claims: list[Claim] = [
        *worst_error_claims(setting, known),
        *certified_claims(setting),
        falls_with_samples(
            {at: found for at, found in all_sizes.items() if _WINDOW * at[0] >= most},
            f"larger n: set samples={32 * most:g} or seconds (here up to {most})",
        ),
    ]
    above = {at: sum(bool(e > bounds[at]) for e in found) for at, found in larger.items()}
    for at, found in larger.items():
        n, symbols = at
        claims.append(
            rarely_fails(
                f"n = {n}, {symbols} symbols",
                above[at],
                len(found),
                DELTA,
                {"bound": bounds[at]},
                sparse=True,
                unless=_unless_biased(bias_bound(task, kernel, n), bounds[at], n),
            )
        )
    rows: list[list[Entry]] = [
        [f"n = {at[0]}, {at[1]} symbols", bounds[at], float(error)]
        for at, found in larger.items()
        for error in found
    ]
    worst = max(max(found) / bounds[at] for at, found in larger.items())
    figure = (
        f"{sum(above.values())} of {len(rows)} errors above the fitted bound ({DELTA:.0%} are "
        f"allowed), largest {worst:.2f} times it"
    )
    ridge = RIDGE * kernel_size(Setting(task, kernel))
    evidence = {"ridge": ridge, "fitted constant": fitted, "samples up to": most}
    series = Series.of_rows("held out", ["size", "bound", "error"], rows)
    return Examination(claims, figure, evidence, [series])


def _unless_biased(bias: float, bound: float, n: int) -> str:
    """Why errors above the bound refute nothing where the bias may be above it."""
    if bias <= bound:
        return ""
    # The bias falls like 1/n, the bound like the root of it.
    enough = n * (bias / bound) ** 2
    return f"larger n: at samples={enough:.0e} the bias is surely below the bound"


def _long(setting: Setting) -> str | None:
    tokens = setting.task.length - 1
    if tokens <= _MOST_TOKENS or not isinstance(
        setting.kernel, TransformerKernel | AttentionKernel
    ):
        return None
    return f"with attention this check takes templates of at most {_MOST_TOKENS} tokens"


SHORT = Hypothesis("templates are short (a limit of the check)", "task", _long, limit=True)


def _many_wildcards(setting: Setting) -> str | None:
    fewest = min(symbols for _, symbols in (*_SMALL, *LARGE))
    most = max(len(z.wildcards) for z in setting.task.templates)
    if most <= fewest:
        return None
    return f"this check draws from {fewest} symbols; give templates of fewer wildcards than {most}"


FEW_WILDCARDS = Hypothesis(
    "there is a symbol for each wildcard (a limit of the check)",
    "task",
    _many_wildcards,
    limit=True,
)
