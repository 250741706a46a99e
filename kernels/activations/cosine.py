"""The shifted cosine, the activation of Theorem 4.4."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from kernels.activations.sinusoid import Sinusoid


@dataclass(frozen=True)
class Cosine(Sinusoid):
    """``phi(t) = cos(b1 t + b2)``, with the dual of Claim E.2.

        dual = 1/2 exp(-b1^2 (xx + yy - 2 xy) / 2) + 1/2 cos(2 b2) exp(-b1^2 (xx + yy + 2 xy) / 2)

    Args:
        b1: frequency.
        b2: phase.

    Raises:
        InvalidInputError: a parameter is not a finite number.

    >>> Cosine(1.5, 0.4).dual(1.0, 0.5, 1.0).item().value
    0.17424...
    """

    name: ClassVar[str] = "cos"
    function: ClassVar[np.ufunc] = np.cos
    sign: ClassVar[float] = 1.0
    method: ClassVar[str] = "closed form (E.2)"
