"""Work that is cut in pieces for the sake of memory: the pieces make the whole."""

from __future__ import annotations

import numpy as np
import pytest

from kernels import KernelRidge
from kernels.regression.prediction import by_cells, by_pairs
from kernels.regression.routes.choice import Route
from kernels.strings import keys, pairs
from kernels.strings.encoding import encode
from tests.tolerances import PIECES
from tests.toy_kernels import SymbolKernel
from theory import catalogue

PIECES_OF = {
    "dense": (by_pairs, "_PAIRS_AT_ONCE"),
    "structured": (by_cells, "_PAIRS_AT_ONCE"),
}


@pytest.mark.parametrize("size", [1, 3, 50])
@pytest.mark.parametrize("route", ["dense", "structured"])
def test_predictions_in_pieces(monkeypatch: pytest.MonkeyPatch, route: Route, size: int) -> None:
    """Symbols that new strings share with training strings are what the pieces are made of."""
    sample = catalogue.find("aba-abb").sample(60, alphabet=12, noise=0.1, seed=0)
    new = catalogue.find("aba-abb").sample(40, alphabet=12, seed=1).strings
    model = KernelRidge(SymbolKernel(), alpha=0.1, route=route).fit(sample.strings, sample.labels)
    whole = model.predict(new)
    module, name = PIECES_OF[route]
    monkeypatch.setattr(module, name, size)
    np.testing.assert_allclose(model.predict(new), whole, rtol=0.0, atol=PIECES)


@pytest.mark.parametrize("size", [1, 5, 40])
def test_patterns_of_pairs_in_pieces(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    codes = encode([f"{a}{b}{c}" for a in "ABC" for b in "ABD" for c in "BCE"]).codes
    patterns, index = pairs.unique_patterns(codes, codes[:10])
    whole = [[patterns[i] for i in row] for row in index]
    monkeypatch.setattr(pairs, "_ROWS_AT_ONCE", size)
    monkeypatch.setattr(keys, "_COUNTED", size)
    patterns, index = pairs.unique_patterns(codes, codes[:10])
    assert [[patterns[i] for i in row] for row in index] == whole
    assert len(set(patterns)) == len(patterns)
