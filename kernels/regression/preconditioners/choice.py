"""Which preconditioner to use."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from kernels.regression.operator.blocks import GramBlocks, Interaction
from kernels.regression.preconditioners.spectra import HEAVY, excess_left, rough_weight, spectrum
from kernels.regression.preconditioners.token_blocks import TokenBlocks
from kernels.regression.preconditioners.woodbury import Woodbury

Preconditioner = Woodbury | TokenBlocks

_CLEAR = 20.0
"""How much less the token blocks must leave than Woodbury before they are used. Both estimates are
rough; tokens of Zipf's law, where the two are equal, took up to twice the iterations with blocks,
uniform tokens between a half and a tenth."""


def choose_preconditioner(
    kernel: GramBlocks, root: Float64[np.ndarray, " u"], alpha: float
) -> Preconditioner:
    """A preconditioner for S K S + alpha I.

    `Woodbury` solves exactly along as many directions as it can afford. Where more stand out, as
    with 10^4 tokens that are equally frequent, `TokenBlocks` treats all tokens, as if they occurred
    independently of each other.

    Args:
        kernel: the kernel matrix K of the distinct strings.
        root: the diagonal S.
        alpha: above 0.

    Raises:
        numpy.linalg.LinAlgError: S K S + alpha I is not positive definite within rounding.
    """
    weight = rough_weight(kernel, root, alpha)
    spectra = [spectrum(part, weight) for part in kernel.interactions]
    if kernel.interactions and kernel.interactions[0].order == 1:
        single = kernel.interactions[0]
        left = excess_left(len(root), spectra)
        largest = spectra[0].heaviness * spectra[0].values[0]
        if left > HEAVY and _CLEAR * _dependence(kernel, single, weight, largest) < left:
            return TokenBlocks.of(kernel, root, alpha, single, largest > HEAVY)
    del weight
    return Woodbury.of(kernel, root, alpha, spectra)


def _dependence(
    kernel: GramBlocks,
    part: Interaction,
    weight: Float64[np.ndarray, " u"],
    excess: Float64[np.ndarray, " a"],
) -> float:
    """The excess that token blocks leave because tokens of one string differ.

    A token with the share p of the rows of a shape is missing from their other symbols, where
    independence would put it again with share p. The blocks square this error.
    """
    total = kernel.shapes.sums(weight[:, None])[:, 0]
    share = (part.indicator.T @ weight) / total[part.shape_of_role[part.cells.role]]
    return float((share**2 * excess[part.cells.atom]).max())
