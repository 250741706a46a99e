"""Components that are their own reverse are summed at half of the pairs of shifts."""

from __future__ import annotations

import numpy as np
import pytest

from kernels import Pattern
from kernels.attention.proved.bounds.plan import Shape, make_plan
from kernels.attention.proved.structure import READ_OUT, Structure
from kernels.attention.proved.sums.contraction import Contraction
from kernels.attention.proved.sums.route import Route
from kernels.attention.proved.sums.tables import Tables
from kernels.attention.proved.sums.tensors import Sums
from kernels.attention.symmetry.multigraph import components


@pytest.mark.parametrize("strings", [("ABAB", "CDDC"), ("AAB", "AAB"), ("AB", "BA")])
def test_half_of_a_symmetric_contribution_is_all_of_it(strings: tuple[str, str]) -> None:
    """Components that are their own reverse, against the sum at all pairs of shifts."""
    pattern = Pattern.of(*strings)
    shape = Shape.of(Structure.of(pattern))
    contraction = Contraction(Tables(make_plan(1.0, 1.0, aim=1e-4, shape=shape)), Sums())
    count = contraction.tables.plan.count
    seen = 0
    for component in components(pattern):
        if component == READ_OUT or component.reverse != component:
            continue
        route = Route(component)
        half = contraction.contribution(route)
        whole = contraction._passes(route, slice(0, count), 0)
        assert half.jet.keys() == whole.jet.keys()
        for m, array in half.jet.items():
            assert np.allclose(array, array.T, rtol=1e-13, atol=0.0)
            assert np.allclose(array, whole.jet[m], rtol=1e-12, atol=0.0)
        seen += 1
    assert seen > 0
