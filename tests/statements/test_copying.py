"""Section 5: what is made of the largest of several networks and of several matrices."""

from __future__ import annotations

import numpy as np
import pytest

from theory.networks.copying import Copying
from theory.statements.framework.claims import Fact
from theory.statements.section_5.copying import Measured, worst_ratios
from theory.statements.section_5.theorem_5_2 import _negative

MODEL = Copying(heads=2)


@pytest.mark.parametrize("place", [0, 3, 7])
def test_one_network_whose_test_loss_rises_is_enough(place: int) -> None:
    """Of the widest ones: the claim is one of all networks."""
    limits = Measured(MODEL, [], [], np.ones(7), 0).limits
    rates = np.where(limits[1] < 0.0, 1.0, 0.0)
    widths = [2**5, 2**8, 2**11]
    draws = [limits + width**-0.5 * np.ones((8, 1, 1)) for width in widths]
    for rising, outcome in ((False, True), (True, False)):
        if rising:
            draws[-1] = draws[-1].copy()
            draws[-1][place, 1] *= -1.0
        claims, _ = _negative(Measured(MODEL, widths, draws, rates, 0))
        (fact,) = (claim for claim in claims if isinstance(claim, Fact))
        assert fact.true is outcome, fact.evidence


def test_the_worst_ratio_is_of_the_worst_matrix_in_use() -> None:
    train, test = [-1.0, -2.0, -1.0, 0.0, -1.0], [0.5, -3.0, 1.0, 7.0, 9.0]
    found = np.array([[train, test], [test, train]])
    found[1, 0] = -np.abs(found[1, 0])
    used = np.array([1.0, 1.0, 1.0, 1.0, 0.0])
    np.testing.assert_array_equal(worst_ratios(found, used), [1.5, 2.0])
