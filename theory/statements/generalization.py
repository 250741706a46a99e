"""Ridge regression generalizes on unseen symbols: Lemma 4.5 and Theorem 4.4, by experiment.

The bound ``C (sqrt(log(1 / delta) / n) + sqrt(1 / rho))`` leaves C open. It is fitted where n is
small, as the largest ratio of error to bracket that occurs there and a quarter more, and then held
against draws with larger n. So many failures that a share delta of them is ruled out violate the
lemma; failures that such a share makes unlikely leave it open.

Both are done at the same ratios of n to the number of symbols. At a fixed ratio the bracket falls
like n^{-1/2}, while at a fixed number of symbols the error need not fall with n: near as many
samples as the kernel has features of single symbols, ridge regression fits their noise.

An error that does not fall may stay below a constant fitted to its own scatter. So the exponent of
n is fitted too, see `theory.statements.falling_errors`.

A constant fitted on few samples says nothing before the bias starts to fall. By the bounds of
Claims D.3 and D.4 and of the module `theory.statements.block_structure` the bias is at most

    F (lambda + max d) / (nu p^{3/2} n),

F the largest |f_*|, d = K(x, x) - N_zz, nu the smallest eigenvalue of N, p the least share of a
template. Where that exceeds the fitted bound, errors above it leave the lemma open.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from kernels.activations import Cosine
from kernels.attention.automatic import Automatic
from kernels.kernel import Kernel
from kernels.patterns import Pattern
from kernels.transformer import AttentionBased, TransformerKernel
from theory import catalogue
from theory.matrix.template_matrix import template_matrix
from theory.statements.falling_errors import failures_case, fall_case
from theory.statements.hypothesis import Hypothesis
from theory.statements.nonsingularity import nonsingular_case
from theory.statements.setting import Setting
from theory.statements.settings import (
    NONSINGULAR,
    SEMIDEFINITE,
    TOKEN_SYMMETRIC,
    divided_by,
    kernel_size,
    with_unit_labels,
)
from theory.statements.statement import Statement
from theory.statements.verdict import Case, Finding, Outcome, conclude
from theory.task import TemplateTask

DELTA = 0.1
_RIDGE = 0.01
"""Beside the largest K(x, x)."""
_NOISE = 0.1
_DRAWS, _QUICK_DRAWS = 16, 6
_SMALL = ((100, 16), (100, 64), (200, 32), (200, 128))
_LARGE = ((400, 64), (400, 256), (800, 512))
"""Samples and symbols, where the constant is fitted and where it is tested."""

_MOST_TOKENS = 4
"""Of a template, at most: strings of more share tokens in so many ways that the values of the
kernel between hundreds of samples take hours."""

_MARGIN = 1.25
"""A bound for the errors of some draws, times this, is one for those of others."""


@cache
def conditioned_kernel() -> TransformerKernel:
    """A transformer kernel of well-conditioned N, whose predictions need fewer samples."""
    return TransformerKernel(
        beta=4.0, gamma=2.0, activation=Cosine(0.6, 0.4), attention=Automatic(tolerance=1e-6)
    )


def largest_error(task: TemplateTask, kernel: Kernel, n: int, symbols: int, seed: int) -> float:
    """The largest error of ridge regression at a string of unseen symbols, over the templates."""
    sample = task.sample(n, alphabet=symbols, noise=_NOISE, seed=seed)
    gram = kernel.gram(sample.strings).values
    gram[np.diag_indices(n)] += _RIDGE * kernel_size(Setting(task, kernel))
    coefficients = cho_solve(cho_factor(gram, lower=True), sample.labels)
    found = kernel.gram(task.unseen(), sample.strings).values @ coefficients
    return float(np.abs(found - task.label_array).max())


def bracket(task: TemplateTask, n: int, symbols: int) -> float:
    """``sqrt(log(1 / delta) / n) + sqrt(1 / rho)``."""
    return math.sqrt(math.log(1.0 / DELTA) / n) + math.sqrt(1.0 / task.diversity(symbols))


def bias_bound(task: TemplateTask, kernel: Kernel, n: int) -> float:
    """The largest bias at n samples that do not overlap, see above; infinite for a singular N."""
    matrix = template_matrix(kernel, task)
    nu = matrix.smallest_eigenvalue.lower
    own = kernel.values([Pattern.of(x, x) for x in task.unseen()]).values
    excess = float((own - np.diag(matrix.values)).max())
    largest, share = float(np.abs(task.label_array).max()), min(task.weights)
    ridge = _RIDGE * kernel_size(Setting(task, kernel))
    return largest * (ridge + excess) / (nu * share**1.5 * n) if nu > 0.0 else math.inf


def examine_rate(setting: Setting) -> Finding:
    """Fit C on small n; count how often larger ones exceed the bound."""
    setting, scale = with_unit_labels(setting)
    draws = _QUICK_DRAWS if setting.quick else _DRAWS
    large = _LARGE[::2] if setting.quick else _LARGE
    cases, figure, rate = _rate(setting.task, setting.kernel, large, draws, setting.seed)
    return conclude(cases, figure, evidence={**divided_by(scale), **rate})


def _rate(
    task: TemplateTask, kernel: Kernel, large: tuple[tuple[int, int], ...], draws: int, seed: int
) -> tuple[list[Case], str, dict[str, object]]:
    """Cases, a figure, and what was chosen and fitted."""

    def errors(at: Sequence[tuple[int, int]], first: int) -> dict[tuple[int, int], list[float]]:
        # Seeds of their own for each size: the band of the exponent takes draws as independent.
        start = 10_000 * seed + first
        return {
            (n, symbols): [
                largest_error(task, kernel, n, symbols, start + 100 * place + draw)
                for draw in range(draws)
            ]
            for place, (n, symbols) in enumerate(at)
        }

    small, larger = errors(_SMALL, 0), errors(large, 5_000)
    fitted = _MARGIN * max(max(found) / bracket(task, *at) for at, found in small.items())
    cases, worst, above = [fall_case({**small, **larger})], 0.0, 0
    for (n, symbols), found in larger.items():
        bound = fitted * bracket(task, n, symbols)
        case = failures_case(f"n = {n}, {symbols} symbols", found, bound, DELTA)
        worst = max(worst, max(found) / bound)
        above += sum(bool(error > bound) for error in found)
        bias = bias_bound(task, kernel, n)
        if case.outcome is Outcome.VIOLATED and bias > bound:
            # The bias falls like 1/n, the bound like the root of it.
            enough = n * (bias / bound) ** 2
            needed = f"{case.name}: {enough:.0e} samples, at which the bias is surely below the "
            shown = {"errors": case.evidence, "bound of the bias": str(bias)}
            case = Case(case.name, Outcome.INCONCLUSIVE, case.kind, shown, f"{needed}bound")
        cases.append(case)
    figure = (
        f"{above} of {draws * len(larger)} errors above the fitted bound ({DELTA:.0%} are "
        f"allowed), largest {worst:.2f} times it"
    )
    ridge = _RIDGE * kernel_size(Setting(task, kernel))
    return cases, figure, {"ridge": ridge, "fitted constant": fitted}


def _long(setting: Setting) -> str | None:
    tokens = setting.task.length - 1
    if tokens <= _MOST_TOKENS or not isinstance(setting.kernel, AttentionBased):
        return None
    return f"with attention this check takes templates of at most {_MOST_TOKENS} tokens"


_SHORT = Hypothesis("templates are short (a limit of the check)", "task", _long)

RATE = Statement(
    ids=("Lemma 4.5", "Lemma C.2", "Lemma D.1"),
    title="Nonsingular N makes ridge regression generalize",
    words="If the kernel is token-symmetric and N nonsingular, ridge regression generalizes on "
    "unseen symbols with an error of order √(log(1/δ)/n) + √(1/ρ).",
    latex=r"|\hat f(x) - f_*(z)| \le C\sqrt{\log(1/\delta)/n} + C\sqrt{1/\rho}",
    examine=examine_rate,
    hypotheses=(_SHORT, TOKEN_SYMMETRIC, NONSINGULAR, SEMIDEFINITE),
    default_task=catalogue.same_different,
    default_kernel=conditioned_kernel,
)


def _not_cosine(setting: Setting) -> str | None:
    kernel = setting.kernel
    if isinstance(kernel, TransformerKernel) and isinstance(kernel.activation, Cosine):
        return None
    return "the theorem is about the transformer kernel with a shifted cosine"


def examine_theorem(setting: Setting) -> Finding:
    """Lemma 4.5's experiment, and N at random parameters: nonsingular at each of them."""
    setting, scale = with_unit_labels(setting)
    rng, task = setting.rng(), setting.task
    cases, values = [], []
    for _ in range(1 if setting.quick else 3):
        beta, gamma = rng.uniform(0.5, 2.0), rng.uniform(0.5, 2.0)
        b1, b2 = rng.uniform(0.5, 1.5), rng.uniform(0.0, math.pi)
        kernel = TransformerKernel(beta, gamma, Cosine(b1, b2), Automatic(tolerance=1e-6))
        matrix = template_matrix(kernel, task)
        values.append(matrix.smallest_eigenvalue.value)
        name = f"beta {beta:.3f}, gamma {gamma:.3f}, b1 {b1:.3f}, b2 {b2:.3f}"
        cases.append(nonsingular_case(f"N at {name}", matrix))
    draws = _QUICK_DRAWS if setting.quick else _DRAWS
    rate, figure, chosen = _rate(task, setting.kernel, _LARGE[::2], draws, setting.seed)
    good = sum(case.outcome is Outcome.HOLDS for case in cases)
    figure = f"N nonsingular at {good} of {len(cases)} points; {figure}"
    evidence = {"smallest eigenvalues": values, **divided_by(scale), **chosen}
    return conclude([*cases, *rate], figure, evidence=evidence)


THEOREM = Statement(
    ids=("Theorem 4.4", "Theorem 1.1"),
    title="Transformers generalize on unseen symbols",
    words="For almost every (β, γ, b₁, b₂), ridge regression with the transformer kernel "
    "of a shifted cosine generalizes on unseen symbols, for pairwise disjoint templates that end "
    "in [CLS]. Checked at random parameters and at strings whose symbols are unseen.",
    latex=r"|\hat f(x) - f_*(z)| \le C\sqrt{\log(1/\delta)/n} + C\sqrt{1/\rho}",
    examine=examine_theorem,
    hypotheses=(
        Hypothesis("the kernel is K_trans with phi = cos(b1 t + b2)", "kernel", _not_cosine),
        _SHORT,
        NONSINGULAR,
    ),
    default_task=catalogue.same_different,
    default_kernel=conditioned_kernel,
)
