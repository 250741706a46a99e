"""A template matrix as proved numbers: a matrix of floats, and how far it may be off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flint import arb
from jaxtyping import Float64

from kernels.activations.proved.scaled import ScaledDual
from kernels.contract.kernel import Kernel
from kernels.estimates import ErrorKind, EstimateArray
from kernels.estimates.balls import above, around, centred, precision
from kernels.transformer import TransformerKernel
from theory.matrix.pairs import TemplatePairs


@dataclass(frozen=True, eq=False)
class EnclosedMatrix:
    """``N = (I + G) (C + R) (I + G)`` with G diagonal, all of ``|G|`` and ``|R|`` bounded.

    What is in G changes eigenvalues by a factor close to 1 (Ostrowski), what is in R by an amount
    (Weyl). Errors of single strings go to G, where the kernel allows it.

    Attributes:
        centre: C, symmetric.
        radii: upper bounds of ``|R|``, shape ``(r, r)``.
        relative: an upper bound of all ``|G_ii|``, below 1.
        scales: where N is D E D, floats close to D; all 1 otherwise.
    """

    centre: Float64[np.ndarray, "r r"]
    radii: Float64[np.ndarray, "r r"]
    relative: float
    scales: Float64[np.ndarray, " r"]

    @classmethod
    def of_entries(cls, entries: EstimateArray) -> EnclosedMatrix:
        """The entries as they are: all errors go to R."""
        return cls(entries.values, np.array(entries.bounds), 0.0, np.ones(len(entries)))

    @classmethod
    def of_factors(
        cls, factors: Sequence[arb], cores: Sequence[Sequence[arb]]
    ) -> EnclosedMatrix | None:
        """``N = D E D`` from balls for D and E; None where a factor is not known to a half.

        With floats D' in the middle of D, ``N = (I + G) D' E D' (I + G)``, and C and R are the
        middles and radii of ``D' E D'``.
        """
        with precision():
            scales = [float(factor.mid()) for factor in factors]
            if not all(scale > 0.0 for scale in scales):
                return None
            relative = max(
                above(abs(factor / arb(scale) - 1))
                for factor, scale in zip(factors, scales, strict=True)
            )
            if not relative < 0.5:
                return None
            centre, radii = np.empty((2, len(scales), len(scales)))
            for i, row in enumerate(cores):
                for j in range(i + 1):
                    ball = arb(scales[i]) * row[j] * arb(scales[j])
                    centre[i, j], radii[i, j] = centre[j, i], radii[j, i] = centred(ball)
        return cls(centre, radii, relative, np.array(scales))


def enclosed_matrix(kernel: Kernel, pairs: TemplatePairs) -> EnclosedMatrix | None:
    """The template matrix of a kernel as proved numbers; None where some value is not proved.

    Args:
        kernel: the kernel, whose values at the patterns are looked up.
        pairs: the patterns of pairs of templates.
    """
    activation = separable(kernel)
    if activation is not None:
        assert isinstance(kernel, TransformerKernel)
        attention = kernel.attention_kernel.values([*pairs.patterns, *pairs.own])
        if not _proved(attention):
            return None
        with precision():
            balls = balls_of(attention)
            cores = [activation.core(ball) for ball in balls[: len(pairs.patterns)]]
            factors = [activation.factor(ball) for ball in balls[len(pairs.patterns) :]]
        found = EnclosedMatrix.of_factors(
            factors, [[cores[place] for place in row] for row in pairs.places.tolist()]
        )
        if found is not None:
            return found
    entries = kernel.values(pairs.patterns)[pairs.places]
    return EnclosedMatrix.of_entries(entries) if _proved(entries) else None


def separable(kernel: Kernel) -> ScaledDual | None:
    """The kernel's activation, where it makes N the product of a matrix and two diagonal ones."""
    activation = kernel.activation if isinstance(kernel, TransformerKernel) else None
    return activation if isinstance(activation, ScaledDual) else None


def _proved(found: EstimateArray) -> bool:
    return found.kind.rank <= ErrorKind.PROVED.rank and bool(np.isfinite(found.bounds).all())


def balls_of(found: EstimateArray) -> list[arb]:
    """The balls around proved values, at the precision that is set."""
    pairs = zip(found.values.tolist(), found.bounds.tolist(), strict=True)
    return [around(value, bound) for value, bound in pairs]
