"""Balls of more digits than floats have."""

from __future__ import annotations

import mpmath
import pytest
from flint import arb

from kernels import InvalidInputError, Pattern, ProvedQuadrature
from kernels.attention.proved import precise
from kernels.boundary.exceptions import ToleranceNotMetError, TooLargeError
from kernels.estimates.balls import precision

AA_BC, A_B, AB_BA = (Pattern.of(*pair) for pair in (("AA", "BC"), ("A", "B"), ("AB", "BA")))

STORED = "0.66033431718535576691 +/- 8.3e-21"
"""AA/BC at beta = gamma = 1, from sums in balls that share no code with these."""


def ball(pattern: Pattern, beta: float, gamma: float, tolerance: float) -> arb:
    return ProvedQuadrature(tolerance).ball(pattern, beta, gamma)


def test_a_value_that_was_stored_with_twenty_digits() -> None:
    """A value that is off by a unit of the eighteenth digit would be seen."""
    found = ball(AA_BC, 1.0, 1.0, 1e-20)
    with precision(128):
        stored = arb(STORED)
        assert found.overlaps(stored)
        assert not found.overlaps(stored + arb("1e-18"))


@pytest.mark.parametrize("tolerance", [1e-20, 1e-28])
def test_one_position_besides_the_last_as_a_double_integral(tolerance: float) -> None:
    """Without positions the strings share [CLS] alone: E (E logistic(beta (z - w)))^2."""
    beta, step = 1.0, mpmath.mpf("0.2")
    with mpmath.workdps(40):
        nodes = [step * n for n in range(-60, 61)]
        weights = [step * mpmath.npdf(node) for node in nodes]

        def mean(z: mpmath.mpf) -> mpmath.mpf:
            terms = (
                w / (1 + mpmath.exp(beta * (n - z))) for n, w in zip(nodes, weights, strict=True)
            )
            return mpmath.fsum(terms)

        truth = mpmath.fsum(w * mean(z) ** 2 for z, w in zip(nodes, weights, strict=True))
        found = ball(A_B, beta, 0.0, tolerance)
        with precision(160):
            error = abs(found - arb(mpmath.nstr(truth, 36)))
            assert error.contains(0) or error < 1e-34
    assert 1e-4 * tolerance < float(found.rad()) <= tolerance


@pytest.mark.parametrize("point", [(1.0, 0.0), (0.7, 0.0)])
def test_smaller_balls_lie_within_larger_ones(point: tuple[float, float]) -> None:
    """With shared tokens; and the float's own ball meets them all."""
    coarse, fine = (ball(AB_BA, *point, tolerance) for tolerance in (1e-18, 1e-22))
    in_floats = ProvedQuadrature().balls([AB_BA], *point)[AB_BA]
    assert coarse.overlaps(fine)
    assert coarse.rad() > 10 * fine.rad()
    assert fine.overlaps(arb(in_floats.value, in_floats.radius))


def test_what_truncation_costs_belongs_to_the_ball(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums alone err by more than they round: a ball without the bound misses the truth."""
    truth = ball(A_B, 1.0, 0.0, 1e-22)
    honest = precise.truncation

    def free(*arguments: object) -> object:
        return type(honest(*arguments))(*(arb(0) for _ in range(5)))  # type: ignore[arg-type]

    assert ball(A_B, 1.0, 0.0, 1e-12).overlaps(truth)
    monkeypatch.setattr(precise, "truncation", free)
    assert not ball(A_B, 1.0, 0.0, 1e-12).overlaps(truth)


def test_where_the_softmaxes_are_constant() -> None:
    found = ball(A_B, 0.0, 0.1, 1e-25)
    with precision(128):
        assert found.overlaps((1 + 2 * arb(0.1) ** 2) / 4)


def test_what_is_too_much() -> None:
    with pytest.raises(TooLargeError, match="in balls take about"):
        ball(AB_BA, 1.0, 1.0, 1e-25)
    with pytest.raises(InvalidInputError, match="1e-30"):
        ball(A_B, 1.0, 1.0, 1e-31)
    with pytest.raises(InvalidInputError, match="beta"):
        ball(A_B, -1.0, 1.0, 1e-20)


def test_the_refusal_names_the_way() -> None:
    with pytest.raises(ToleranceNotMetError, match=r"bits, which the method ball of Proved"):
        ProvedQuadrature(1e-17).estimate([A_B], 1.0, 0.0)
