"""The nodes of the Laplace quadrature.

With ``S = sum_i exp(l_i)`` for logits ``l``, ``1 / S`` is the integral of ``exp(s - exp(s) S)``
over the real line. Given the shift ``s`` (one for each string), the integrand is a product over
tokens of functions of the *shifted logit* ``u = s + beta * zeta``, with ``zeta`` standard
Gaussian. Every integral is a sum over equispaced nodes, which converges exponentially because the
building block ``exp(-exp(u))`` is analytic and bounded by 1 in the strip ``|Im u| <= pi/2``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float
from scipy.special import erfcx, log_ndtr, ndtri


@dataclass(frozen=True)
class StepRule:
    """Step lengths of trapezoidal sums that err by about ``tolerance``.

    >>> rule = StepRule(1e-10)
    >>> round(rule.step, 2), round(rule.gauss_step, 2), round(rule.reach, 1)
    (0.38, 0.93, 6.8)
    """

    tolerance: float

    @property
    def digits(self) -> float:
        """E-folds from 1 down to the tolerance."""
        return math.log(1.0 / self.tolerance)

    @property
    def step(self) -> float:
        """The step in a logit.

        A sum errs by ``exp(-2 pi d / step)``, d = pi/2 the half-width of the strip; three extra
        e-folds pay for the insertions, which grow towards its edge.
        """
        return math.pi**2 / (self.digits + 3.0)

    @property
    def gauss_step(self) -> float:
        """The longest step in a standard Gaussian: its sum errs by ``exp(-2 pi^2 / step^2)``."""
        return math.pi * math.sqrt(2.0 / self.digits)

    @property
    def reach(self) -> float:
        """Where a standard Gaussian's density drops below the tolerance."""
        return math.sqrt(2.0 * self.digits)

    def half_width(self, scale: float) -> int:
        """Nodes on either side of 0 in `gaussian`."""
        return math.ceil(self.reach / self._step_in_gaussian(scale)) if scale else 0

    def gaussian(self, scale: float) -> tuple[Float[np.ndarray, " p"], Float[np.ndarray, " p"]]:
        """Nodes and weights of a Gaussian of standard deviation ``scale`` added to a logit."""
        if scale == 0.0:
            return np.zeros(1), np.ones(1)
        half, step = self.half_width(scale), self._step_in_gaussian(scale)
        nodes = step * np.arange(-half, half + 1)
        return scale * nodes, step * standard_density(nodes)

    def _step_in_gaussian(self, scale: float) -> float:
        """The step of `gaussian` in standard deviations: short enough for Gaussian and logit."""
        return min(self.gauss_step, self.step / scale)


@dataclass(frozen=True)
class ShiftGrid:
    """Nodes and weights of a string's Laplace integral.

    Args:
        beta: inverse temperature, above 0.
        gamma: positional weight, at least 0.
        length: positions of the strings.
        tolerance: absolute error aimed at, per unit of the kernel's scale ``1 + gamma**2``.
    """

    beta: float
    gamma: float
    length: int
    tolerance: float

    @property
    def rule(self) -> StepRule:
        """The step lengths."""
        return StepRule(self.tolerance)

    @property
    def scale(self) -> float:
        """The standard deviation of a logit."""
        return self.beta * math.hypot(1.0, self.gamma)

    @cached_property
    def _range(self) -> tuple[float, float]:
        return _shift_range(self)

    @property
    def count(self) -> int:
        """The number of nodes."""
        start, stop = self._range
        return math.ceil((stop - start) / self.rule.step) + 1

    @cached_property
    def shifts(self) -> Float[np.ndarray, " n"]:
        """The nodes."""
        return self._range[0] + self.rule.step * np.arange(self.count)

    @cached_property
    def weights(self) -> Float[np.ndarray, " n"]:
        """Their weights; the first sums the geometric series that the left tail is."""
        weights = np.full(len(self.shifts), self.rule.step)
        weights[0] = self.rule.step / -math.expm1(-self.rule.step)
        return weights


def standard_density(z: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """The density of a standard Gaussian."""
    return np.exp(-(z**2) / 2.0) / math.sqrt(2.0 * math.pi)


def _shift_range(grid: ShiftGrid) -> tuple[float, float]:
    """Where the Laplace integrand matters."""
    from scipy.optimize import brentq  # noqa: PLC0415 - takes as long to import as NumPy

    scale, rule = grid.scale, grid.rule
    log_length = math.log(grid.length)

    def beyond_geometric(start: float) -> float:
        # E[min(1, exp(start) S)^2], which is what remains at the left end after the first power
        # of exp(start) is summed as a geometric series, in terms of one logit scale * z.
        x, peak = 2.0 * scale + start / scale, float(log_ndtr(start / scale))
        smooth = 2.0 * (start + scale**2) + float(log_ndtr(-x))
        if x > 0.0:  # the same, without the difference of two numbers as large as scale**2
            smooth = -0.5 * (start / scale) ** 2 + math.log(0.5 * float(erfcx(x / math.sqrt(2.0))))
        return float(np.logaddexp(smooth + log_length, peak)) + log_length + rule.digits

    far = -(rule.digits + 2.0 * log_length + 10.0) * (1.0 + scale)
    start = float(brentq(beyond_geometric, far, rule.digits))
    # Beyond the right end, exp(-exp(stop) S) is left. S is at least the length times exp(mean of
    # the logits), by Jensen; exp(-exp(u)) is below the tolerance for u > log(digits), and the
    # mean is that low with probability below the tolerance.
    mean_scale = grid.beta * math.hypot(1.0, grid.gamma / math.sqrt(grid.length))
    lowest_mean = mean_scale * float(ndtri(rule.tolerance / 2.0))
    return start, math.log(rule.digits + 1.0) - log_length - lowest_mean
