"""How far the solution is from the indicator of a template's samples: (7), (8) and (14).

With ``K = Sigma + Z N Z^T``, ``A = Sigma + lambda`` and ``w_i = 1_{I_i} / |I_i|``, whatever symbols
the samples share,

    w_i - (K + lambda)^{-1} v = (K + lambda)^{-1} A w_i =: y_i,

for ``(K + lambda) w_i = A w_i + v``. By Woodbury's formula ``A (K + lambda)^{-1} A`` is
``A - Z (N : V) Z^T``, with V of B1 and ``N : V = N (N + V)^{-1} V``. So

    lambda |y_i|^2 <= y_i^T (K + lambda) y_i = (W + lambda D^{-1} - N : V)_ii,

where D counts the samples and ``W = D^{-1} Z^T Sigma Z D^{-1}``. The solution 0 has the distance
``|I_i|^{-1/2}``, the trivial one. The norm itself is, by B1,

    |y_i|^2 = 1 / |I_i| - 2 (P N)_ii / |I_i| + (N P U P N)_ii.

Where no two samples overlap, ``Sigma = diag(d)`` with ``d_a = K(x, x) - N_aa``, and with
``Lambda = lambda + diag(d)``, ``Q = D^{1/2} N D^{1/2}``

    y_i = Z D^{-1/2} (Q + Lambda)^{-1} Lambda D^{-1/2} e_i.
"""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float64

from kernels.estimates import Estimate, Numerical
from theory.matrix.template_matrix import template_matrix
from theory.sample import Sample
from theory.statements.framework.claims import AtMost, Claim, Equal
from theory.statements.framework.setting import Setting
from theory.statements.shared.instances.overlaps import Overlaps
from theory.statements.shared.instances.samples import every_template, few_overlaps
from theory.statements.shared.instances.scale import kernel_size
from theory.unseen import certify
from theory.unseen.bounds.bias import parallel_sum

_RIDGE = 0.01
"""Beside the largest K(x, x), which kernel and ridge are divided by."""

_STRONG = 4.0
"""Beside max d: the ridge at which the bound is below the trivial one."""

_ROUNDING = 1e-8
"""Relative to the trivial distance. Systems of condition n kappa / lambda below 1e6."""

_RESOLUTION = 1e-5
"""The same."""

_OF_EACH = 70
"""Samples of each template where symbols are shared; the bound is then below the trivial one."""

_MOST = 1_000
"""Samples in all."""


def ridge_solution(
    gram: Float64[np.ndarray, "n n"], cross: Float64[np.ndarray, "n r"], ridge: float
) -> Float64[np.ndarray, "n r"]:
    """``(K + lambda)^{-1} v`` for each column v."""
    found: Float64[np.ndarray, "n r"] = np.linalg.solve(gram + ridge * np.eye(len(gram)), cross)
    return found


def apart_claims(setting: Setting, n: int) -> list[Claim]:
    """Without overlaps: the solution of n equations against r of them.

    The alphabet is so large that no two samples overlap; if some do, the formula of the module's
    docstring does not apply, and the sample is drawn again.
    """
    task, kernel = setting.task, setting.kernel
    matrix, size = template_matrix(kernel, task).values, kernel_size(setting)
    for seed in range(50):
        sample = every_template(setting, n, 10**6, 50 + seed)
        if not Overlaps(task, sample).bad_pairs.any():
            break
    indicator, counts = _indicator(sample, len(task))
    gram, cross = _values(setting, sample)
    # The matrix of the values as they are, errors and all.
    excess = np.array([gram[indicator[:, a] > 0.0][:, indicator[:, a] > 0.0].diagonal().mean()
                       for a in range(len(task))]) - np.diag(matrix) / size  # fmt: skip
    far = indicator / counts - ridge_solution(gram, cross, _RIDGE)
    root = np.sqrt(counts)
    more = np.diag(_RIDGE + np.maximum(excess, 0.0))
    reduced = np.linalg.solve(root[:, None] * matrix / size * root + more, more / root)
    return [
        Equal(
            f"template {z}: distance to the indicator, no overlaps",
            _number(float(np.linalg.norm(far[:, i])), float(counts[i])),
            _number(float(np.linalg.norm(reduced[:, i])), float(counts[i])),
            resolution=_RESOLUTION / math.sqrt(counts[i]),
            named=("of n equations", "of r equations"),
        )
        for i, z in enumerate(task.templates)
    ]


def sharing_claims(setting: Setting) -> list[Claim]:
    """At finite rho: the distance by a certificate, and its bound below the trivial one."""
    from kernels.regression.ridge import KernelRidge  # noqa: PLC0415 - not needed to import theory

    task, kernel, size = setting.task, setting.kernel, kernel_size(setting)
    matrix = template_matrix(kernel, task).values / size
    n = min(_MOST, max(200, math.ceil(_OF_EACH / min(task.weights))))
    claims: list[Claim] = []
    fewest = few_overlaps(task, n, 60, quick=setting.quick)
    for symbols in (fewest,) if setting.quick else (fewest, 10 * fewest):
        sample = every_template(setting, n, symbols, 100 + symbols, hits=False)
        indicator, counts = _indicator(sample, len(task))
        gram, cross = _values(setting, sample)
        excess = float((np.diag(gram) - np.diag(matrix)[sample.templates]).max())
        ridge = max(_STRONG * excess, _RIDGE)
        far = np.linalg.norm(indicator / counts - ridge_solution(gram, cross, ridge), axis=0)
        model = KernelRidge(kernel, alpha=ridge * size, tol=1e-12)
        model.fit(sample.strings, task.label_array[sample.templates])
        found = certify(model, task).matrices
        apart = size * matrix
        prediction = found.form(apart, np.eye(len(task)))[0]
        spread = found.spread(apart)[0]
        exact = 1.0 / counts - 2.0 * np.diag(prediction) / counts + spread**2
        sigma = gram - indicator @ matrix @ indicator.T
        means = indicator / counts
        above = means.T @ sigma @ means + np.diag(ridge / counts)
        energy = np.diag(above - parallel_sum(matrix, found.V / size))
        bounds = np.sqrt(np.maximum(energy, 0.0) / ridge)
        for i, z in enumerate(task.templates):
            value = _number(float(far[i]), float(counts[i]))
            by_certificate = _number(math.sqrt(max(float(exact[i]), 0.0)), float(counts[i]))
            name = f"{symbols} symbols, {z}: distance to the indicator"
            claims.append(
                Equal(
                    f"{name}, by a certificate",
                    value,
                    by_certificate,
                    resolution=_RESOLUTION / math.sqrt(counts[i]),
                )
            )
            trivial, bound = 1.0 / math.sqrt(counts[i]), _number(float(bounds[i]), float(counts[i]))
            claims.append(AtMost(name, value, bound, trivial=trivial))
    return claims


def _number(value: float, count: float) -> Estimate:
    return Estimate(value, Numerical(_ROUNDING / math.sqrt(count)))


def _indicator(
    sample: Sample, templates: int
) -> tuple[Float64[np.ndarray, "n r"], Float64[np.ndarray, " r"]]:
    """Z and the diagonal of D."""
    indicator = np.eye(templates)[sample.templates]
    return indicator, indicator.sum(axis=0)


def _values(
    setting: Setting, sample: Sample
) -> tuple[Float64[np.ndarray, "n n"], Float64[np.ndarray, "n r"]]:
    """K of the samples and v of each template, divided by the size of the kernel."""
    kernel, size = setting.kernel, kernel_size(setting)
    gram = kernel.gram(sample.strings).values / size
    return gram, kernel.gram(sample.strings, setting.task.unseen()).values / size
