"""Transformers generalize on unseen symbols: Theorem 4.4, by experiment."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kernels.activations import Cosine
from kernels.attention.automatic import Automatic
from kernels.transformer import TransformerKernel
from theory import catalogue
from theory.matrix.template_matrix import template_matrix
from theory.statements.framework.claims import Claim
from theory.statements.framework.examination import Examination
from theory.statements.framework.finding import Case, holding
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.of_kernels import NONSINGULAR, SHIFTED_COSINE
from theory.statements.section_4_2.rates.effort import LARGE, sizes_up_to
from theory.statements.section_4_2.rates.fitted import (
    DRAWS,
    FEW_WILDCARDS,
    QUICK_DRAWS,
    SHORT,
    examine_bound,
)
from theory.statements.shared.claims.nonsingular import different, nonsingular
from theory.statements.shared.instances.defaults import conditioned_kernel
from theory.statements.shared.instances.scale import divided_by, with_unit_labels


def examine_theorem(
    setting: Setting, samples: int | None = None, seconds: float | None = None
) -> Examination:
    """Lemma 4.5's experiment; N nonsingular by theorem, and by numbers at random parameters.

    Args:
        setting: the task, the kernel and the seed.
        samples: the largest n to test the bound at; 800 where left out.
        seconds: n rises as long as larger ones should end in that time, up to ``samples``.
    """
    setting, scale = with_unit_labels(setting)
    rng, task = setting.rng(), setting.task
    claims: list[Claim] = [different(task)]
    own = template_matrix(setting.kernel, task)
    values = {"of the kernel given": own.smallest_eigenvalue.value}
    claims.append(nonsingular("N of the kernel given", own))
    for _ in range(1 if setting.quick else 3):
        beta, gamma = rng.uniform(0.5, 2.0), rng.uniform(0.5, 2.0)
        b1, b2 = rng.uniform(0.5, 1.5), rng.uniform(0.0, math.pi)
        kernel = TransformerKernel(beta, gamma, Cosine(b1, b2), Automatic(tolerance=1e-6))
        matrix = template_matrix(kernel, task)
        name = f"of a random kernel, beta {beta:.3f}, gamma {gamma:.3f}, b1 {b1:.3f}, b2 {b2:.3f}"
        values[name] = matrix.smallest_eigenvalue.value
        claims.append(nonsingular(f"N {name}", matrix))
    draws = QUICK_DRAWS if setting.quick else DRAWS
    sizes = sizes_up_to(LARGE[::2], samples, seconds)
    rate = examine_bound(task, setting.kernel, sizes, draws, setting.seed, seconds=seconds)
    evidence = {"smallest eigenvalues": values, **divided_by(scale), **rate.evidence}
    points = len(claims)

    def figure(cases: Sequence[Case]) -> str:
        found = holding(cases[1:points])
        return f"N nonsingular for {found} of {points - 1} kernels; {rate.figure}"

    return Examination([*claims, *rate.claims], figure, evidence, rate.series)


STATEMENT = Statement(
    ids=("Theorem 4.4", "Theorem 1.1"),
    title="Transformers generalize on unseen symbols",
    words="For almost every (β, γ, b₁, b₂), ridge regression with the transformer kernel "
    "of a shifted cosine generalizes on unseen symbols, for pairwise disjoint templates that end "
    "in [CLS]. N is nonsingular at every β, γ, b₁ other than 0 and every b₂, by theorem; numbers "
    "at random parameters agree. Errors are those at all strings of unseen symbols.",
    latex=r"|\hat f(x) - f_*(z)| \le C\sqrt{\log(1/\delta)/n} + C\sqrt{1/\rho}",
    examine=examine_theorem,
    hypotheses=(
        SHIFTED_COSINE,
        SHORT,
        FEW_WILDCARDS,
        NONSINGULAR,
    ),
    settings=("samples", "seconds"),
    default_task=catalogue.same_different,
    default_kernel=conditioned_kernel,
)
