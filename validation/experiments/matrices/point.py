"""The template matrix of a task for one kernel, as a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from theory import Singularity, catalogue, template_matrix
from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.laboratory import Laboratory
from validation.experiments.storage.point import Json, Measured, Point
from validation.experiments.storage.tables import kept_values


@dataclass(frozen=True)
class Matrix(Point):
    """The template matrix N of a task.

    Attributes:
        task: a name of the catalogue.
        kernel: which kernel.
    """

    kind: ClassVar[str] = "matrix"

    task: str
    kernel: KernelParameters

    def measure(self, tables: Path) -> dict[str, Json]:
        """Compute N, its spectrum and its verdict; the results are the fields of `FoundMatrix`."""
        task = catalogue.find(self.task)
        kernel = self.kernel.kernel()
        with kept_values(kernel, tables):
            matrix = template_matrix(kernel, task)
            diagonal = np.array([kernel(x, x).value for x in task.unseen()])
        condition = matrix.condition_number
        return {
            "values": matrix.values.tolist(),
            "largest_error": matrix.entries.largest_error,
            "kind": str(matrix.entries.kind),
            "eigenvalues": matrix.eigenvalues.values.tolist(),
            "error": float(matrix.smallest_eigenvalue.error),
            "smallest": matrix.smallest_eigenvalue.value,
            "condition": condition.value if np.isfinite(condition.value) else None,
            "condition_error": float(condition.error) if np.isfinite(condition.error) else None,
            "verdict": str(matrix.verdict.outcome),
            "reason": matrix.verdict.reason,
            "resolved": matrix.resolved,
            "patterns": matrix.patterns,
            "classes": matrix.classes,
            "excess": float((diagonal - np.diag(matrix.values)).max()),
        }


@dataclass(frozen=True)
class FoundMatrix:
    """What was found on one template matrix N.

    Attributes:
        point: which matrix.
        values: its rows.
        largest_error: of its entries.
        kind: of these errors.
        eigenvalues: ascending.
        error: of each eigenvalue.
        smallest: the smallest eigenvalue.
        condition: the condition number, None for an infinite one.
        condition_error: its error, None for an infinite one.
        verdict: nonsingular, singular or inconclusive.
        reason: for the verdict.
        resolved: whether the smallest eigenvalue is told from 0, beyond its error.
        patterns: how many joint equality patterns N needs.
        classes: how many of them the kernel tells apart.
        excess: the largest ``K(x, x) - N_zz``.
    """

    point: Matrix
    values: tuple[tuple[float, ...], ...]
    largest_error: float
    kind: str
    eigenvalues: tuple[float, ...]
    error: float
    smallest: float
    condition: float | None
    condition_error: float | None
    verdict: Singularity
    reason: str
    resolved: bool
    patterns: int
    classes: int
    excess: float

    def row(self) -> list[object]:
        """The values of `MATRIX_COLUMNS`."""
        kernel = self.point.kernel
        return [
            *(kernel.name, self.point.task, kernel.tolerance, self.smallest, self.error),
            *(self.condition, self.condition_error, self.largest_error, self.kind),
            *(self.verdict, self.reason, self.patterns, self.classes, self.excess),
        ]


MATRIX_COLUMNS = [
    *("kernel", "task", "tolerance", "smallest", "error"),
    *("condition", "condition_error", "largest_error", "kind"),
    *("verdict", "reason", "patterns", "classes", "excess"),
]


def find_matrices(
    laboratory: Laboratory, points: Sequence[Matrix], title: str
) -> list[FoundMatrix]:
    """The matrices, computed or found from an earlier run."""
    return [_found(one) for one in laboratory.measure(points, title)]


def _found(one: Measured[Matrix]) -> FoundMatrix:
    result: dict[str, Any] = one.result
    return FoundMatrix(
        point=one.point,
        values=tuple(tuple(map(float, row)) for row in result["values"]),
        largest_error=one.number("largest_error"),
        kind=str(result["kind"]),
        eigenvalues=tuple(one.numbers("eigenvalues")),
        error=one.number("error"),
        smallest=one.number("smallest"),
        condition=result["condition"],
        condition_error=result["condition_error"],
        verdict=Singularity(result["verdict"]),
        reason=str(result["reason"]),
        resolved=bool(result["resolved"]),
        patterns=int(one.number("patterns")),
        classes=int(one.number("classes")),
        excess=one.number("excess"),
    )
