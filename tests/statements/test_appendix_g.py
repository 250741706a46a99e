"""Appendix G: the kernel at and off the axis; series of softmax."""

from __future__ import annotations

import numpy as np
import pytest

from tests.tolerances import SERIES_INSIDE_ITS_DISC, TRUNCATED_SOFTMAX, TRUNCATED_TANGENT
from theory import statements
from theory.derivatives.series.length_two import true_value
from theory.statements import Outcome, Setting
from theory.statements.appendix_g import lemma_g_1, lemma_g_7, lemma_g_8
from theory.statements.appendix_g.power_series import Expansion, softmax_expansions
from theory.statements.appendix_g.softmax_series import RHO, Draw, softmax_bound
from theory.statements.framework.claims import AtMost

QUICK = Setting(quick=True)


def test_kernel_is_not_analytic_at_the_axis() -> None:
    found = statements.find("G.1").check(quick=True)
    assert found.outcome is Outcome.VIOLATED
    assert "at the axis" in str(found.counterexample)


def test_series_at_one_gives_the_kernel_inside_its_disc() -> None:
    series = lemma_g_1.disc_coefficients(1.0, 0.5, 80)
    betas = np.array([0.7, 1.0, 1.2])
    found = [float(series @ (beta - 1.0) ** np.arange(80)) for beta in betas]
    assert np.abs(np.array(found) - true_value(betas).values).max() < SERIES_INSIDE_ITS_DISC


def test_softmax_expansion_against_softmax() -> None:
    x, z = np.array([0.3, -1.0]), np.array([0.05, -0.08])
    logits = [
        Expansion.of({(0, 0): float(x[0]), (1, 0): 1.0}, 12),
        Expansion.of({(0, 0): float(x[1]), (0, 1): 1.0}, 12),
    ]
    powers = np.exp(x + z)
    for entry, expected in zip(softmax_expansions(logits), powers / powers.sum(), strict=True):
        found = sum(c * z[0] ** i * z[1] ** j for (i, j), c in np.ndenumerate(entry.coefficients))
        assert found == pytest.approx(expected, abs=TRUNCATED_SOFTMAX)


class Given(np.random.Generator):
    """Gaussians that are chosen: those of the two tokens, the others."""

    def __init__(self, *rows: list[float]) -> None:
        super().__init__(np.random.PCG64())
        self.rows = iter(rows)

    def standard_normal(self, *_: object) -> np.ndarray:
        return np.array(next(self.rows))


def opposite_tokens() -> Draw:
    """At beta = gamma = 0 both softmax entries are ``1/2 +- tanh(b) / 2``, A is 1."""
    return Draw(("A", "A"), (0.0, 0.0), 1.0, Given([1.0, -1.0], [0.0, 0.0]))


def test_the_radius_of_a_softmax_entry_is_attained_within_a_factor_of_2_7() -> None:
    """There 1/2 + tan(t) / 2, the sum with moduli, is beyond M; at 2.5 radii it is not yet."""
    draw = opposite_tokens()
    for entry in draw.entries[0]:
        assert entry.absolute_sum(2.5 * draw.radius) < softmax_bound()
        assert entry.absolute_sum(2.7 * draw.radius) > softmax_bound()
    # It is at most 1, and shrinks as positions grow, the more the further out the point is.
    tokens, places = [0.1, -0.1], [0.0, 0.2]
    assert Draw(("A", "A"), (0.0, 0.0), 1.0, Given(tokens, places)).radius == 1.0
    out = Draw(("A", "A"), (3.0, 1.0), 1.0, Given(tokens, places))
    assert out.radius == pytest.approx(RHO / 1.1)


@pytest.mark.parametrize(
    ("lemma", "examine", "expected"),
    [
        (lemma_g_7, lemma_g_7.examine_entries, 0.5 + 0.5 * np.tan(RHO)),
        (lemma_g_8, lemma_g_8.examine_integrand, (1.0 + RHO**2) * (0.5 + 0.5 * np.tan(RHO) ** 2)),
    ],
)
def test_partial_sums_are_those_at_the_radius(
    monkeypatch: pytest.MonkeyPatch, lemma: object, examine: object, expected: float
) -> None:
    monkeypatch.setattr(lemma, "draws", lambda _: [("one", opposite_tokens())])
    (claim, _) = examine(QUICK).claims
    assert isinstance(claim, AtMost)
    assert claim.value.value == pytest.approx(expected, abs=TRUNCATED_TANGENT)
