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
from theory.statements.section_4_2.rates.effort import LARGE, in_time, sizes_up_to
from theory.statements.shared.claims.falls import falls_with_samples

KERNEL = TransformerKernel(2.0, 1.0, Cosine(1.0, 1.2), Quadrature(1e-6))


def test_certificates_go_on_where_factorizations_end(monkeypatch: pytest.MonkeyPatch) -> None:
    direct = fitted.largest_error(SAME, KERNEL, 120, 20, seed=3)
    monkeypatch.setattr(fitted, "LARGE", ((50, 8),))
    certified = fitted.largest_error(SAME, KERNEL, 120, 20, seed=3)
    assert certified == pytest.approx(direct, rel=1e-5)
    assert certified != fitted.largest_error(SAME, KERNEL, 120, 20, seed=4)


def test_sizes_keep_their_ratios_and_end_where_they_should() -> None:
    assert sizes_up_to(LARGE, None) == sizes_up_to(LARGE, 800) == list(LARGE)
    assert sizes_up_to(LARGE, 500) == [(400, 64), (400, 256)]
    found = sizes_up_to(LARGE, 30_000)
    assert max(n for n, _ in found) == 30_000
    assert {round(n / symbols, 1) for n, symbols in found[3:]} == {6.2, 1.6}
    assert sizes_up_to(LARGE, 30_000, 5.0) == found
    assert max(n for n, _ in sizes_up_to(LARGE, None, 5.0)) > 10**6


@pytest.mark.parametrize(
    ("seconds", "reached"), [(None, 102_400), (2.0, 800), (16.5, 6_400), (1e9, 102_400)]
)
def test_n_rises_while_time_is_left(seconds: float | None, reached: int) -> None:
    now, begun = [0.0], []

    def measure(place: int, at: tuple[int, int]) -> list[float]:
        begun.append(place)
        now[0] += at[0] / 1_000  # seconds
        return [0.0]

    sizes = sizes_up_to(LARGE, 102_400)
    found = in_time(sizes, measure, seconds, clock=lambda: now[0])
    assert list(found) == sizes[: len(found)]
    assert begun == list(range(len(found)))
    assert max(n for n, _ in found) == reached
    assert seconds is None or now[0] <= seconds


def test_the_check_says_how_far_the_seconds_reached() -> None:
    lemma = statements.find("Lemma 4.5")
    found = lemma.check(SAME, KERNEL, quick=True, seconds=1e-6)
    assert found.evidence["samples up to"] == 800
    assert found.evidence["checked on"]["seconds"] == 1e-6
    assert "seconds" in statements.find("Theorem 4.4").settings


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), float("inf"), "long"])
@pytest.mark.parametrize("id", ["Lemma 4.5", "Theorem 4.4"])
def test_no_seconds_are_refused(id: str, seconds: object) -> None:
    with pytest.raises((InvalidInputError, TypeCheckError), match="seconds"):
        statements.find(id).check(SAME, KERNEL, quick=True, seconds=seconds)


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
