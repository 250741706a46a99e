"""What a user vouches for, refused where it is false or no bound, and how deep a rule reaches."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from kernels.activations import CustomActivation
from kernels.activations.proved.analytic import Analytic, _rule, dual_in_balls
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates.balls import above, precision


@pytest.mark.parametrize(
    "wrong",
    [
        Analytic(arb.tanh, strip=5.0, bound=1e-9),
        Analytic(arb.tanh, strip=1.5, bound=14.2, on_line=(0.5, 1.0, 0.77)),
        Analytic(arb.tanh, strip=1.5, bound=0.05, rate=0.2),
        Analytic(arb.sin, strip=1.0, bound=1.6),
        Analytic(lambda t: t.tanh() + arb(1e-4), strip=1.5, bound=15.0),
        Analytic(lambda t: float(t.tanh()), strip=1.5, bound=15.0),  # type: ignore[arg-type,return-value]
    ],
)
def test_what_is_vouched_for_falsely_is_refused_where_it_shows(wrong: Analytic) -> None:
    """A bound below the function, and the balls of another function."""
    with pytest.raises(InvalidInputError, match="analytic"):
        CustomActivation(np.tanh, analytic=wrong)


def test_a_bound_that_fails_at_a_node_is_refused() -> None:
    """True where the function is compared with its balls, and false farther out."""
    cube = Analytic(lambda t: t**3, strip=1.0, bound=20.0)
    activation = CustomActivation(lambda t: t**3, analytic=cube)
    with precision(), pytest.raises(InvalidInputError, match="analytic"):
        activation.enclosure(arb(1), arb(0.5), arb(1))


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"strip": 1e3, "rate": 1.0}, "overflow"),
        ({"strip": 1e-200}, "overflow"),
        ({"strip": 1.0, "bound": 1e308, "rate": 2.0}, "overflow"),
        ({"strip": 1.0, "on_line": (1.0, 2.0, -3.0)}, "on_line"),
    ],
)
def test_bounds_that_are_no_numbers_are_refused(fields: dict[str, Any], match: str) -> None:
    with pytest.raises(InvalidInputError, match=match):
        Analytic(**{"ball": arb.exp, "bound": 1.0} | fields)


@pytest.mark.parametrize("on_line", [(1.0, 2.0), 3.0, "123", ("1", 2.0, 3.0)])
def test_bounds_on_the_line_are_three_numbers(on_line: object) -> None:
    """As users give them, without the tests' check of types."""
    one = Analytic(arb.tanh, strip=1.0, bound=2.0)
    object.__setattr__(one, "on_line", on_line)
    with pytest.raises(InvalidInputError, match="on_line"):
        one.__post_init__()


@pytest.mark.parametrize("bits", [54, 60, 90])
def test_growth_between_two_floats_is_rounded_up(bits: int) -> None:
    """The mean of ``exp(rate |z|)`` is at least ``exp(rate^2 / 2)``, below any float's nearest."""
    with precision():
        rate = 1 + arb(2) ** -bits
        rule = _rule(Analytic(arb.exp, strip=3.0, bound=1.0, rate=1.0), arb(1), rate)
        assert rule.mass >= 2 * (rate**2 / 2).exp()


@given(strip=st.floats(0.05, 40.0), slope=st.floats(1e-3, 5.0), bits=st.integers(53, 90))
def test_nodes_reach_no_farther_than_the_strip(strip: float, slope: float, bits: int) -> None:
    """The error is that of a depth at which the arguments are in the strip, and no deeper."""
    with precision():
        assert is_within(strip, arb(slope) * (1 + arb(2) ** -bits))


def test_nor_where_roundings_are_worst() -> None:
    """Of a slope just below 2 both, of the slope and of the quotient, can be half a unit."""
    nearest, unit = 2.0 - 2.0**-49, 2.0**-52
    slope = Fraction(nearest) + Fraction(49, 100) * Fraction(unit)
    strips = [2.0 + n * 2.0**-40 for n in range(1, 4000)]
    worst = max(strips, key=lambda one: Fraction(one / (nearest + unit)) / Fraction(one))
    assert Fraction(worst / (nearest + unit)) > Fraction(worst) / slope
    with precision():
        steep = arb(nearest) + arb(0.49) * unit
        assert above(steep) == nearest + unit
        assert is_within(worst, steep)


def is_within(strip: float, steep: arb) -> bool:
    """Whether the error of a rule is that of a depth within the strip."""
    rule = _rule(Analytic(arb.tanh, strip=strip, bound=1.0), steep, arb(0))
    step = rule.nodes[1] - rule.nodes[0]

    def error(depth: arb) -> arb:
        return 2 * (depth**2 / 2).exp() / ((2 * arb.pi() * depth / step).exp() - 1)

    # The planned step has its optimum near the depth, so that a shallower one is no better.
    return bool(rule.error >= error((strip / steep).min(arb(84).sqrt())) * (1 - arb(2) ** -60))


@pytest.mark.parametrize(
    ("entries", "factor"),
    [((9.0, 8.5, 9.0), 40), ((4.0, 3.9, 4.0), 40), ((4.0, -3.9, 4.0), 40), ((1.0, 0.5, 16.0), 200)],
)
def test_an_exponential_comes_near_the_end_of_its_ball(
    entries: tuple[float, ...], factor: int
) -> None:
    """Its terms grow along both directions; with a minus sign it does so at the other corner."""
    growing = Analytic(lambda t: t.exp() + (-t).exp(), strip=8.0, bound=2.0, rate=1.0)
    with precision():
        xx, xy, yy = (arb(entry) for entry in entries)
        found = dual_in_balls(growing, xx, xy, yy)
        assert found is not None
        sums = [((xx + yy) / 2 + sign * xy).exp() for sign in (1, -1)]
        error = abs(found.mid() - 2 * (sums[0] + sums[1]))
        assert error <= found.rad() <= factor * error
