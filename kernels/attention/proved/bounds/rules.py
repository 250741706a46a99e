"""Positive rules for a standard Gaussian: equispaced nodes, or Gauss-Hermite's.

Both are measures with positive weights, of mass at most ``1 + excess``, under which an exponential
``exp(c z)`` integrates to at most ``(1 + excess) exp(c^2 / 2)`` (Lemma 3 of docs/proofs.md).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from flint import arb, fmpz_poly

from kernels.estimates.balls import PRECISION, precision


@dataclass(frozen=True, eq=False)
class Trapezoid:
    """Nodes ``n step`` with weights ``step phi(n step)`` for ``|n| <= half``.

    Attributes:
        step: the step.
        half: nodes on either side of 0.

    >>> with precision():
    ...     rule = Trapezoid(arb(0.5), half=20)
    ...     rule.size, float(rule.excess), float(rule.tail) < 1e-22
    (41, 1.0245...e-34, True)
    """

    step: arb
    half: int

    @property
    def size(self) -> int:
        """The number of nodes."""
        return 2 * self.half + 1

    @property
    def nodes(self) -> list[arb]:
        """The nodes, from left to right."""
        return [self.step * n for n in range(-self.half, self.half + 1)]

    @property
    def weights(self) -> list[arb]:
        """The weights of the nodes."""
        unit = self.step / (2 * arb.pi()).sqrt()
        right = [unit * (-((self.step * n) ** 2) / 2).exp() for n in range(self.half + 1)]
        return right[:0:-1] + right

    @property
    def excess(self) -> arb:
        """What the mass of all nodes, the dropped ones too, exceeds 1 by, at most."""
        q = (-2 * arb.pi() ** 2 / self.step**2).exp()
        return 2 * q / (1 - q)

    @property
    def tail(self) -> arb:
        """The mass of the dropped nodes, at most."""
        return (self.half * self.step / arb(2).sqrt()).erfc()


@dataclass(frozen=True)
class Hermite:
    """The Gauss-Hermite rule for the standard Gaussian.

    Attributes:
        size: the number of nodes.

    >>> with precision():
    ...     [round(float(z), 6) for z in Hermite(3).nodes]
    [-1.732051, 0.0, 1.732051]
    """

    size: int

    @property
    def nodes(self) -> list[arb]:
        """The nodes, from left to right."""
        return list(_hermite(self.size)[0])

    @property
    def weights(self) -> list[arb]:
        """The weights of the nodes."""
        return list(_hermite(self.size)[1])

    @property
    def excess(self) -> arb:
        """The mass is 1."""
        return arb(0)

    @property
    def tail(self) -> arb:
        """No node is dropped."""
        return arb(0)


Rule = Trapezoid | Hermite


@lru_cache(maxsize=2**6)
def _hermite(size: int) -> tuple[tuple[arb, ...], tuple[arb, ...]]:
    """Nodes: the roots of He_n. Weights: ``n! / (n He_{n-1}(z))^2`` ."""
    x = fmpz_poly([0, 1])
    below, top = fmpz_poly([1]), x
    for m in range(1, size):
        below, top = top, x * top - m * below
    with precision(2 * PRECISION):  # the weights divide by powers of large numbers
        found = [] if size == 1 else top.complex_roots()  # all real
        roots = [root.real for root, _ in found] or [arb(0)]  # type: ignore[has-type, misc]
        nodes = sorted(roots, key=float)
        factor = arb(math.factorial(size)) / size**2
        return tuple(nodes), tuple(factor / below(z) ** 2 for z in nodes)
