"""The n-by-n system of the idealized estimator, as equations (16) to (18) write it down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from jaxtyping import Float64, Int64

from kernels.estimates import Estimate
from theory.matrix.template_matrix import TemplateMatrix, template_matrix
from theory.statements.framework.setting import Setting

RIDGE = 0.01
"""Beside the largest diagonal entry of N, which every check divides N by."""


@dataclass(frozen=True, eq=False)
class IdealizedSystem:
    """The n-by-n system that (16) to (18) write down.

    Attributes:
        matrix: N, divided by its size.
        size: the largest diagonal entry of the kernel's N, 1 where that is 0. Weights and
            predictions do not change where N and the ridge are divided by one number.
        templates: the template of each sample.
        ridge: lambda, divided by the size.
    """

    matrix: TemplateMatrix
    size: float
    templates: Int64[np.ndarray, " n"]
    ridge: float

    @property
    def indicator(self) -> Float64[np.ndarray, "n r"]:
        """Z."""
        return np.eye(len(self.matrix.templates))[self.templates]

    @property
    def counts(self) -> Float64[np.ndarray, " r"]:
        """The diagonal of D."""
        return self.indicator.sum(axis=0)

    @property
    def gram(self) -> Float64[np.ndarray, "n n"]:
        """``Z N Z^T``."""
        return self.indicator @ self.matrix.values @ self.indicator.T

    @property
    def reduced(self) -> Float64[np.ndarray, "r r"]:
        """Q."""
        roots = np.sqrt(self.counts)
        return roots[:, None] * self.matrix.values * roots

    @property
    def nu(self) -> Estimate:
        """The smallest eigenvalue of N."""
        return self.matrix.eigenvalues[0]

    @cached_property
    def weights(self) -> Float64[np.ndarray, "n r"]:
        """``(K + lambda)^{-1} v``, a column for each template that x may match."""
        n = len(self.templates)
        v = self.indicator @ self.matrix.values
        return np.linalg.solve(self.gram + self.ridge * np.eye(n), v)

    @cached_property
    def reduced_weights(self) -> Float64[np.ndarray, "n r"]:
        """The same from the system of N's size: ``Z D^{-1/2} (Q + lambda)^{-1} Q D^{-1/2}``."""
        roots, r = np.sqrt(self.counts), len(self.counts)
        solved = np.linalg.solve(self.reduced + self.ridge * np.eye(r), self.reduced / roots)
        return self.indicator @ (solved / roots[:, None])

    def shrinkage(self, nu: float) -> float:
        """``lambda / (nu p n + lambda)``: at least lambda over the eigenvalues of Q + lambda."""
        return self.ridge / (max(nu, 0.0) * float(self.counts.min()) + self.ridge)


def idealized_system(setting: Setting, n: int, seed: int) -> IdealizedSystem:
    """Samples of every template: shares drawn from the task's law, each template at least once."""
    task = setting.task
    rng = np.random.default_rng([setting.seed, seed])
    drawn = rng.choice(len(task), size=n - len(task), p=np.array(task.weights))
    templates = np.concatenate([np.arange(len(task)), drawn]).astype(np.int64)
    matrix = template_matrix(setting.kernel, task)
    size = float(np.diag(matrix.values).max()) or 1.0
    return IdealizedSystem(_divided(matrix, size), size, templates, RIDGE)


def _divided(matrix: TemplateMatrix, size: float) -> TemplateMatrix:
    """N and its spectrum, divided by a number, without proved bounds; its verdict stays."""
    entries, eigenvalues = matrix.entries / size, matrix.eigenvalues / size
    return replace(matrix, entries=entries, eigenvalues=eigenvalues, enclosure=None)
