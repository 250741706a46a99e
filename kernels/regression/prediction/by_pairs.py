"""Predictions from all pairs of a new string and a training string."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from kernels.contract.kernel import Kernel
from kernels.regression.arguments.kernel_values import finite_values
from kernels.regression.contract import Predictions
from kernels.strings.encoding import EncodedStrings

_PAIRS_AT_ONCE = 2**24
"""Kernel values held at once."""


@dataclass(frozen=True, eq=False)
class SumsOverPairs(Predictions):
    """Weighted sums of kernel values, a batch of rows of the cross matrix at a time.

    Attributes:
        kernel: the kernel.
        strings: the distinct training strings.
        weights: one row for each of them.
        n_jobs: joblib workers for kernel values.
        progress: show a progress bar.
    """

    kernel: Kernel
    strings: EncodedStrings
    weights: Float64[np.ndarray, "u t"]
    n_jobs: int | None
    progress: bool

    def __call__(self, strings: EncodedStrings) -> Float64[np.ndarray, "m t"]:
        """The sums at each string."""
        batch = max(1, _PAIRS_AT_ONCE // len(self.strings))
        parts = [np.zeros((0, self.weights.shape[1]))]
        for start in range(0, len(strings), batch):
            cross = self.kernel.gram(
                strings[start : start + batch],
                self.strings,
                n_jobs=self.n_jobs,
                progress="kernel values: predictions" if self.progress else False,
            )
            parts.append(finite_values(self.kernel, cross).values @ self.weights)
        return np.concatenate(parts)
