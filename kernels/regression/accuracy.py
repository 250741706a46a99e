r"""How far predictions may be from those of the true kernel, solved exactly.

Let ``K``, ``k(x)`` be the true kernel of the distinct strings with each other and with x, and
``A = S K S + alpha I`` with S as in `kernels.regression.solution`; ``f(x) = k(x)^T S A^{-1} b`` for
``b = S m``. What was computed is ``g(x) = k'(x)^T w`` from other kernel values, ``|k' - k| <= dk``
and ``|K' - K| <= dK``, and from an approximate solution ``S^{-1} w``. Then

    f(x) - g(x) = (k(x) - k'(x))^T w  +  k(x)^T S A^{-1} (b - A S^{-1} w).

The kernel is positive semidefinite, so that ``S k(x) = (S K S)^{1/2} u`` with
``|u|^2 <= K(x, x)``; an eigenvalue e of S K S leaves ``sqrt(e) / (e + alpha)``, at most
``1 / (2 sqrt alpha)``, of u. Hence

    |f(x) - g(x)| <= dk(x)^T |w| + sqrt(K(x, x) / (4 alpha)) (|r| + | S dK |w| |),

r the residual for the kernel values as they were computed: no inverse, no norm of k(x), and
nothing that grows with the number of samples but what they do. Where errors of kernel values
are standard errors, the same holds of their deviations, whatever their dependence, to first order.

Rounding counts as one more error of each kernel value, see `System.rounding`: n roundings of random
signs come to no more than some ``sqrt(n)`` of them (Higham and Mary, SIAM J. Sci. Comput. 41,
2019). No theorem backs that, so the bounds are numerical. For up to a few thousand samples of a
kernel with proved values they are proved instead, by `kernels.regression.proved`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from jaxtyping import Float64

from kernels.estimates import ErrorKind, EstimateArray
from kernels.estimates.provenance import Provenance, Source
from kernels.estimates.rules.rounding import UNIT
from kernels.regression.arrays.sums import column_norms
from kernels.regression.contract import Predictions, System
from kernels.regression.operator.kernel_errors import KernelErrors
from kernels.regression.proved import ProvedAccuracy
from kernels.strings.encoding import EncodedStrings

_ROUNDINGS = 16.0
"""Of an entry of the right-hand side, and of alpha times one of the solution, at most."""

_OURS = Source(ErrorKind.NUMERICAL, np.inf, "kernel ridge regression")


@dataclass(frozen=True, eq=False)
class Accuracy:
    """What is known of the error of predictions.

    Attributes:
        system: the equation of the distinct strings.
        root: the diagonal S.
        weights: w, S times the approximate solution.
        residuals: the norm of r of each column, computed afresh.
        sizes: the norm of b of each column.
        alpha: the alpha of the fit.
        proved: what gives proved errors, where samples are few enough.
    """

    system: System
    root: Float64[np.ndarray, " u"]
    weights: Float64[np.ndarray, "u t"]
    residuals: Float64[np.ndarray, " t"]
    sizes: Float64[np.ndarray, " t"]
    alpha: float
    proved: ProvedAccuracy | None = None

    def __call__(
        self, values: Float64[np.ndarray, "m t"], strings: EncodedStrings
    ) -> EstimateArray:
        """Predictions at strings, with their errors; proved where kernel values are."""
        if self.proved is not None and (proved := self.proved(values, strings)) is not None:
            return proved
        own = self.system.kernel.diagonal(strings)
        most = own.values + own.errors
        influence = np.sqrt(np.maximum(most, 0.0) / (4.0 * self.alpha))[:, None]
        rounding = self.system.rounding(float(most.max())) * np.abs(self.weights).sum(axis=0)
        left = self.residuals + _ROUNDINGS * UNIT * self.sizes
        left += rounding * np.linalg.norm(self.root)
        bounds = rounding + influence * left + self._bounds.at(strings, influence)
        deviations = np.zeros_like(values)
        source = self._bounds.kernel.source
        if source.kind is ErrorKind.STATISTICAL:
            deviations = self._deviations.at(strings, influence)
        found = Source.combined([_OURS, source])
        return EstimateArray(values, bounds, deviations, Provenance.uniform(found, values.shape))

    @cached_property
    def _bounds(self) -> _Effect:
        return self._effect("bounds")

    @cached_property
    def _deviations(self) -> _Effect:
        return self._effect("deviations")

    def _effect(self, part: Literal["bounds", "deviations"]) -> _Effect:
        """What errors of kernel values do to predictions."""
        errors = KernelErrors(self.system.kernel, part)
        system = self.system.of(errors)
        sizes = np.abs(self.weights)
        norms = column_norms(system.apply(sizes / self.root[:, None]))
        return _Effect(errors, system.predictor(sizes), norms)


@dataclass(frozen=True, eq=False)
class _Effect:
    """The effect of one part of the errors of kernel values.

    Attributes:
        kernel: the errors.
        sums: the function dk(x)^T |w|.
        norms: | S dK |w| | of each column.
    """

    kernel: KernelErrors
    sums: Predictions
    norms: Float64[np.ndarray, " t"]

    def at(
        self, strings: EncodedStrings, influence: Float64[np.ndarray, "m 1"]
    ) -> Float64[np.ndarray, "m t"]:
        """The effect on predictions at strings; sums of nothing but 0 may round to less."""
        return np.maximum(self.sums(strings), 0.0) + influence * self.norms
