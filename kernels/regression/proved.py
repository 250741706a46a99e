r"""Predictions with proved errors, for up to a few thousand samples.

Let K and k(x) be the true kernel of the n samples with each other and with x, W the diagonal of
their weights, and ``f(x) = k(x)^T (K + alpha W^{-1})^{-1} y`` what the true kernel would predict,
solved exactly. For any coefficients a whatever

    f(x) = k(x)^T a + k(x)^T (K + alpha W^{-1})^{-1} r,     r = y - K a - alpha W^{-1} a.

The kernel is positive semidefinite, so ``W^{1/2} k(x) = (W^{1/2} K W^{1/2})^{1/2} u`` with
``|u|^2 <= K(x, x)``, and an eigenvalue e of ``W^{1/2} K W^{1/2}`` leaves ``sqrt(e) / (e + alpha)``
of u, at most ``1 / (2 sqrt alpha)``: no inverse is computed, and no bound of one is needed. Hence

    |f(x) - k(x)^T a| <= sqrt(K(x, x) / (4 alpha)) |W^{1/2} r| .

``k(x)^T a`` and r are sums over all samples; what the errors of kernel values and the roundings of
products of any order do to them is counted by the rules of `kernels.estimates`, which are theorems.
Where kernel values are proved, so are predictions. Coefficients of equal strings are summed first,
since errors of kernel values are theirs in common. It takes all values of pairs of distinct
strings, which `accuracy` avoids, and counts roundings at their worst.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float64, Int32

from kernels.contract.kernel import Kernel
from kernels.estimates import ErrorKind, EstimateArray, Proved
from kernels.estimates.functions import root
from kernels.estimates.rules.rounding import UNIT, outward
from kernels.regression.arrays.sums import sum_by
from kernels.strings.encoding import EncodedStrings

MOST = 2_000
"""Distinct strings up to which errors are proved: a few copies of their matrix, 32 MB each."""

_METHOD = "kernel ridge regression, residual bound"


@dataclass(frozen=True, eq=False)
class ProvedAccuracy:
    """What is proved of the error of predictions.

    Attributes:
        kernel: the kernel.
        strings: the u distinct strings.
        row: for each of the n samples of positive weight, its distinct string.
        weights: their weights; None where all are 1.
        labels: y.
        coefficients: a.
        alpha: the alpha of the fit.
    """

    kernel: Kernel
    strings: EncodedStrings
    row: Int32[np.ndarray, " n"]
    weights: Float64[np.ndarray, " n"] | None
    labels: Float64[np.ndarray, "n t"]
    coefficients: Float64[np.ndarray, "n t"]
    alpha: float

    def __call__(
        self, values: Float64[np.ndarray, "m t"], strings: EncodedStrings
    ) -> EstimateArray | None:
        """Predictions at strings with their errors; None where some kernel value is not proved."""
        if self._residuals is None:
            return None
        cross, own = self.kernel.gram(strings, self.strings), self.kernel.diagonal(strings)
        if not (_proved(cross) and _proved(own)):
            return None
        sums: EstimateArray = cross @ self._sums
        influence = root(own / (4.0 * self.alpha)).reshape(-1, 1)
        left: EstimateArray = influence * self._residuals.reshape(1, -1)
        off: EstimateArray = abs(sums - EstimateArray.exact(values)) + left
        return EstimateArray.of(values, Proved, outward(off.values + off.bounds), _METHOD)

    @cached_property
    def _sums(self) -> EstimateArray:
        """The sums of the coefficients of equal strings."""
        size = len(self.strings)
        counts = np.bincount(self.row, minlength=size)[:, None]
        sizes = sum_by(self.row, np.abs(self.coefficients), size)
        bounds = np.where(counts > 1, outward(counts * UNIT * sizes, float(counts.max())), 0.0)
        return EstimateArray.of(sum_by(self.row, self.coefficients, size), Proved, bounds)

    @cached_property
    def _residuals(self) -> EstimateArray | None:
        """Upper bounds of ``|W^{1/2} r|``, one for each column."""
        gram = self.kernel.gram(self.strings)
        if not _proved(gram):
            return None
        left: EstimateArray = self.labels - (gram @ self._sums)[self.row]
        own = self.alpha * EstimateArray.exact(self.coefficients)
        if self.weights is not None:
            scale = root(EstimateArray.exact(self.weights)).reshape(-1, 1)
            left, own = left * scale, own / scale
        left = left - own
        return EstimateArray.gather(left[:, t].norm() for t in range(left.shape[1]))


def _proved(found: EstimateArray) -> bool:
    return found.kind.rank <= ErrorKind.PROVED.rank
