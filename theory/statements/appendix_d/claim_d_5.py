"""How far a ridge prediction moves with its matrix and its vector (Claim D.5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from kernels.estimates import Estimate, Numerical
from theory.statements.framework.claims import AtMost
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement

_ROUNDING = 1e-10
"""Relative to the terms of the bound; systems are of condition below 1e4."""


@dataclass(frozen=True, eq=False)
class RidgePair:
    """Two ridge predictions of the same labels.

    Attributes:
        labels: y.
        first: K and v.
        second: K' and v'.
        ridge: lambda.
    """

    labels: Float64[np.ndarray, " n"]
    first: tuple[Float64[np.ndarray, "n n"], Float64[np.ndarray, " n"]]
    second: tuple[Float64[np.ndarray, "n n"], Float64[np.ndarray, " n"]]
    ridge: float

    @property
    def change(self) -> float:
        """``|y^T (K + ridge)^{-1} v - y^T (K' + ridge)^{-1} v'|``."""
        values = [self.labels @ self._solve(k, v) for k, v in (self.first, self.second)]
        return abs(float(values[0] - values[1]))

    @property
    def bound(self) -> float:
        """The right-hand side of Claim D.5."""
        (k, v), (k_other, v_other) = self.first, self.second
        y = float(np.linalg.norm(self.labels)) / self.ridge
        moved = float(np.linalg.norm(v - v_other))
        norm = float(np.linalg.norm(k - k_other, 2))
        return y * moved + y * norm * float(np.linalg.norm(self._solve(k_other, v_other)))

    @property
    def trivial(self) -> float:
        """The sum of bounds on both predictions: |(K + ridge)^{-1} v| is at most |v| / ridge."""
        sizes = [float(np.linalg.norm(v)) for _, v in (self.first, self.second)]
        return float(np.linalg.norm(self.labels)) / self.ridge * sum(sizes)

    def _solve(
        self, k: Float64[np.ndarray, "n n"], v: Float64[np.ndarray, " n"]
    ) -> Float64[np.ndarray, " n"]:
        return np.linalg.solve(k + self.ridge * np.eye(len(k)), v)


def _random_pair(rng: np.random.Generator) -> RidgePair:
    n = int(rng.integers(2, 12))

    def semidefinite(rank: int) -> Float64[np.ndarray, "n n"]:
        factor = rng.standard_normal((n, rank))
        return factor @ factor.T

    k = semidefinite(int(rng.integers(1, n + 1)))
    other = k + 10.0 ** rng.uniform(-4, 1) * semidefinite(1)
    v = rng.standard_normal(n)
    moved = v + 10.0 ** rng.uniform(-4, 1) * rng.standard_normal(n)
    ridge = float(10.0 ** rng.uniform(-2, 1))
    return RidgePair(rng.standard_normal(n), (k, v), (other, moved), ridge)


def _tight_pairs() -> list[RidgePair]:
    """Where the two sides are equal: y is in the kernel of K and along what moves."""
    e1, e2 = np.eye(2)
    k = np.outer(e2, e2)
    only_v = RidgePair(e1, (k, e1), (k, 0.5 * e1), 0.5)
    swap = np.array([[0.0, 0.1], [0.1, 0.0]])
    only_k = RidgePair(e1, (k, e2), (k + swap, e2 + 0.0), 0.5)
    return [only_v, only_k]


def examine_perturbation(
    setting: Setting, constant: float = 1.0, pairs: list[RidgePair] | None = None
) -> Examination:
    """Random pairs and pairs where the bound, times ``constant``, is attained."""
    rng = setting.rng()
    draws = 50 if setting.quick else 1_000
    tried = pairs or [*_tight_pairs(), *(_random_pair(rng) for _ in range(draws))]
    ratios: list[float] = []
    worst = None
    for pair in tried:
        bound = constant * pair.bound
        ratio = pair.change / bound
        if not ratios or ratio > max(ratios):
            worst = AtMost(
                "worst pair",
                Estimate(pair.change, Numerical(_ROUNDING * pair.bound)),
                Estimate(bound * (1.0 + 4.0 * _ROUNDING), Numerical(_ROUNDING * bound)),
                trivial=pair.trivial,
            )
        ratios.append(ratio)
    evidence = {
        "pairs": len(tried),
        "largest ratio": max(ratios),
        "pairs whose bound is below the trivial one": sum(p.bound < p.trivial for p in tried),
    }
    figure = f"{len(tried)} pairs move by at most {max(ratios):.3f} of the bound"
    return Examination([worst] if worst else [], figure, evidence=evidence)


STATEMENT = Statement(
    ids=("Claim D.5",),
    title="Perturbation of ridge regression",
    words="For a positive semidefinite K, the prediction moves by at most |y| / λ times the "
    "change of v, plus |y| / λ times the change of K times the norm of the second solution.",
    latex=r"|y^T(K+\lambda)^{-1}v - y^T(K'+\lambda)^{-1}v'| \le \frac{\|y\|}{\lambda}\|v-v'\| + "
    r"\frac{\|y\|}{\lambda}\|K-K'\|\,\|(K'+\lambda)^{-1}v'\|",
    examine=examine_perturbation,
)
