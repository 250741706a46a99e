"""Errors at all unseen strings, exactly, held against bounds with every constant (B1 to B3).

Samples and symbols are varied one at a time, by a uniform and by a Zipf law, and no test string is
drawn. With f_* = N g and the bias b of B1, for any law and any sample,

    g^T (N : V') g <= -g^T b <= g^T (N : V'') g,    |b_i| <= sqrt((N : V)_ii g^T (N : V) g),
    noise_i <= sigma sqrt((N : V)_ii / lambda),

where ``V' = Delta + lambda D^{-1}``, Delta that of the uniform law on the symbols seen, is below V
and ``V'' = W + lambda D^{-1}`` above it. What answers 0 everywhere has ``-g^T b = g^T N g``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float64
from scipy.linalg import cho_factor, cho_solve

from kernels.boundary.exceptions import InvalidInputError
from kernels.contract.kernel import Kernel
from kernels.estimates import Estimate, Numerical
from theory.laws import TokenLaw, Uniform, Zipf
from theory.sample import Sample
from theory.statements.framework.claims import AtMost, Claim, Equal, Fact
from theory.statements.framework.setting import Setting
from theory.statements.shared.instances.scale import kernel_size
from theory.task import TemplateTask
from theory.unseen import Certificate, certify
from theory.unseen.bounds.bias import largest_bias, parallel_sum, weighted_bias
from theory.unseen.bounds.explicit import weights_of
from theory.unseen.bounds.pairs import TemplatePairs, template_pairs
from theory.unseen.bounds.spread import least_spread, sample_spread

RIDGE = 0.01
"""Beside the largest K(x, x)."""

NOISE = 0.1

_ROUNDING = 1e-7
"""Beside labels of size 1. Systems of condition n kappa / lambda below 1e6."""

_RESOLUTION = 1e-5

_QUICK: tuple[tuple[int, TokenLaw], ...] = (
    (200, Uniform(64)),
    (800, Uniform(64)),
    (200, Uniform(256)),
    (400, Zipf(1_000)),
)
_POINTS: tuple[tuple[int, TokenLaw], ...] = (
    *_QUICK,
    (1_600, Uniform(64)),
    (800, Uniform(1_024)),
    (1_200, Zipf(1_000)),
)
"""Samples, and the law of their symbols."""


def mean_predictions(
    kernel: Kernel, task: TemplateTask, sample: Sample, ridge: float
) -> Float64[np.ndarray, " r"]:
    """What labels without noise predict at an unseen string of each template."""
    gram = kernel.gram(sample.strings).values + ridge * np.eye(len(sample))
    labels = task.label_array[sample.templates]
    dual = cho_solve(cho_factor(gram, lower=True), labels)
    found: Float64[np.ndarray, " r"] = kernel.gram(task.unseen(), sample.strings).values @ dual
    return found


def certified(
    kernel: Kernel, task: TemplateTask, sample: Sample, ridge: float, noise: float
) -> Certificate:
    """The certificate of a fit to the sample."""
    from kernels.regression.ridge import KernelRidge  # noqa: PLC0415 - not needed to import theory

    model = KernelRidge(kernel, alpha=ridge, tol=1e-10).fit(sample.strings, sample.labels)
    return certify(model, task, noise=noise)


def certified_claims(setting: Setting) -> list[Claim]:
    """At each number of samples and each law: two routes to the bias, and its bounds."""
    task, kernel = setting.task, setting.kernel
    pairs = template_pairs(kernel, task)
    ridge = RIDGE * kernel_size(setting)
    claims: list[Claim] = []
    most = max(len(z.wildcards) for z in task.templates)
    for n, law in _QUICK if setting.quick else _POINTS:
        if law.symbols < most:
            continue
        sample = task.sample(n, alphabet=law, noise=NOISE, seed=setting.seed + n)
        if len(np.unique(sample.templates)) < len(task):
            continue
        try:
            found = certified(kernel, task, sample, ridge, NOISE)
        except InvalidInputError as refused:
            claims.append(_refused(f"n = {n}, {law!r}", refused))
            continue
        direct = mean_predictions(kernel, task, sample, ridge) - task.label_array
        claims += _point(f"n = {n}, {law!r}", setting, pairs, sample, found, direct)
    return claims


def _point(
    name: str,
    setting: Setting,
    pairs: TemplatePairs,
    sample: Sample,
    found: Certificate,
    direct: Float64[np.ndarray, " r"],
) -> list[Claim]:
    """The claims of one sample."""
    task, apart, ridge = setting.task, pairs.apart, found.ridge
    labels, sigma = task.label_array, found.sigma
    g = weights_of(apart, labels)
    claims: list[Claim] = []
    v = found.matrices.V
    largest = largest_bias(apart, v, g)
    both = np.diag(parallel_sum(apart, v))
    size = float(np.abs(labels).max()) or 1.0
    for i, z in enumerate(task.templates):
        named, value = ("dense", "certificate"), _number(float(direct[i]))
        claims.append(
            Equal(f"{name}: bias at {z}", value, found.bias[i], resolution=_RESOLUTION, named=named)
        )
        # B3 (i) is sharp where the biases are proportional to g; answering 0 has the bias f_*.
        bound = _number(float(largest[i]) * (1.0 + _RESOLUTION))
        claims.append(AtMost(f"{name}: |bias| at {z}", abs(value), bound))
        noise, above = found.noise[i], sigma * math.sqrt(max(float(both[i]), 0.0) / ridge)
        anything = sigma * math.sqrt(float(found.equal[i]) / (4.0 * ridge))
        claims.append(
            AtMost(f"{name}: noise at {z}", noise, _number(above, sigma), trivial=anything)
        )
    counts = found.counts
    indicator = np.eye(len(task))[sample.templates]
    gram = setting.kernel.gram(sample.strings).values
    above_v = sample_spread(gram, indicator, apart) + np.diag(ridge / counts)
    symbols = len(np.unique(sample.strings.codes))
    below_v = least_spread(pairs, counts, ridge, max(symbols, *pairs.wildcards))
    scale = float(np.abs(g).sum()) * size
    measured = Estimate(float(-g @ direct), Numerical(_ROUNDING * scale))
    ends = [
        Estimate(weighted_bias(apart, v, g), Numerical(_ROUNDING * scale))
        for v in (below_v, above_v)
    ]
    nothing = float(g @ labels)
    if nothing > 0.0:
        claims.append(AtMost(f"{name}: -g b from above", measured, ends[1], trivial=nothing))
        claims.append(AtMost(f"{name}: -g b from below", ends[0], measured))
    return claims


def _refused(name: str, problem: InvalidInputError) -> Fact:
    """A fit that cannot be certified is not what the hypotheses have let pass."""
    return Fact(f"{name}: certified", False, {"refused": str(problem)[:300]})


def _number(value: float, size: float = 1.0) -> Estimate:
    return Estimate(value, Numerical(_ROUNDING * size))


def worst_error_claims(
    setting: Setting, errors: Sequence[tuple[int, int, int, float]]
) -> list[Claim]:
    """That the largest errors measured at test strings are those that certificates state.

    Args:
        setting: the task, and the kernel.
        errors: samples, symbols, seed and the largest error measured.
    """
    task, kernel = setting.task, setting.kernel
    ridge = RIDGE * kernel_size(setting)
    claims: list[Claim] = []
    for n, symbols, seed, error in errors:
        sample = task.sample(n, alphabet=symbols, noise=NOISE, seed=seed)
        if len(np.unique(sample.templates)) < len(task):
            continue
        try:
            found = certified(kernel, task, sample, ridge, NOISE)
        except InvalidInputError as refused:
            claims.append(_refused(f"n = {n}, {symbols} symbols", refused))
            continue
        largest = abs(found.errors).largest()
        claims.append(
            Equal(
                f"n = {n}, {symbols} symbols: largest error",
                _number(error),
                largest,
                resolution=_RESOLUTION,
                named=("measured", "certificate"),
            )
        )
    return claims
