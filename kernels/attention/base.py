"""The contract of every estimator of the attention kernel."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from joblib import delayed

from kernels.boundary.floating_point import plain_floats
from kernels.boundary.workers import spread
from kernels.estimates import Estimate, EstimateArray
from kernels.strings.patterns import Pattern

T = TypeVar("T")

Evaluation = Callable[..., EstimateArray]
"""The method `AttentionEstimator.estimate` of an estimator, or one with the same arguments."""


class AttentionEstimator(ABC):
    """A way to compute the attention kernel of Section 4.1 at given ``beta`` and ``gamma``.

    The contract is the formula

        K_attn(x, y) = E[ smax(beta m(x))^T (X Y^T + gamma^2 I) smax(beta m(y)) ],
        m(x)_l = zeta_{x_l} + gamma p_l,   m(y)_l = zeta_{y_l} + gamma p_l,

    with ``zeta`` (one entry a token) and ``p`` (one entry a position) standard Gaussian and
    shared by both strings, and ``X``, ``Y`` the one-hot rows. Estimators are immutable: the same
    arguments give the same result. Whatever NumPy has been told to do on underflow, `estimate`
    computes as IEEE 754 has it.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Guard the subclass's own `estimate`: terms vanish underflow there by design."""
        super().__init_subclass__(**kwargs)
        if "estimate" in vars(cls):
            cls.estimate = plain_floats(cls.estimate)  # type: ignore[method-assign]

    @abstractmethod
    def estimate(
        self, patterns: Sequence[Pattern], beta: float, gamma: float, *, n_jobs: int | None = None
    ) -> EstimateArray:
        """The kernel at each pattern, shape ``(len(patterns),)``, with errors.

        Args:
            patterns: joint equality patterns; lengths may differ.
            beta: inverse temperature, at least 0.
            gamma: positional weight, at least 0.
            n_jobs: joblib workers; where left out, what ``joblib.parallel_config`` says, whose
                backend (Dask, say) is honoured in any case.

        Raises:
            TooLargeError: a pattern costs more than this estimator may spend.
            ToleranceNotMetError: an accuracy was asked for and could not be reached.
        """


def one_by_one(
    estimate: Callable[[T], Estimate], items: Iterable[T], n_jobs: int | None
) -> EstimateArray:
    """The estimate of each item on its own, on joblib's workers."""
    parallel = spread(n_jobs, prefer="threads")
    return EstimateArray.gather(parallel(delayed(estimate)(item) for item in items))


def gathered(
    patterns: Sequence[Pattern],
    choices: Sequence[Evaluation],
    beta: float,
    gamma: float,
    n_jobs: int | None,
) -> EstimateArray:
    """The estimates by several estimators, each called once with the patterns it was chosen for."""
    found: dict[int, Estimate] = {}
    for evaluate in dict.fromkeys(choices):
        places = [i for i, chosen in enumerate(choices) if chosen == evaluate]
        part = [patterns[i] for i in places]
        found.update(zip(places, evaluate(part, beta, gamma, n_jobs=n_jobs), strict=True))
    return EstimateArray.gather(found[i] for i in range(len(patterns)))
