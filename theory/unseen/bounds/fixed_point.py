"""The formula B9 for the spread under uniform laws. It is *not proved*: it fits.

Samples that share a symbol compete for it as templates compete for samples. Level q of the formula
is the competition over q-tuples of symbols, of which there are (m)_q, and a sample of template b
presses on each of its tuples with the weight 1 / kappa_b of its own free part:

    kappa_a = ridge + sum over q >= 1 of (1 / q!) tr [G_q (I + T_q G_q)^{-1}]_aa,
    T_q = diag(n_b / ((m)_q kappa_b)),    V ~ Delta + diag(kappa_a / n_a),
    U ~ diag(kappa_a' / n_a),    ' = d / d ridge.

The index of G_q is a template a with an ordered q-tuple o of its wildcards; its entries are what
sharing all of o_1 ~ o'_1, ..., o_q ~ o'_q adds (inclusion-exclusion). Where n is far below m,
kappa_a = ridge + d_a and V is the proved bound on its mean; far above m^w, kappa_a = ridge.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from math import factorial, perm

import numpy as np
from jaxtyping import Float64

from kernels.boundary.exceptions import TooLargeError
from theory.unseen.bounds.pairs import TemplatePairs
from theory.unseen.bounds.spread import Counts

_MOST_INDICES = 2_000
"""Rows of a matrix G_q: a factorization of a second."""

_STEPS = 1_000
_STOP = 1e-13


@dataclass(frozen=True, eq=False)
class Level:
    """One order of competition.

    Attributes:
        order: q.
        template: for each row of G_q its template.
        interactions: G_q, positive semidefinite.
    """

    order: int
    template: np.ndarray
    interactions: Float64[np.ndarray, "t t"]


@dataclass(frozen=True, eq=False)
class Kappa:
    """What the formula gives at one sample size.

    Attributes:
        values: kappa_a.
        slopes: their derivatives by the ridge.
    """

    values: Float64[np.ndarray, " r"]
    slopes: Float64[np.ndarray, " r"]


def levels(pairs: TemplatePairs) -> list[Level]:
    """G_q for q = 1, 2, ..., up to the most wildcards of a template.

    Raises:
        TooLargeError: a matrix would be too large.
    """
    found = []
    for q in range(1, max(pairs.wildcards, default=0) + 1):
        size = sum(perm(w, q) for w in pairs.wildcards)
        if size > _MOST_INDICES:
            raise TooLargeError(
                "task",
                f"{size} ordered {q}-tuples of wildcards",
                f"the formula B9 takes at most {_MOST_INDICES}; use the bounds alone",
            )
        rows = [(a, o) for a, w in enumerate(pairs.wildcards) for o in permutations(range(w), q)]
        known: dict[tuple[object, ...], float] = {}
        matrix = np.empty((len(rows), len(rows)))
        for i, (a, o) in enumerate(rows):
            for j, (b, p) in enumerate(rows[: i + 1]):
                matching = tuple(sorted(zip(o, p, strict=True)))
                key = a, b, matching
                if key not in known:
                    known[key] = pairs.interaction(a, b, matching)
                matrix[i, j] = matrix[j, i] = known[key]
        found.append(Level(q, np.array([a for a, _ in rows], dtype=np.intp), matrix))
    return found


def kappa(
    found: list[Level],
    deviations: Float64[np.ndarray, " r"],
    counts: Counts,
    symbols: int,
    ridge: float,
) -> Kappa:
    """Solve the fixed-point equation of the module.

    The right-hand side increases with each kappa_b and is at most ridge + d_a, so the iteration
    from there falls to the largest solution; Newton's steps shorten it where they stay above.

    Args:
        found: the levels.
        deviations: d_a.
        counts: n_a.
        symbols: m.
        ridge: lambda.
    """
    n = np.asarray(counts, dtype=np.float64)
    value = ridge + deviations
    for _ in range(_STEPS):
        image, slope = _right_hand_side(found, value, n, symbols, ridge)
        step = np.linalg.solve(np.eye(len(n)) - slope, image - value)
        moved = value + step
        # Newton's point, unless it leaves the interval in which the solutions lie.
        value, before = np.where((moved >= ridge) & (moved <= value), moved, image), value
        if np.all(np.abs(value - before) <= _STOP * np.abs(before)):
            break
    _, slope = _right_hand_side(found, value, n, symbols, ridge)
    slopes = np.linalg.solve(np.eye(len(n)) - slope, np.ones(len(n)))
    return Kappa(value, slopes)


def _right_hand_side(
    found: list[Level],
    value: Float64[np.ndarray, " r"],
    counts: Float64[np.ndarray, " r"],
    symbols: int,
    ridge: float,
) -> tuple[Float64[np.ndarray, " r"], Float64[np.ndarray, "r r"]]:
    """The right-hand side at kappa = ``value``, and its derivatives by each kappa_b.

    d tr M_aa = -tr (M dT M)_aa for M = G (I + T G)^{-1}, and dT = -T dkappa / kappa.
    """
    r = len(counts)
    image, slope = np.full(r, ridge), np.zeros((r, r))
    for level in found:
        falling = float(np.prod(symbols - np.arange(level.order, dtype=np.float64)))
        if falling <= 0.0:  # fewer symbols than wildcards of that order
            continue
        pressure = counts[level.template] / (falling * value[level.template])
        g = level.interactions
        m = np.linalg.solve(np.eye(len(g)) + g * pressure, g)
        weight = 1.0 / factorial(level.order)
        np.add.at(image, level.template, weight * np.diag(m))
        moved = weight * m * m.T * (pressure / value[level.template])
        np.add.at(slope, (level.template[:, None], level.template[None, :]), moved)
    return image, slope
