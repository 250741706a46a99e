"""How many samples Theorem 4.4 and Lemma 4.5 take: what the user allows."""

from __future__ import annotations

import pytest
from jaxtyping import TypeCheckError

from kernels import Cosine, InvalidInputError, Quadrature, TransformerKernel
from tests.instances import SAME
from theory import statements
from theory.statements import Outcome
from theory.statements.framework.decision import decided
from theory.statements.section_4_2.rates import fitted
from theory.statements.shared.claims.falls import falls_with_samples

KERNEL = TransformerKernel(2.0, 1.0, Cosine(1.0, 1.2), Quadrature(1e-6))


def test_certificates_go_on_where_factorizations_end(monkeypatch: pytest.MonkeyPatch) -> None:
    direct = fitted.largest_error(SAME, KERNEL, 120, 20, seed=3)
    monkeypatch.setattr(fitted, "LARGE", ((50, 8),))
    certified = fitted.largest_error(SAME, KERNEL, 120, 20, seed=3)
    assert certified == pytest.approx(direct, rel=1e-5)
    assert certified != fitted.largest_error(SAME, KERNEL, 120, 20, seed=4)


def test_sizes_keep_their_ratios_and_end_where_they_should() -> None:
    large = fitted.LARGE
    assert fitted.sizes_up_to(large, None) == fitted.sizes_up_to(large, 800) == list(large)
    assert fitted.sizes_up_to(large, 500) == [(400, 64), (400, 256)]
    found = fitted.sizes_up_to(large, 30_000)
    assert max(n for n, _ in found) == 30_000
    assert {round(n / symbols, 1) for n, symbols in found[3:]} == {6.2, 1.6}


@pytest.mark.parametrize("samples", [3, 1.5, "many", -1])
@pytest.mark.parametrize("id", ["Lemma 4.5", "Theorem 4.4"])
def test_too_few_samples_are_refused(id: str, samples: object) -> None:
    # Tests check types by annotations too, and may be the first to refuse.
    with pytest.raises((InvalidInputError, TypeCheckError), match="samples"):
        statements.find(id).check(SAME, KERNEL, quick=True, samples=samples)


def test_what_stays_open_says_what_to_set() -> None:
    slow = {(100, 16): [1.0, 1.1], (400, 64): [0.6, 0.7], (800, 128): [0.48, 0.52]}
    case = decided(falls_with_samples(slow, "larger n: set samples=25600"), 1e-6)
    assert case.outcome is Outcome.INCONCLUSIVE
    assert "set samples=25600" in str(case.settles)
