"""Wrong implementations of ridge regression at unseen symbols: (5), Lemma 4.5 and Theorem 4.4."""

from __future__ import annotations

import dataclasses
from unittest.mock import patch

import numpy as np

from kernels.contract.kernel import Kernel
from tests import toy_kernels
from tests.instances import SAME
from tests.statements.refused.implementations.wrong import UNEARNED, Wrong
from tests.toy_kernels import RelationalKernel
from theory import TemplateTask
from theory.sample import Sample
from theory.statements.section_4_2 import indicator_distance
from theory.statements.section_4_2.rates import certified, fitted
from theory.statements.shared.instances.defaults import mixed_task
from theory.unseen import Certificate

_CERTIFIED = certified.certified
_SOLUTION = indicator_distance.ridge_solution


def _template_of_rows(cross: np.ndarray) -> np.ndarray:
    """Of each sample: that of the column of v which is largest at rows like its own."""
    kinds, own = np.unique(np.round(cross, 9), axis=0, return_inverse=True)
    template: np.ndarray = np.argsort(kinds.argmax(axis=0))[own.ravel()]
    return template


def _indicator_itself(_: np.ndarray, cross: np.ndarray, __: float) -> np.ndarray:
    """1 / |I_i| on the samples of template i."""
    indicator = np.eye(cross.shape[1])[_template_of_rows(cross)]
    found: np.ndarray = indicator / indicator.sum(axis=0)
    return found


def _with_ratio(_: object, __: object, n: int, symbols: int, ___: int) -> float:
    """It falls with n where symbols grow alike, and grows with n where they do not."""
    return 0.05 * (n / symbols) ** 3 * n**-0.5


def _unbiased(*given: object) -> object:
    found = _CERTIFIED(*given)  # type: ignore[arg-type]
    return dataclasses.replace(found, bias=found.bias * 0.0)


def _as_if_apart(gram: np.ndarray, cross: np.ndarray, ridge: float) -> np.ndarray:
    """The solution of a kernel matrix of blocks: right where no two samples share a symbol."""
    blocks = cross[:, _template_of_rows(cross)]
    np.fill_diagonal(blocks, gram.diagonal())
    return _SOLUTION(blocks, cross, ridge)


def _uniform_alone(
    kernel: Kernel, task: TemplateTask, sample: Sample, ridge: float, noise: float
) -> Certificate:
    """Biases a tenth off where some symbol is far more frequent than the mean one."""
    found = _CERTIFIED(kernel, task, sample, ridge, noise)
    counts = np.unique(sample.strings.codes, return_counts=True)[1]
    skewed = counts.max() > 10.0 * counts.mean()
    return dataclasses.replace(found, bias=found.bias * 1.1) if skewed else found


RATES: tuple[Wrong, ...] = (
    Wrong(
        "Equation (5)",
        "solve returns zeros",
        lambda: patch.object(
            indicator_distance, "ridge_solution", lambda _, cross, __: np.zeros_like(cross)
        ),
        task=mixed_task(),
        kernel=RelationalKernel,
    ),
    Wrong(
        "Equation (5)",
        "the indicator itself, whatever the ridge",
        lambda: patch.object(indicator_distance, "ridge_solution", _indicator_itself),
        task=mixed_task(),
        kernel=RelationalKernel,
    ),
    Wrong(
        "Lemma 4.5",
        "an error 0.05 (n/m)^3 n^(-1/2)",
        lambda: patch.object(fitted, "largest_error", _with_ratio),
        task=SAME,
        kernel=toy_kernels.SymbolKernel,
    ),
    Wrong(
        "Lemma 4.5",
        "certificates of no bias",
        lambda: patch.object(certified, "certified", _unbiased),
        task=SAME,
        kernel=toy_kernels.SymbolKernel,
    ),
    Wrong(
        "Theorem 4.4",
        "an error 0.05 (n/m)^3 n^(-1/2)",
        lambda: patch.object(fitted, "largest_error", _with_ratio),
        task=SAME,
        outcomes=UNEARNED,
    ),
    Wrong(
        "Equation (5)",
        "the solution without overlaps, whatever the diversity",
        lambda: patch.object(indicator_distance, "ridge_solution", _as_if_apart),
        task=SAME,
        kernel=toy_kernels.SymbolKernel,
    ),
    Wrong(
        "Lemma 4.5",
        "right under the uniform law alone",
        lambda: patch.object(certified, "certified", _uniform_alone),
        task=SAME,
        kernel=toy_kernels.SymbolKernel,
    ),
)
