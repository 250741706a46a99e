"""How well a kernel conditions templates, as a number that no scale enters.

    conditioning = lambda_min(N) / max_a K(x_a, x_a),

x_a a string of template a. It lies in [0, 1], for N_aa <= K(x_a, x_a), and stays the same where the
activation is multiplied by a number. Ridge regression generalizes to unseen symbols where

    n lambda_min(N) / r   exceeds   lambda + max_a d_a,   d_a = K(x_a, x_a) - N_aa,

n samples of r templates, ridge lambda: at a ridge beside the kernel's size the samples needed are
inversely proportional to the conditioning, up to a factor of 2, whatever the labels. Samples for
given labels can be fewer: `theory.samples_needed` tells them, at some thousand times the cost.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from kernels.activations import Activation, Cosine
from kernels.contract.kernel import Kernel
from theory.matrix.pairs import pairs_of_templates
from theory.template import Template
from theory.tuning.golden import highest


@dataclass(frozen=True, eq=False)
class Sizes:
    """A template matrix, and the kernel of a string of each template with itself.

    Attributes:
        matrix: N.
        own: K(x, x).
    """

    matrix: Float64[np.ndarray, "r r"]
    own: Float64[np.ndarray, " r"]

    @property
    def conditioning(self) -> float:
        """The smallest eigenvalue of N beside the largest K(x, x).

        >>> Sizes(np.array([[0.5, 0.2], [0.2, 0.5]]), np.array([0.6, 0.5])).conditioning
        0.5
        """
        largest = float(self.own.max())
        return float(np.linalg.eigvalsh(self.matrix)[0]) / largest if largest > 0.0 else 0.0

    def mixed(self, other: Sizes, share: float) -> Sizes:
        """This share of these and the rest of the others."""
        return Sizes(
            share * self.matrix + (1.0 - share) * other.matrix,
            share * self.own + (1.0 - share) * other.own,
        )


@dataclass(frozen=True, eq=False)
class AttentionValues:
    """All that an activation's dual needs of the attention kernel, which is what costs time.

    Attributes:
        between: ``K_attn`` of two templates, substituted with different tokens.
        own: ``K_attn(x, x)`` of a string of each.
    """

    between: Float64[np.ndarray, "r r"]
    own: Float64[np.ndarray, " r"]

    @classmethod
    def of(cls, attention: Kernel, templates: Sequence[Template]) -> AttentionValues:
        """The values between templates of one length.

        Args:
            attention: the attention kernel.
            templates: parsed.
        """
        pairs = pairs_of_templates(templates)
        found = attention.values([*pairs.patterns, *pairs.own]).values
        between, own = np.split(found, [len(pairs.patterns)])
        return cls(between[pairs.places], own)

    def sizes(self, activation: Activation) -> Sizes:
        """N and the K(x, x), by this activation."""
        xx, yy = np.broadcast_arrays(self.own[:, None], self.own)
        matrix = activation.dual(xx, self.between, yy).values
        return Sizes(matrix, activation.dual(self.own, self.own, self.own).values)

    def best_phase(
        self, b1: float, b2: tuple[float, float], *, steps: int = 20
    ) -> tuple[float, float]:
        """The conditioning by ``cos(b1 t + b2)`` at the best b2, and that b2.

        N and the K(x, x) are affine in ``c = cos(2 b2)``: two duals give them for every b2. So the
        smallest eigenvalue is concave in c and the largest K(x, x) convex, and their ratio has one
        hill: a search by golden sections finds its top.

        Args:
            b1: the frequency.
            b2: the least and the greatest phase, between 0 and pi/2.
            steps: of the search.
        """
        even, odd = (self.sizes(Cosine(b1, phase)) for phase in (0.0, math.pi / 2.0))
        ends = math.cos(2.0 * b2[1]), math.cos(2.0 * b2[0])
        found, c = highest(lambda c: even.mixed(odd, 0.5 * (1.0 + c)).conditioning, *ends, steps)
        return found, 0.5 * math.acos(min(max(c, -1.0), 1.0))
