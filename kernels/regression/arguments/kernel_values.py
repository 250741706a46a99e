"""Refusing kernel values that no linear system can be made of."""

from __future__ import annotations

import numpy as np

from kernels.boundary.exceptions import InvalidInputError
from kernels.contract.kernel import Kernel
from kernels.estimates import EstimateArray


def finite_values(kernel: Kernel, found: EstimateArray) -> EstimateArray:
    """The values themselves, after a look at them.

    Raises:
        InvalidInputError: a value that is not finite, or an error that is not: then nothing is
            known of the value, and a solution with a small residual would say nothing.
    """
    for what, numbers in (("values", found.values), ("errors", found.errors)):
        if not np.isfinite(numbers).all():
            raise InvalidInputError(
                "kernel", kernel.name, f"its {what} are not all finite; compute it another way"
            )
    return found
