"""Wrong implementations of B1 to B9, each of which the checks must refuse."""

from __future__ import annotations

from collections.abc import Callable
from math import perm

import numpy as np
import pytest

from tests.tolerances import IDENTITY_AGAINST_DENSE, LAW_ROUNDING, LOEWNER_ROUNDING
from tests.toy_kernels import SymbolKernel
from tests.unseen.cases import TASKS, Case, below, by_enumeration, case, drawn
from theory import TemplateTask, certify
from theory.unseen.bounds.bias import bias
from theory.unseen.bounds.overlap import uniform_overlap
from theory.unseen.bounds.pairs import TemplatePairs, template_pairs
from theory.unseen.bounds.spread import sample_spread

CROWDED = {
    law: drawn(TemplateTask.parse(TASKS[i % 2]), [0, 1] * 10, 5, law, i, 0.2)
    for i, law in enumerate(("uniform", "zipf", "blocks"))
}
"""Samples of 20 strings on 5 symbols: V is far from W."""


def noise_from(one: Case, spread: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    carried = one.pairs.apart @ np.linalg.inv(one.pairs.apart + spread)
    return one.sigma * np.sqrt(np.diag(carried @ covariance @ carried.T))


def identity_holds(
    one: Case,
    spread: Callable[[Case], np.ndarray],
    covariance: Callable[[Case], np.ndarray],
) -> bool:
    true_bias, true_noise = one.dense()
    v = spread(one)
    found = bias(one.pairs.apart, v, one.task.label_array)
    noise = noise_from(one, v, covariance(one))
    scale = IDENTITY_AGAINST_DENSE * (1.0 + np.abs(one.task.label_array).max())
    return bool(
        np.abs(found - true_bias).max() <= scale and np.abs(noise - true_noise).max() <= scale
    )


def mean_in_place_of_least(one: Case) -> np.ndarray:
    """W + ridge D^-1, what equal weights give, in place of V."""
    w = sample_spread(one.gram, one.indicator, one.pairs.apart)
    return w + np.diag(one.ridge / one.counts)


def without_the_square(one: Case) -> np.ndarray:
    """V Z^T (Sigma + ridge)^-1 Z V in place of U."""
    return one.spread


def kernel_in_place_of_sigma(one: Case) -> np.ndarray:
    shifted = one.gram + one.ridge * np.eye(len(one.index))
    return np.linalg.inv(one.indicator.T @ np.linalg.solve(shifted, one.indicator))


@pytest.mark.parametrize("law", CROWDED)
def test_identity_tells_right_from_wrong(law: str) -> None:
    one = CROWDED[law]
    right = (lambda c: c.spread), (lambda c: c.covariance)
    assert identity_holds(one, *right)
    assert not identity_holds(one, mean_in_place_of_least, right[1])
    assert not identity_holds(one, kernel_in_place_of_sigma, right[1])
    assert not identity_holds(one, right[0], without_the_square)


def all_of_both(a: int, b: int, q: int, m: int) -> float:
    """Independent injections that need not avoid each other."""
    return perm(m, a) * perm(m, b) / (perm(m, a) * perm(m, b)) * min(q, 1)


def powers(a: int, b: int, q: int, m: int) -> float:
    """m^q in place of the falling factorial, whatever the other wildcards do."""
    return float(m) ** -q * min(a, b, 1)


def no_avoiding(a: int, b: int, q: int, m: int) -> float:
    """1 / (m)_q: the other wildcards may share symbols too."""
    return min(a, b, 1) / perm(m, q)


def first_order(a: int, b: int, q: int, m: int) -> float:
    """One shared symbol at most."""
    return perm(m, a + b - q) / perm(m, a) / perm(m, b) if q == 1 else 0.0


def off_by_one(a: int, b: int, q: int, m: int) -> float:
    return perm(m, a + b - q - 1) / perm(m, a) / perm(m, b)


Share = Callable[[int, int, int, int], float]


def _overlap(pairs: TemplatePairs, m: int, share: Share) -> np.ndarray:
    r = len(pairs.templates)
    found = np.zeros((r, r))
    for (a, b), values in pairs.values.items():
        w = pairs.wildcards[a], pairs.wildcards[b]
        for matching, value in zip(pairs.matchings(a, b)[1:], values[1:], strict=True):
            found[a, b] += share(*w, len(matching), m) * (value - values[0])
        found[b, a] = found[a, b]
    return found


@pytest.mark.parametrize("wrong", [all_of_both, powers, no_avoiding, first_order, off_by_one])
def test_overlap_by_enumeration_refuses(wrong: Share) -> None:
    task = TemplateTask.parse({"αβα": 1.0, "αββ": -0.5})
    pairs = template_pairs(SymbolKernel(), task)
    true = by_enumeration(task, 4)
    assert np.abs(uniform_overlap(pairs, 4) - true).max() <= LAW_ROUNDING
    assert np.abs(_overlap(pairs, 4, wrong) - true).max() > 1e-3


def residual_enclosure(
    one: Case, share: float, second: float = 1.0, third: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """The ends of B8 from a share of the solution; the signs are those of its terms."""
    shifted = one.gram + one.ridge * np.eye(len(one.index))
    solution = share * np.linalg.solve(shifted, one.indicator)
    left = one.indicator - shifted @ solution
    lower = solution.T @ one.indicator + second * left.T @ solution
    return lower, lower + third * left.T @ left / one.ridge


@pytest.mark.parametrize("law", CROWDED)
@pytest.mark.parametrize("share", [0.0, 0.5, 0.99, 1.5])
def test_residual_bound_refuses_a_flipped_sign(law: str, share: float) -> None:
    one = CROWDED[law]
    p = np.linalg.inv(one.pairs.apart + one.spread)

    def encloses(*signs: float) -> bool:
        lower, upper = residual_enclosure(one, share, *signs)
        return below(lower, p, LOEWNER_ROUNDING) and below(p, upper, LOEWNER_ROUNDING)

    assert encloses()
    assert not encloses(1.0, -1.0)
    if share > 1.0:  # a smaller share leaves slack enough to hide the second term
        assert not encloses(-1.0)


def test_residual_bound_is_attained() -> None:
    """A kernel matrix with the eigenvalue 0 in the direction of the residual."""
    gram, z, ridge = np.zeros((2, 2)), np.ones((2, 1)), 0.5
    wrong = z * 0.0
    left = z - (gram + ridge * np.eye(2)) @ wrong
    assert left.T @ left / ridge == pytest.approx(z.T @ z / ridge)  # which is P


def test_certificate_moves_when_its_parts_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests of the certificate refuse a solution that forgets how often strings occur."""
    from theory.unseen.fitted import FittedRidge

    one = case(0, largest=10, samples=60)
    true = one.dense()[0]
    right = FittedRidge.solve_for_indicators

    def forgetful(self, index, templates, *, tolerance):
        found = right(self, index, templates, tolerance=tolerance)
        return type(found)(
            0.9 * found.zb, found.bq, found.bb, found.qq, found.sums, found.root, found.iterations
        )

    monkeypatch.setattr(FittedRidge, "solve_for_indicators", forgetful)
    monkeypatch.setattr("theory.unseen.certification.require_labels", lambda *_: None)
    wrong = certify(one.fit(), one.task, noise=one.sigma)
    assert np.abs(wrong.bias.values - true).max() > 1e-3
