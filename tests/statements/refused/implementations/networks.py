"""Wrong networks: of Appendix H, and of Appendix I where it trains."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from unittest.mock import patch

import numpy as np

from kernels.transformer import TransformerKernel
from tests.instances import SAME
from tests.statements.refused.implementations.wrong import Breaking, Wrong
from theory.networks import coupling, training
from theory.networks.training import Problem
from theory.statements.appendix_h import weights

_GRAM, _IN_LAW = TransformerKernel.gram, weights.kernels_in_law


def _not_renamed() -> AbstractContextManager[object]:
    return patch.object(coupling, "renamed_parameters", lambda start, _: start)


def _kernel_times(factor: float) -> Breaking:
    """Gram matrices of so many times the transformer kernel."""
    return lambda: patch.object(TransformerKernel, "gram", lambda *given: factor * _GRAM(*given))


def _wide_networks_times(factor: float) -> Breaking:
    """Kernels of networks drawn in law, times a factor; those drawn by weights are as they are."""
    return lambda: patch.object(
        weights, "kernels_in_law", lambda *a, **b: factor * _IN_LAW(*a, **b)
    )


def _predictions_of(outputs: Callable[[Problem, np.ndarray], np.ndarray]) -> Breaking:
    """Trained networks whose outputs at the test strings are others."""

    def wrong(
        problem: Problem, *_: object, steps: int, runs: int, seed: int
    ) -> tuple[np.ndarray, np.ndarray]:
        noise = np.random.default_rng(seed).standard_normal((runs, steps + 1, len(problem.targets)))
        return outputs(problem, noise), np.zeros((runs, steps + 1))

    return lambda: patch.object(training, "predictions", wrong)


def _right(problem: Problem, noise: np.ndarray) -> np.ndarray:
    return problem.targets + 0.1 * noise


def _two_laws(problem: Problem, noise: np.ndarray) -> np.ndarray:
    return noise * np.linspace(1.0, 3.0, len(problem.targets))


_SMALL = {"width": 4, "depth": 1, "steps": 3, "networks": 1_600}
"""Networks that are compiled and trained in seconds."""


NETWORKS: tuple[Wrong, ...] = (
    Wrong("Appendix H", "twice the kernel", _kernel_times(2.0), task=SAME),
    Wrong("Appendix H", "a kernel 3 % too large", _kernel_times(1.03), task=SAME),
    Wrong("Appendix H", "a kernel 3 % too small", _kernel_times(0.97), task=SAME),
    Wrong("Appendix H", "a law that is not the networks'", _wide_networks_times(1.1), task=SAME),
    Wrong("Theorem I.2", "runs that are not renamed", _not_renamed, settings=_SMALL),
    Wrong("Theorem I.2", "right answers", _predictions_of(_right), settings=_SMALL),
    Wrong("Remark I.4", "runs that are not renamed", _not_renamed, settings=_SMALL),
    Wrong("Remark I.4", "right answers", _predictions_of(_right), settings=_SMALL),
    Wrong("Lemma I.7", "runs that are not renamed", _not_renamed, settings=_SMALL),
    Wrong("Lemma I.7", "outputs of two laws", _predictions_of(_two_laws), settings=_SMALL),
)
