"""The error of a fitted ridge regression at all unseen strings at once (B1, B8, B10)."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from jaxtyping import Float64, Int64

from kernels.boundary.checks import positive
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates import EstimateArray
from theory.template import Template
from theory.unseen.reduced import ReducedMatrices


@dataclass(frozen=True, eq=False)
class Certificate:
    """r numbers that are the whole truth about unseen strings of r templates.

    *Unseen* means: the substituted tokens are neither in R nor in the training strings. At all
    such strings of template i a fitted model predicts one number, which `predictions` gives. Over
    the label noise of the training set it is Gaussian, with the mean f_*(z_i) + bias_i and the
    standard deviation noise_i,

        bias = (N P - I) f_*,    noise_i = sigma sqrt((N P U P N)_ii),

    for the training strings as they are. Errors cover the solves and rounding; the kernel's
    values are taken as the model has them.

    Attributes:
        templates: the r templates of the task, and
        labels: their labels f_*.
        bias: the mean of prediction minus label over label noise, shape ``(r,)``.
        noise: the standard deviation of the prediction over label noise.
        predictions: what this model predicts, with the labels that it was fitted to.
        worst_bias: the largest bias that labels in [-1, 1] could have at each template (B8).
        unbiased: P^{-1} Z^T (K + ridge I)^{-1} y: estimates of the labels of the listed templates
            from the training labels alone, without bias.
        sigma: the standard deviation of label noise.
        ridge: lambda of the fit.
        counts: for each template of the task, how many samples avoid R.
        listed: the templates that the samples belong to, specializations included (B10), and
        listed_counts: how many samples belong to each.
        matrices: P, V and U of the listed templates.
        apart: N_ii for each template of the task: the kernel of two strings with no common symbol.
        equal: K(x, x) at strings of each.
        stretch: |Theta|, the norm of the part of the mean predictor that unseen strings miss.
        iterations: products with the Gram operator.
        residual: the largest residual of a solve, relative to its right-hand side.
        seconds: how long certifying took.
    """

    templates: tuple[Template, ...]
    labels: Float64[np.ndarray, " r"]
    bias: EstimateArray
    noise: EstimateArray
    predictions: EstimateArray
    worst_bias: EstimateArray
    unbiased: EstimateArray
    sigma: float
    ridge: float
    counts: Int64[np.ndarray, " r"]
    listed: tuple[Template, ...]
    listed_counts: Int64[np.ndarray, " c"]
    matrices: ReducedMatrices
    apart: Float64[np.ndarray, " r"]
    equal: Float64[np.ndarray, " r"]
    stretch: float
    iterations: int
    residual: float
    seconds: float

    @property
    def errors(self) -> EstimateArray:
        """What this model predicts minus the label: the error itself, at all unseen strings."""
        return self.predictions - self.labels

    def bound(self, delta: float) -> Float64[np.ndarray, " r"]:
        """With probability 1 - delta over label noise, |prediction - f_*(z_i)| at all unseen x.

        |bias_i| + z noise_i, each with its error; z is the two-sided normal quantile at delta / r,
        since all unseen strings of one template share one prediction.

        Raises:
            InvalidInputError: delta is not between 0 and 1.
        """
        largest_noise = self.noise.values + self.noise.errors
        return self._largest_bias + self._quantile(delta) * largest_noise

    def seen_bound(self, delta: float) -> Float64[np.ndarray, " r"]:
        """The same at one string of each template that avoids R, whether its symbols were seen.

        The mean prediction there differs from that at unseen strings by at most sqrt(d_i) |Theta|,
        d_i = K(x, x) - N_ii, and the noise has a variance of at most
        sigma^2 K(x, x) / (4 ridge). The strings are chosen before the labels are drawn.

        Raises:
            InvalidInputError: delta is not between 0 and 1.
        """
        moved = np.sqrt(self._deviations) * self.stretch
        largest_noise = self.sigma * np.sqrt(np.maximum(self.equal, 0.0) / (4.0 * self.ridge))
        return self._largest_bias + moved + self._quantile(delta) * largest_noise

    def typical_seen_bias(self, diversity: float) -> Float64[np.ndarray, " r"]:
        """A bound on the root mean square, over fresh strings, of the mean prediction's error.

        For strings of each template drawn anew by a law of this diversity rho that avoids R:
        |bias_i| + sqrt(d_i min(1, w_i / rho)) |Theta|, w_i wildcards (B10).

        Raises:
            InvalidInputError: a diversity that is not above 0.
        """
        rho = positive("diversity", diversity)
        wildcards = np.array([len(z.wildcards) for z in self.templates], dtype=np.float64)
        moved = np.sqrt(self._deviations * np.minimum(1.0, wildcards / rho)) * self.stretch
        return self._largest_bias + moved

    def __str__(self) -> str:
        shown = (
            f"{template} {error:.3g}"
            for template, error in zip(self.templates, self.errors, strict=True)
        )
        return f"prediction - label at unseen strings: {'; '.join(shown)}"

    def __repr__(self) -> str:
        return f"Certificate({self})"

    @property
    def _largest_bias(self) -> Float64[np.ndarray, " r"]:
        return np.abs(self.bias.values) + self.bias.errors

    @property
    def _deviations(self) -> Float64[np.ndarray, " r"]:
        """d_i = K(x, x) - N_ii."""
        return np.maximum(self.equal - self.apart, 0.0)

    def _quantile(self, delta: float) -> float:
        return -NormalDist().inv_cdf(failure_probability(delta) / (2.0 * len(self.labels)))


def failure_probability(delta: float) -> float:
    """The probability with which a bound may fail, checked.

    Raises:
        InvalidInputError: it is not between 0 and 1.
    """
    share = positive("delta", delta)
    if share >= 1.0:
        raise InvalidInputError("delta", delta, "give a number below 1")
    return share
