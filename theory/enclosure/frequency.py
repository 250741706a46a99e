"""How far N is from linear in the square of the activation's frequency, at given beta and gamma.

With ``w = b1^2``, ``P, Q = K_ii + K_jj -+ 2 K_ij`` an entry of N is
``(exp(-w P / 2) + cos(2 b2) exp(-w Q / 2)) / 2``: affine in ``cos(2 b2)``, and in w a sum of two
exponentials, whose second derivatives are largest at the least w (Lemma 23 of docs/proofs.md).
"""

from __future__ import annotations

import numpy as np
from flint import arb

from kernels.contract.kernel import Kernel
from kernels.estimates.balls import above, precision
from kernels.estimates.rules.linear_algebra import spectral_bound
from theory.enclosure.entries import balls_of
from theory.matrix.pairs import TemplatePairs


def distance_from_linear(
    attention: Kernel, pairs: TemplatePairs, frequencies: tuple[float, float]
) -> float:
    """A bound, in the spectral norm, of N minus its interpolation in ``b1^2`` between two values.

    Args:
        attention: the attention kernel, with proved values.
        pairs: the templates' pairs.
        frequencies: two values of b1 of one sign.

    >>> from kernels import AttentionKernel
    >>> from theory.matrix.pairs import pairs_of_templates
    >>> from theory.template import Template
    >>> pairs = pairs_of_templates([Template.parse("αα"), Template.parse("αβ")])
    >>> distance_from_linear(AttentionKernel(1.0, 1.0), pairs, (1.0, 1.1)) < 0.01
    True
    """
    found = attention.values([*pairs.patterns, *pairs.own])
    with precision():
        squares = sorted((abs(arb(b1)) ** 2 for b1 in frequencies), key=float)
        share = (squares[1] - squares[0]) ** 2 / 64
        balls = balls_of(found)
        diagonal = balls[len(pairs.patterns) :]
        size = len(pairs.templates)
        bounds = np.zeros((size, size))
        for i in range(size):
            for j in range(i + 1):
                mean, both = diagonal[i] + diagonal[j], 2 * balls[pairs.places[i, j]]
                terms = (_curvature(one, squares[0]) for one in (mean - both, mean + both))
                bounds[i, j] = bounds[j, i] = above(share * sum(terms, arb(0)))
    return spectral_bound(bounds)


def _curvature(exponent: arb, least: arb) -> arb:
    """The largest ``p^2 exp(-w p / 2)`` over the ball's p of at least 0, at the least w."""
    low, high = exponent.lower().max(arb(0)), exponent.upper().max(arb(0))
    return high**2 * (-least * low / 2).exp()
