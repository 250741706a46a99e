"""The shifted sine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from kernels.activations.sinusoid import Sinusoid


@dataclass(frozen=True)
class Sine(Sinusoid):
    """``phi(t) = sin(b1 t + b2)``: the shifted cosine of Claim E.2 with ``b2 - pi/2`` for ``b2``.

        dual = 1/2 exp(-b1^2 (xx + yy - 2 xy) / 2) - 1/2 cos(2 b2) exp(-b1^2 (xx + yy + 2 xy) / 2)

    Args:
        b1: frequency.
        b2: phase.

    Raises:
        InvalidInputError: a parameter is not a finite number.

    >>> Sine(1.0, 0.0).dual(1.0, 0.0, 1.0).item().value
    0.0
    """

    name: ClassVar[str] = "sin"
    function: ClassVar[np.ufunc] = np.sin
    sign: ClassVar[float] = -1.0
    method: ClassVar[str] = "closed form"
