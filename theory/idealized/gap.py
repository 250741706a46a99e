"""The distance between ridge regression and the idealized estimator, beside Claim D.2's bound."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.boundary.checks import positive
from kernels.contract.kernel import Kernel
from kernels.estimates import Estimate, EstimateArray, Numerical
from theory.idealized.bad_pairs import BadPairs, bad_pairs
from theory.idealized.ridge import IdealizedRidge
from theory.matrix.template_matrix import TemplateMatrix
from theory.sample import Sample
from theory.task import TemplateTask


@dataclass(frozen=True)
class IdealizedGap:
    """How far the two predictions for unseen symbols are apart, measured and bounded.

    Attributes:
        gap: the largest ``|f(x) - f_ideal(x)|`` over one string of unseen symbols per template.
        bound: what Claim D.2 allows, see `idealized_gap`.
        diagonal: the part of the bound that does not depend on overlaps.
        overlaps: the bad pairs and indices.
        iterations: of the solver for f.
        residual: of the solution for f.
    """

    gap: Estimate
    bound: Estimate
    diagonal: float
    overlaps: BadPairs
    iterations: int
    residual: float


def idealized_gap(
    kernel: Kernel,
    task: TemplateTask,
    sample: Sample,
    *,
    alpha: float = 1.0,
    matrix: TemplateMatrix | None = None,
) -> IdealizedGap:
    """Compare the two predictors on strings of unseen symbols.

    With B ordered bad pairs, b bad indices, d = K(x, x) - N_zz, k the largest kernel value and p
    the least share of a template that occurs, Claim D.5 and |E| <= |diagonal| + |rest|_F give

        |f(x) - f_ideal(x)| <= |y| / alpha (2 k sqrt(b) + (max d + 2 k sqrt(B)) / sqrt(p n)).

    The error of ``gap`` covers the solver's residual and that of the idealized prediction; errors
    of the kernel values enter both predictors alike and are not counted.

    Args:
        kernel: a positive semidefinite kernel.
        task: the task.
        sample: samples of it.
        alpha: the weight decay lambda, above 0.
        matrix: N, where it is known already, as for `IdealizedRidge`.

    Raises:
        InvalidInputError: ``alpha`` is not positive, ``matrix`` is of another kernel or of other
            templates, or ``sample`` is not of the task.
        TooLargeError: the work would not fit in memory.

    >>> from kernels import MLPKernel
    >>> task = TemplateTask.parse({"αa": 1.0, "αb": -1.0})
    >>> found = idealized_gap(MLPKernel(), task, task.sample(500, alphabet=500, seed=0))
    >>> found.gap.value < found.bound.value
    True
    """
    from kernels.regression.ridge import KernelRidge  # noqa: PLC0415 - scikit-learn is slow to load

    alpha = positive("alpha", alpha)
    overlaps = bad_pairs(task, sample)
    ideal = IdealizedRidge(kernel, task, alpha=alpha, matrix=matrix)
    entries = ideal.matrix.values
    model = KernelRidge(kernel, alpha=alpha).fit(sample.strings, sample.labels)
    unseen = task.unseen()
    predicted = ideal.fit(sample.templates, sample.labels).predict(unseen)
    real = model.predict(unseen)
    own = kernel.diagonal(unseen).values
    kappa = max(float(own.max()), float(entries.max()))
    excess = float(np.abs(own - np.diag(entries)).max())
    counts = np.bincount(sample.templates)
    least = float(counts[counts > 0].min())
    size = float(np.linalg.norm(sample.labels)) / alpha
    diagonal = size * excess / math.sqrt(least)
    shared = 2.0 * kappa * size
    bound = diagonal + shared * (
        math.sqrt(overlaps.indices) + math.sqrt(overlaps.pairs) / math.sqrt(least)
    )
    # |v| <= kappa sqrt(n), and the inverse of the matrix is at most 1 / alpha.
    unsolved = kappa * math.sqrt(len(sample)) * model.residual_ * size
    gaps = abs(predicted - real) + EstimateArray.of(0.0, Numerical, unsolved)
    return IdealizedGap(
        gap=gaps.largest(),
        bound=Estimate(bound, Numerical(1e-12 * bound)),
        diagonal=diagonal,
        overlaps=overlaps,
        iterations=model.n_iter_,
        residual=model.residual_,
    )
