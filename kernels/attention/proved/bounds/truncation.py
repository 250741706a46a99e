"""What discretization and truncation cost a pattern, in balls (Theorem 6 of docs/proofs.md)."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from flint import arb

from kernels.attention.proved.bounds.plan import Direction, Plan, in_floats, strips
from kernels.attention.proved.structure import Structure
from kernels.estimates.balls import above


class Truncation(NamedTuple):
    """Bounds of the parts of the error, whose sum bounds the whole.

    Attributes:
        gaussian: from the nodes of the Gaussians.
        dropped: from the nodes of the Gaussians that are left out.
        laplace: from the shifts, if there were no end to them.
        left: from their left end.
        right: from their right end.
    """

    gaussian: arb
    dropped: arb
    laplace: arb
    left: arb
    right: arb

    @property
    def total(self) -> arb:
        """The bound of the whole."""
        return sum(self, arb(0))


def truncation(structure: Structure, plan: Plan) -> Truncation:
    """What the plan's sum differs from the kernel by, at most, roundings apart."""
    gamma, shifts = arb(plan.gamma), plan.shifts
    squared = arb(plan.beta) ** 2
    largest, all_mass = structure.largest_entry(gamma), mass(structure, plan)
    plain, in_x, in_y = (sum(part, arb(0)) for part in zip(*_errors(structure, plan), strict=True))
    dropped = sum((d.rule.tail * number for d, number in _rules(structure, plan)), arb(0))
    # The sums over all shifts: the lowest harmonic of one string is damped, others are small.
    damped = squared * shifts.frequency**2 / structure.common_direction(gamma) / 2
    lowest = arb(0)
    for error in (in_x, in_y):
        found = (-damped).exp() + all_mass * (error + dropped)
        lowest += found if above(found) < above(all_mass) else all_mass
    laplace = all_mass * (2 * shifts.higher + shifts.harmonics**2) + 2 * shifts.lowest * lowest
    ends = largest * (1 + shifts.harmonics)
    left = shifts.left(structure.length, squared * (1 + gamma**2), all_mass)
    right = [
        shifts.right(structure.length, squared * structure.mean_variance(string, gamma), all_mass)
        for string in (0, 1)
    ]
    return Truncation(
        largest * all_mass * plain,
        largest * all_mass * dropped,
        largest * laplace,
        ends * (1 + shifts.largest_weight) * left,
        ends * (shifts.largest_weight * right[0] + right[1]),
    )


def mass(structure: Structure, plan: Plan) -> arb:
    """The mass of the rule for all Gaussians, at most."""
    product = arb(1)
    for direction, number in _rules(structure, plan):
        product *= (1 + direction.rule.excess) ** number
    return product


def _rules(structure: Structure, plan: Plan) -> list[tuple[Direction, int]]:
    """The rules, each with the number of Gaussians that it is for."""
    tokens = sum(map(len, structure.own)) + structure.shared
    return [
        (plan.token, tokens),
        (plan.position, structure.positions),
        (plan.read_out, structure.read_outs),
    ]


class _Errors(NamedTuple):
    """A direction's error for the plain integrand, and for the lowest harmonic of x, and of y."""

    plain: arb
    x: arb
    y: arb


def _errors(structure: Structure, plan: Plan) -> list[_Errors]:
    """The errors of every direction, all nodes taken."""
    found = [_Errors(arb(0), arb(0), arb(0))]
    for string in (0, 1):
        for occurrences, number in Counter(structure.own[string]).items():
            found += [_token(plan, string, occurrences)] * number
    for direction, number in (
        (plan.token, structure.shared),
        (plan.position, structure.positions),
        (plan.read_out, structure.read_outs),
    ):
        if number and direction.slope > 0:
            found += [_both(plan, direction)] * number
    return found


@lru_cache(maxsize=2**10)
def _token(plan: Plan, string: int, occurrences: int) -> _Errors:
    """The errors of a token of one string."""
    token, position = plan.token, plan.position.slope
    frequency = above(plan.shifts.frequency)
    kinds = strips(in_floats(token.slope), 1, frequency, in_floats(position), occurrences)
    plain, own, other = (kind.error(token.rule, token.slope, position) for kind in kinds)
    return _Errors(plain, other, own) if string else _Errors(plain, own, other)


@lru_cache(maxsize=2**10)
def _both(plan: Plan, direction: Direction) -> _Errors:
    """The errors of a Gaussian that enters both strings."""
    kinds = strips(in_floats(direction.slope), 2, above(plan.shifts.frequency))
    plain, harmonic = (kind.error(direction.rule, direction.slope, arb(0)) for kind in kinds)
    return _Errors(plain, harmonic, harmonic)
