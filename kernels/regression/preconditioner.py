"""Which preconditioner to use."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from kernels.regression.gram_operator import GramOperator
from kernels.regression.interaction import Interaction
from kernels.regression.spectra import HEAVY, excess_left, rough_weight, spectrum
from kernels.regression.token_blocks import TokenBlockPreconditioner
from kernels.regression.woodbury import WoodburyPreconditioner

Preconditioner = WoodburyPreconditioner | TokenBlockPreconditioner

_CLEAR = 20.0
"""How much less the token blocks must leave than Woodbury before they are used. Both estimates are
rough; tokens of Zipf's law, where the two are equal, took up to twice the iterations with blocks,
uniform tokens between a half and a tenth."""


def choose_preconditioner(
    operator: GramOperator, root: Float64[np.ndarray, " u"], ridge: float
) -> Preconditioner:
    """A preconditioner for S K S + ridge I.

    `WoodburyPreconditioner` solves exactly along as many directions as it can afford. Where more
    stand out, as with 10^4 tokens that are equally frequent, `TokenBlockPreconditioner` treats all
    tokens, as if they occurred independently of each other.

    Args:
        operator: the Gram operator K of the distinct strings.
        root: the diagonal S.
        ridge: above 0.
    """
    if operator.interactions and operator.interactions[0].order == 1:
        single = operator.interactions[0]
        weight = rough_weight(operator, root, ridge)
        spectra = [spectrum(part, weight) for part in operator.interactions]
        left = excess_left(operator, spectra)
        largest = spectra[0].excess[:, 0]
        if left > HEAVY and _CLEAR * _dependence(operator, single, weight, largest) < left:
            return TokenBlockPreconditioner(operator, root, ridge, single, largest > HEAVY)
    return WoodburyPreconditioner(operator, root, ridge)


def _dependence(
    operator: GramOperator,
    part: Interaction,
    weight: Float64[np.ndarray, " u"],
    excess: Float64[np.ndarray, " a"],
) -> float:
    """The excess that token blocks leave because tokens of one string differ.

    A token with the share p of the rows of a shape is missing from their other symbols, where
    independence would put it again with share p. The blocks square this error.
    """
    total = operator.by_shape(weight[:, None])[:, 0]
    shapes = np.array([shape for shape, _ in part.roles])
    share = (part.indicator.T @ weight) / total[shapes[part.role]]
    return float((share**2 * excess[part.atom]).max())
