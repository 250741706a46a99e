"""N for several tasks and both kernels: eigenvalues, conditioning, verdicts."""

from __future__ import annotations

from dataclasses import dataclass

from theory import Singularity
from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.laboratory import Laboratory
from validation.experiments.matrices.point import FoundMatrix, Matrix, find_matrices
from validation.experiments.scale import Scale

QUICK = (("same-different", 1e-10), ("aba-abb", 1e-10), ("majority-3", 1e-10))
FULL = (
    *QUICK,
    ("random-4", 1e-10),
    ("majority-4", 1e-8),
    ("majority-5", 1e-8),
    ("relational-match-to-sample", 1e-10),
    ("relational-match-to-sample", 1e-12),
)
"""Tasks, and how accurate the entries of N are: as far as a verdict needs it, and once not."""


def points(scale: Scale) -> list[Matrix]:
    """Each task with the transformer kernel, then each with the MLP kernel."""
    tasks = QUICK if scale is Scale.QUICK else FULL
    return [
        *(Matrix(task, KernelParameters(tolerance=tolerance)) for task, tolerance in tasks),
        *(Matrix(task, KernelParameters("mlp")) for task in dict(tasks)),
    ]


@dataclass(frozen=True)
class TemplateMatrices:
    """What was found.

    Attributes:
        transformer: of the transformer kernel; same-different first.
        mlp: of the MLP kernel.
    """

    transformer: tuple[FoundMatrix, ...]
    mlp: tuple[FoundMatrix, ...]

    @property
    def all(self) -> tuple[FoundMatrix, ...]:
        """Of both kernels."""
        return self.transformer + self.mlp

    @property
    def nonsingular_tasks(self) -> int:
        """For how many tasks N is found nonsingular with the transformer kernel."""
        nonsingular = [one for one in self.transformer if one.verdict is Singularity.NONSINGULAR]
        return len({one.point.task for one in nonsingular})

    @property
    def tasks(self) -> int:
        """How many tasks there are."""
        return len({one.point.task for one in self.transformer})

    @property
    def singular_mlp(self) -> int:
        """For how many tasks N is singular with the MLP kernel."""
        return sum(one.verdict is Singularity.SINGULAR for one in self.mlp)


def run(laboratory: Laboratory) -> TemplateMatrices:
    """Compute N for every task and both kernels: is it nonsingular, and how well conditioned?"""
    found = find_matrices(laboratory, points(laboratory.scale), "template matrices")
    by_name = {
        name: tuple(one for one in found if one.point.kernel.name == name)
        for name in ("transformer", "mlp")
    }
    return TemplateMatrices(by_name["transformer"], by_name["mlp"])
