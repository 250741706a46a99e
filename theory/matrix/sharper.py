"""Values sharp enough for the smallest eigenvalue of a template matrix.

An error of the entries moves an eigenvalue by up to r times as much, and with many templates the
smallest eigenvalue is small: 2.9e-12 for the 144 of distribution of 3. Errors near the last digit
cost a few seconds there, and decide what the usual ones leave open.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from kernels.attention.automatic import Automatic
from kernels.attention.proved.estimator import ProvedQuadrature
from kernels.contract.kernel import Kernel
from kernels.strings.patterns import Pattern
from kernels.transformer import AttentionKernel, TransformerKernel

_TOLERANCE = 2.5e-14
"""Of discretization: about as much as rounding costs, for values up to 1."""


def sharper(kernel: Kernel, patterns: Sequence[Pattern], *, most: float) -> Kernel | None:
    """The kernel with attention values as sharp as floats allow.

    Args:
        kernel: any kernel.
        patterns: where it is to be evaluated, one of each class.
        most: multiplications that all of them together may take, 3e9 a second.

    Returns:
        None where a person chose how attention values are computed, where there are none, or where
        they take too much.
    """
    attention = kernel.attention_kernel if isinstance(kernel, TransformerKernel) else kernel
    if not isinstance(attention, AttentionKernel) or not isinstance(attention.attention, Automatic):
        return None
    found = _sharp(attention)
    proved, beta, gamma = found.attention, attention.effective_beta, attention.gamma
    assert isinstance(proved, ProvedQuadrature)
    costs = [proved.cost(pattern, beta, gamma) for pattern in patterns]
    fitting = all(proved.allows(cost) for cost in costs)
    if not fitting or math.fsum(cost.operations for cost in costs) > most:
        return None
    if isinstance(kernel, TransformerKernel):
        return found.with_activation(kernel.activation)
    return found.attention_kernel


@lru_cache(maxsize=16)
def _sharp(attention: AttentionKernel) -> TransformerKernel:
    """A kernel that is kept, so that all activations share its attention values."""
    proved = ProvedQuadrature(_TOLERANCE, strict=False)
    return TransformerKernel(
        attention.beta, attention.gamma, attention=proved, scaling=attention.scaling
    )
