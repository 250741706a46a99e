"""The errors of a kernel's values, seen as a kernel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from kernels.contract.kernel import Kernel
from kernels.contract.symmetry import Symmetry
from kernels.estimates import EstimateArray
from kernels.estimates.provenance import Source
from kernels.strings.patterns import Pattern


class KernelErrors(Kernel):
    """``dK(x, y)``: how far ``K(x, y)`` may be from the truth, or its standard deviation.

    Whatever sums kernel values over training strings sums their errors too: errors depend on the
    joint pattern alone, as the values do.

    Args:
        kernel: the kernel K.
        part: the part of the error that bounds, or the part that chance decides.

    Attributes:
        source: what the weakest of the errors met so far means.

    >>> from kernels import MLPKernel
    >>> kernel = MLPKernel()
    >>> KernelErrors(kernel, "bounds")("AB", "BA").value == kernel("AB", "BA").error
    True
    """

    def __init__(self, kernel: Kernel, part: Literal["bounds", "deviations"]) -> None:
        self.kernel = kernel
        self.part = part
        self.source = Source.combined([])

    @property
    def name(self) -> str:
        """The kernel's, and which part of its errors."""
        return f"{self.part} of the errors of {self.kernel.name}"

    @property
    def symmetry(self) -> Symmetry:
        """That of the kernel."""
        return self.kernel.symmetry

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int | None = None) -> EstimateArray:
        """The errors at each pattern."""
        found = self.kernel.values(patterns, n_jobs=n_jobs)
        self.source = Source.combined([self.source, found.provenance.weakest])
        return EstimateArray.exact(getattr(found, self.part))
