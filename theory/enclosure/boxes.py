r"""Nonsingularity over a whole box of parameters, by interpolation between its corners.

In ``s = beta^2``, ``c = gamma^2``, b1 and b2 the template matrix of a cosine differs from its
multilinear interpolation by at most ``sum_v width_v^2 sup |d^2 N / dv^2| / 8`` in each entry. The
smallest eigenvalue is a concave function of a matrix, so that of an interpolation is at least the
least of those at the corners. With r templates, over the whole box,

    smallest eigenvalue of N >= min over corners - r sum_v width_v^2 D_v / 8.

The bounds D of second derivatives are Lemmas 21 and 24 of docs/proofs.md. In ``cos(2 b2)`` N is
affine, so that phases cost nothing where that is monotone; and where beta and gamma are fixed, N's
own entries say how far it is from linear in ``b1^2`` (Lemma 23). A box that is too large for the
bound is halved.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from flint import arb

from kernels import Cosine, ProvedQuadrature, TransformerKernel
from kernels.boundary.checks import finite, nonnegative, positive, whole
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates.balls import above, precision
from theory.enclosure.derivatives import Derivatives, by_temperature, by_weight
from theory.enclosure.entries import enclosed_matrix
from theory.enclosure.frequency import distance_from_linear
from theory.enclosure.spectrum import enclose_spectrum
from theory.given_templates import Templates
from theory.matrix.pairs import TemplatePairs, pairs_of_templates
from theory.template import Template

Interval = tuple[float, float]


@dataclass(frozen=True)
class ParameterBox:
    """All parameters between these.

    Args:
        beta: inverse temperatures, at least 0.
        gamma: positional weights, at least 0.
        b1: frequencies of the cosine.
        b2: its phases.

    Raises:
        InvalidInputError: a number out of range, or an interval whose ends are in the wrong order.
    """

    beta: Interval
    gamma: Interval
    b1: Interval = (1.5, 1.5)
    b2: Interval = (0.4, 0.4)

    def __post_init__(self) -> None:
        for name in ("beta", "gamma", "b1", "b2"):
            check = nonnegative if name in ("beta", "gamma") else finite
            lower, upper = (check(name, end) for end in getattr(self, name))
            if lower > upper:
                raise InvalidInputError(name, (lower, upper), "give the lower end first")
            object.__setattr__(self, name, (lower, upper))

    @property
    def corners(self) -> list[tuple[float, float, float, float]]:
        """The distinct corners, as (beta, gamma, b1, b2)."""
        sides = self.beta, self.gamma, self.b1, self.b2
        return list(dict.fromkeys(itertools.product(*sides)))

    @property
    def one_way(self) -> bool:
        """Whether ``cos(2 b2)`` certainly goes one way from the lower phase to the upper."""
        with precision():
            quarter, (low, high) = arb.pi() / 2, map(arb, self.b2)
            first = math.floor(self.b2[0] / (math.pi / 2.0))
            return all(
                n * quarter <= low or n * quarter >= high for n in range(first - 1, first + 3)
            ) and (high - low < quarter)

    def halves(self, name: str) -> tuple[ParameterBox, ParameterBox]:
        """The box cut in the middle of one parameter."""
        lower, upper = getattr(self, name)
        middle = lower + (upper - lower) / 2.0
        return replace(self, **{name: (lower, middle)}), replace(self, **{name: (middle, upper)})

    def interpolation_errors(self, length: int) -> dict[str, float]:
        """``width^2 D / 8`` for each parameter, rounded up, for strings of a length."""
        with precision():
            s, c = ((arb(low) ** 2, arb(high) ** 2) for low, high in (self.beta, self.gamma))
            square = arb(max(map(abs, self.b1))) ** 2
            by_s = _second(square, by_temperature(s, c, length))
            by_c = _second(square, by_weight(s, c, length))
            widths = [arb(high) ** 2 - arb(low) ** 2 for low, high in (self.beta, self.gamma)] + [
                arb(high) - arb(low) for low, high in (self.b1, self.b2)
            ]
            bounds = by_s, by_c, 2 * (1 + c[1]), arb(0 if self.one_way else 2)
            return {
                name: above(width * width * bound / 8) if width != 0 and bound != 0 else 0.0
                for name, width, bound in zip(
                    ("beta", "gamma", "b1", "b2"), widths, bounds, strict=True
                )
            }


@dataclass(frozen=True)
class BoxBound:
    """What is proved over a box.

    Attributes:
        lower: the smallest eigenvalue of N is at least this at all parameters of the box; not above
            0 where nothing is proved.
        pieces: the boxes that it was cut into, each with its own bound.
    """

    lower: float
    pieces: tuple[tuple[ParameterBox, float], ...]

    @property
    def nonsingular(self) -> bool:
        """Whether N is proved to be positive definite all over the box."""
        return self.lower > 0.0


def bound_over_box(
    templates: Templates,
    box: ParameterBox,
    *,
    share: float = 0.5,
    most: int = 256,
    tolerance: float = 1e-12,
) -> BoxBound:
    """A lower bound of the smallest eigenvalue of N over a box of parameters.

    Args:
        templates: a task, or templates of one length.
        box: the parameters of the transformer kernel with a cosine.
        share: pieces are cut until their bound is this share of the least corner's, below 1.
        most: pieces at which to stop; those that are left have the bound that they have.
        tolerance: of the attention values at the corners.

    Raises:
        InvalidInputError: no templates, templates of unequal length, or an argument out of range.

    >>> templates = [Template.parse("αα"), Template.parse("αβ")]
    >>> found = bound_over_box(templates, ParameterBox((1.0, 1.0001), (1.0, 1.0), (1.5, 1.51)))
    >>> found.nonsingular, len(found.pieces)
    (True, 1)
    """
    if not positive("share", share) < 1.0:
        raise InvalidInputError("share", share, "give a number below 1")
    pairs = pairs_of_templates(templates)
    waiting, done = deque([box]), list[tuple[ParameterBox, float]]()
    limit = whole("most", most, least=1)
    at = partial(_at, pairs.templates, positive("tolerance", tolerance))
    while waiting:
        piece = waiting.popleft()
        corner = min(at(*one) for one in piece.corners)
        errors = _errors(pairs, piece, tolerance)
        with precision():
            cost = sum((arb(error) for error in errors.values()), arb(0))
            lower = -above(cost - arb(corner))
        settled = lower >= share * corner or corner <= 0.0 or not any(errors.values())
        if settled or len(waiting) + len(done) + 1 >= limit:
            done.append((piece, lower))
        else:
            waiting.extend(piece.halves(max(errors, key=lambda name: errors[name])))
    return BoxBound(min(lower for _, lower in done), tuple(done))


def _errors(pairs: TemplatePairs, piece: ParameterBox, tolerance: float) -> dict[str, float]:
    """What interpolation in each parameter costs the smallest eigenvalue."""
    with precision():
        errors = {
            name: above(arb(error) * len(pairs.templates)) if error else 0.0
            for name, error in piece.interpolation_errors(pairs.templates[0].length).items()
        }
    fixed = piece.beta[0] == piece.beta[1] and piece.gamma[0] == piece.gamma[1]
    if errors["b1"] and fixed and piece.b1[0] * piece.b1[1] >= 0.0:
        kernel = _attention(piece.beta[0], piece.gamma[0], tolerance).attention_kernel
        errors["b1"] = min(errors["b1"], distance_from_linear(kernel, pairs, piece.b1))
    return errors


def _second(square: arb, attention: Derivatives) -> arb:
    """The bound of N's second derivative from those of the attention kernel's two."""
    return 2 * square * attention.second + 4 * (square * attention.first) ** 2


@lru_cache(maxsize=2**13)
def _at(
    templates: tuple[Template, ...],
    tolerance: float,
    beta: float,
    gamma: float,
    b1: float,
    b2: float,
) -> float:
    """The proved lower bound at a corner; minus infinity where there is none."""
    pairs = pairs_of_templates(templates)
    kernel = _attention(beta, gamma, tolerance).with_activation(Cosine(b1, b2))
    matrix = enclosed_matrix(kernel, pairs)
    return -math.inf if matrix is None else enclose_spectrum(matrix).lower


@lru_cache(maxsize=1024)
def _attention(beta: float, gamma: float, tolerance: float) -> TransformerKernel:
    """A kernel whose attention values are shared between frequencies and phases."""
    return TransformerKernel(beta, gamma, attention=ProvedQuadrature(tolerance))
