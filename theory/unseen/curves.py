"""Learning curves without samples: what is proved, and what fits (B2 to B5, B9)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float64, Int64

from kernels.boundary.checks import nonnegative, whole
from kernels.boundary.exceptions import InvalidInputError
from kernels.contract.kernel import Kernel
from kernels.regression.arguments import limits
from theory.laws import TokenLaw, Uniform
from theory.matrix.template_matrix import TemplateMatrix, template_matrix
from theory.task import TemplateTask
from theory.unseen.bounds.bias import bias, largest_bias, parallel_sum, weighted_bias
from theory.unseen.bounds.cavity import cavity
from theory.unseen.bounds.explicit import weights_of
from theory.unseen.bounds.fixed_point import Level, kappa, levels
from theory.unseen.bounds.overlap import dominating_overlap, overlap_limit, uniform_overlap
from theory.unseen.bounds.pairs import TemplatePairs, template_pairs
from theory.unseen.bounds.spread import least_spread, safe_spread
from theory.unseen.bounds.uniform import UniformBounds
from theory.unseen.labels import require_range

_SMALL_RIDGE = 0.1
"""Share of max d_a below which the formula was seen to fail where n is near m."""

_NEAR = (0.5, 8.0)
"""Samples a symbol between which it then fails."""


class UnprovedWarning(UserWarning):
    """A formula that is not proved is shown where it was seen to fail."""


@dataclass(frozen=True, eq=False)
class CurvePoint:
    """Bias and noise at unseen strings for one number of samples, without drawing any.

    Attributes:
        samples: n.
        counts: n_a, n times the templates' weights in whole numbers; the bounds are for these.
        bias_bound: at each template, a proved bound on E[|bias_a|] over the strings.
        noise_bound: a proved bound on sqrt(E[noise_a^2]).
        least_bias: proved for every law on the alphabet and every sample with these counts: at
            some template |bias_a| is at least this.
        bias: a formula for the bias, *not proved*; None where the law is not uniform.
        noise: the formula for the noise, likewise.
        trusted: whether the formula was measured to hold in this range.
        formula: which one: ``"B9"``, or ``"cavity"`` where B9 was seen to fail.
    """

    samples: int
    counts: Int64[np.ndarray, " r"]
    bias_bound: Float64[np.ndarray, " r"]
    noise_bound: Float64[np.ndarray, " r"]
    least_bias: float
    bias: Float64[np.ndarray, " r"] | None
    noise: Float64[np.ndarray, " r"] | None
    trusted: bool
    formula: str = "B9"

    @property
    def error(self) -> float | None:
        """The formula's root mean square error at the worst template, *not proved*."""
        if self.bias is None or self.noise is None:
            return None
        return float(np.sqrt(self.bias**2 + self.noise**2).max())

    @property
    def error_bound(self) -> float:
        """Proved: at each template, the mean of |prediction - label| is at most this.

        E|bias + noise| <= E|bias| + sqrt(E noise^2).
        """
        return float((self.bias_bound + self.noise_bound).max())


@dataclass(frozen=True, eq=False)
class Curve:
    """The points of a learning curve for one kernel, task, alphabet and ridge.

    Args:
        pairs: the kernel of the templates' strings by shared symbols.
        levels: what the formula needs.
        task: the task.
        sigma: the labels' noise.
        weights: g with N g = f_*.
    """

    pairs: TemplatePairs
    levels: list[Level]
    task: TemplateTask
    sigma: float
    weights: Float64[np.ndarray, " r"]

    @classmethod
    def of(cls, kernel: Kernel, task: TemplateTask, *, noise: float) -> Curve:
        """What does not depend on samples, alphabet and ridge.

        Raises:
            InvalidInputError: labels that no predictor of this kernel reaches at unseen strings.
        """
        sigma = nonnegative("noise", noise)
        pairs = template_pairs(kernel, task)
        matrix: TemplateMatrix = template_matrix(kernel, task)
        require_range(kernel, task, matrix)
        weights = weights_of(pairs.apart, task.label_array)
        return cls(pairs, levels(pairs), task, sigma, weights)

    def at(self, samples: int, law: TokenLaw, ridge: float) -> CurvePoint:
        """The point at n samples.

        Args:
            samples: n, enough for one of each template.
            law: the law of the substituted tokens, which avoid R.
            ridge: lambda.
        """
        counts = expected_counts(self.task, samples)
        pairs, d, labels = self.pairs, self.pairs.deviations, self.task.label_array
        least = least_spread(pairs, counts, ridge, law.symbols)
        floor = weighted_bias(pairs.apart, least, self.weights)
        size = float(np.abs(self.weights).sum())
        above = safe_spread(dominating_overlap(overlap_limit(pairs, law)), d, counts, ridge)
        bound = largest_bias(pairs.apart, above, self.weights)
        noise_bound = self.sigma * np.sqrt(
            np.maximum(np.diag(parallel_sum(pairs.apart, above)), 0.0) / ridge
        )
        if not isinstance(law, Uniform):
            return CurvePoint(
                samples,
                counts,
                bound,
                noise_bound,
                floor / size if size else 0.0,
                None,
                None,
                False,
            )
        overlap = uniform_overlap(pairs, law.symbols)
        uniform = UniformBounds(pairs.apart, overlap, d, labels, counts, ridge)
        limit, falling = uniform.bias
        by_formula, noise_by_formula = self.formula(counts, law.symbols, ridge)
        return CurvePoint(
            samples,
            counts,
            np.minimum(bound, np.abs(limit) + falling),
            np.minimum(noise_bound, uniform.noise(self.sigma)),
            floor / size if size else 0.0,
            by_formula,
            noise_by_formula,
            formula_is_trusted(samples, law.symbols, ridge, float(d.max())),
        )

    def formula(
        self, counts: Int64[np.ndarray, " r"], symbols: int, ridge: float
    ) -> tuple[Float64[np.ndarray, " r"], Float64[np.ndarray, " r"]]:
        """The formula B9 for bias and noise under a uniform law, *not proved*.

        Args:
            counts: n_a.
            symbols: m.
            ridge: lambda.
        """
        apart = self.pairs.apart
        found = kappa(self.levels, self.pairs.deviations, counts, symbols, ridge)
        spread = uniform_overlap(self.pairs, symbols) + np.diag(found.values / counts)
        carried = apart @ np.linalg.inv(apart + spread)
        variance = np.diag(carried @ np.diag(found.slopes / counts) @ carried.T)
        return bias(apart, spread, self.task.label_array), self.sigma * np.sqrt(variance)

    def by_cavity(self, point: CurvePoint, symbols: int, ridge: float) -> CurvePoint:
        """A point of a uniform law with the cavity method's bias and noise, in some seconds.

        Args:
            point: what `at` says.
            symbols: m.
            ridge: lambda.
        """
        found = cavity(self.levels, point.counts, symbols, ridge)
        apart = self.pairs.apart
        carried = apart @ np.linalg.inv(apart + found.spread)
        variance = np.diag(carried @ found.covariance @ carried.T)
        return replace(
            point,
            bias=bias(apart, found.spread, self.task.label_array),
            noise=self.sigma * np.sqrt(variance),
            trusted=True,
            formula="cavity",
        )


def learning_curve(
    kernel: Kernel,
    task: TemplateTask,
    *,
    samples: Sequence[int],
    alphabet: int | TokenLaw,
    alpha: float = 1.0,
    noise: float = 0.0,
    sparse: bool = True,
) -> list[CurvePoint]:
    """Bias and noise of ridge regression at unseen strings, for each number of samples.

    Bounds are proved, in the mean over samples with the expected number of each template; the
    formula B9 is not, and its points say so. Where B9 was seen to fail, for a small ridge near
    n = 2 m, the cavity method stands in its place, which is not proved either.

    Args:
        kernel: a positive semidefinite token-symmetric kernel.
        task: the task; substituted tokens avoid R.
        samples: numbers of samples n, each enough for one of each template.
        alphabet: the number of equally likely symbols, or a law without named tokens.
        alpha: the ridge lambda, not divided by n.
        noise: the standard deviation of the labels' noise.
        sparse: whether to take the cavity method where B9 was seen to fail: ten seconds a point.

    Raises:
        InvalidInputError: an argument out of range; labels not in the range of N.
        TooLargeError: too many matchings of wildcards.

    Warns:
        UnprovedWarning: B9 was seen to fail for a point's ridge and numbers, and is shown there.

    >>> from kernels import Cosine, TransformerKernel
    >>> task = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
    >>> kernel = TransformerKernel(2.0, 1.0, Cosine(1.0, 1.2))
    >>> (point,) = learning_curve(kernel, task, samples=[5_000], alphabet=500, alpha=0.1)
    >>> [f"{b:.3f}" for b in point.bias], [f"{b:.3f}" for b in point.bias_bound]
    (['-0.035', '0.071'], ['0.103', '0.125'])
    """
    ridge = limits.alpha("alpha", alpha)
    law = task.law(alphabet)
    if law.named:
        raise InvalidInputError("alphabet", law, "leave out the regular tokens of the task")
    least = len(task)
    sizes = [whole("samples", n, least=least) for n in samples]
    curve = Curve.of(kernel, task, noise=noise)
    points = [curve.at(n, law, ridge) for n in sizes]
    if sparse and curve.levels:
        points = [
            p if p.trusted or p.bias is None else curve.by_cavity(p, law.symbols, ridge)
            for p in points
        ]
    doubtful = [p.samples for p in points if p.bias is not None and not p.trusted]
    if doubtful:
        warnings.warn(
            f"the formula B9 is not proved, and for a ridge below {_SMALL_RIDGE:g} times the "
            f"kernel's deviation it was seen to fail near n = 2 m, as at n = {doubtful[0]}; the "
            "bounds hold, and with sparse=True the cavity method, which fits there, is used",
            UnprovedWarning,
            stacklevel=2,
        )
    return points


def formula_is_trusted(samples: int, symbols: int, ridge: float, deviation: float) -> bool:
    """Whether the formula B9 was measured to hold: see the module's constants."""
    near = _NEAR[0] <= samples / symbols <= _NEAR[1]
    return not (near and ridge < _SMALL_RIDGE * deviation)


def expected_counts(task: TemplateTask, samples: int) -> Int64[np.ndarray, " r"]:
    """n times the weights in whole numbers of at least 1, the largest remainders rounded up.

    >>> expected_counts(TemplateTask.parse(["αα=1", "αβ=-1"], weights=[3, 1]), 10).tolist()
    [8, 2]
    """
    exact = samples * np.array(task.weights)
    counts = np.floor(exact).astype(np.int64)
    short = samples - int(counts.sum())
    counts[np.argsort(counts - exact, kind="stable")[:short]] += 1
    while (counts == 0).any():
        counts[int(np.argmax(counts))] -= 1
        counts[int(np.argmin(counts))] += 1
    return counts
