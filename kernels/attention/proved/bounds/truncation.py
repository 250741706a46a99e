"""What discretization and truncation cost a pattern, in balls (Theorem 6 of docs/proofs.md)."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from flint import arb

from kernels.attention.proved.balls import above
from kernels.attention.proved.bounds.plan import Direction, Plan, strips
from kernels.attention.proved.structure import Structure


class _Errors(NamedTuple):
    """A direction's error for the plain integrand, and for the lowest harmonic of x, and of y."""

    plain: arb
    x: arb
    y: arb

    def times(self, count: int) -> _Errors:
        """The errors of several such directions."""
        return _Errors(*(count * error for error in self))


def truncation(structure: Structure, plan: Plan) -> arb:
    """What the plan's sum differs from the kernel by, at most, roundings apart."""
    gamma, shifts = arb(plan.gamma), plan.shifts
    found, tail, mass = _directions(structure, plan)
    plain, in_x, in_y = (sum(errors, arb(0)) for errors in zip(*found, strict=True))
    gaussian = mass * (plain + tail)
    # The sums over all shifts: the lowest harmonic of one string is damped, others are small.
    damped = (arb(plan.beta) * shifts.frequency) ** 2 / structure.common_direction(gamma) / 2
    lowest = [(-damped).exp() + mass * (error + tail) for error in (in_x, in_y)]
    laplace = mass * (2 * shifts.higher + shifts.harmonics**2)
    laplace += 2 * shifts.lowest * sum((_smaller(mass, bound) for bound in lowest), arb(0))
    variance = arb(plan.beta) ** 2 * (1 + gamma**2)
    ends = arb(0)
    for string in (0, 1):
        mean = arb(plan.beta) ** 2 * structure.mean_variance(string, gamma)
        ends += shifts.left(structure.length, variance, mass)
        ends += shifts.right(structure.length, mean, mass)
    return structure.largest_entry(gamma) * (gaussian + laplace + (1 + shifts.harmonics) * ends)


def mass(structure: Structure, plan: Plan) -> arb:
    """The mass of the rule for all Gaussians, at most."""
    return _directions(structure, plan)[2]


def _smaller(first: arb, second: arb) -> arb:
    """The smaller of two upper bounds."""
    return first if above(first) < above(second) else second


def _directions(structure: Structure, plan: Plan) -> tuple[list[_Errors], arb, arb]:
    """The errors of every direction, the mass that they drop, and the mass of their rules."""
    found: list[_Errors] = []
    counts: dict[Direction, int] = {}
    for string in (0, 1):
        for occurrences, number in Counter(structure.own[string]).items():
            found.append(_token(plan, string, occurrences).times(number))
    tokens = sum(map(len, structure.own)) + structure.shared
    counts[plan.token] = tokens
    for direction, number in (
        (plan.token, structure.shared),
        (plan.position, structure.positions),
        (plan.read_out, structure.read_outs),
    ):
        found.append(_both(plan, direction).times(number) if number else _NONE)
        counts.setdefault(direction, number)
    tail = sum((d.rule.tail * number for d, number in counts.items()), arb(0))
    mass = arb(1)
    for direction, number in counts.items():
        mass *= (1 + direction.rule.excess) ** number
    return found, tail, mass


_NONE = _Errors(arb(0), arb(0), arb(0))


@lru_cache(maxsize=2**10)
def _token(plan: Plan, string: int, occurrences: int) -> _Errors:
    """The errors of a token of one string."""
    kinds = strips(
        float(plan.token.slope),
        1,
        above(plan.shifts.frequency),
        float(plan.position.slope),
        occurrences,
    )
    slope, positions = plan.token.slope, plan.position.slope
    plain, own, other = (kind.error(plan.token.rule, slope, positions) for kind in kinds)
    return _Errors(plain, other, own) if string else _Errors(plain, own, other)


@lru_cache(maxsize=2**10)
def _both(plan: Plan, direction: Direction) -> _Errors:
    """The errors of a Gaussian that enters both strings."""
    if not direction.slope > 0:
        return _NONE
    kinds = strips(float(direction.slope), 2, above(plan.shifts.frequency))
    plain, harmonic = (kind.error(direction.rule, direction.slope, arb(0)) for kind in kinds)
    return _Errors(plain, harmonic, harmonic)
