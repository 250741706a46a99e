"""Maps of the smallest eigenvalue of N over the parameters of the kernel."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float64

from validation.experiments.kernel_names import Method
from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.laboratory import Laboratory
from validation.experiments.matrices.point import FoundMatrix, Matrix, find_matrices
from validation.experiments.scale import Scale

TASKS = "same-different", "aba-abb"
TOLERANCE = 1e-9
"""Of the entries of N: small beside most of the eigenvalues shown, and affordable for a map."""

FREQUENCY, PHASE = 1.0, 1.2
AT = KernelParameters(b1=FREQUENCY, b2=PHASE, tolerance=TOLERANCE, method=Method.AUTO)
"""The parameters that a map holds fixed, and the point that it marks."""


@dataclass(frozen=True)
class Map:
    """The map of one task.

    Attributes:
        task: its name.
        x: the values of the first parameter.
        y: those of the second.
        cells: the matrices, row by row.
    """

    task: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    cells: tuple[FoundMatrix, ...]

    @property
    def smallest(self) -> Float64[np.ndarray, "ny nx"]:
        """The smallest eigenvalue in each cell."""
        return np.reshape([cell.smallest for cell in self.cells], (len(self.y), len(self.x)))

    @property
    def doubtful(self) -> Bool[np.ndarray, "ny nx"]:
        """Where the smallest eigenvalue is not told from 0."""
        shape = len(self.y), len(self.x)
        return np.reshape([not cell.resolved for cell in self.cells], shape)


@dataclass(frozen=True)
class Maps:
    """What was found.

    Attributes:
        tasks: one map a task.
        marked: the parameters that the other experiments use.
    """

    tasks: tuple[Map, ...]
    marked: tuple[float, float]

    @property
    def cells(self) -> list[FoundMatrix]:
        """Of all maps."""
        return [cell for one in self.tasks for cell in one.cells]

    @property
    def limits(self) -> tuple[float, float]:
        """The least and the greatest smallest eigenvalue where it is told from 0."""
        certain = [cell.smallest for cell in self.cells if cell.resolved]
        return min(certain), max(certain)

    @property
    def doubtful(self) -> int:
        """In how many cells the smallest eigenvalue is not told from 0."""
        return sum(not cell.resolved for cell in self.cells)


class HeatMap(ABC):
    """The smallest eigenvalue of N over two parameters, for two tasks."""

    @abstractmethod
    def axes(self, scale: Scale) -> tuple[Sequence[float], Sequence[float]]:
        """The values of the two parameters."""

    @abstractmethod
    def cell(self, x: float, y: float) -> KernelParameters:
        """The kernel of a cell."""

    @abstractmethod
    def marked(self) -> tuple[float, float]:
        """The cell of the parameters used elsewhere."""

    def points(self, scale: Scale) -> list[Matrix]:
        """Every cell of every map, row by row."""
        xs, ys = self.axes(scale)
        tasks = TASKS[:1] if scale is Scale.QUICK else TASKS
        return [Matrix(task, self.cell(x, y)) for task in tasks for y in ys for x in xs]

    def run(self, laboratory: Laboratory) -> Maps:
        """Compute N in every cell."""
        found = find_matrices(laboratory, self.points(laboratory.scale), "maps of N")
        xs, ys = (tuple(values) for values in self.axes(laboratory.scale))
        tasks = dict.fromkeys(one.point.task for one in found)
        maps = (
            Map(task, xs, ys, tuple(one for one in found if one.point.task == task))
            for task in tasks
        )
        return Maps(tuple(maps), self.marked())


class TemperatureMap(HeatMap):
    """Over the inverse temperature and the positional weight."""

    def axes(self, scale: Scale) -> tuple[Sequence[float], Sequence[float]]:
        """β up to 2.5 and γ from 0 to 1.6, or fewer; both grids contain the marked cell."""
        if scale is Scale.QUICK:
            return np.linspace(0.5, 2.0, 4).tolist(), np.linspace(0.0, 2.0, 3).tolist()
        return np.linspace(0.25, 2.5, 10).tolist(), np.linspace(0.0, 1.6, 9).tolist()

    def cell(self, x: float, y: float) -> KernelParameters:
        """β and γ vary."""
        return replace(AT, beta=x, gamma=y)

    def marked(self) -> tuple[float, float]:
        """β and γ of the other experiments."""
        return AT.beta, AT.gamma


class ActivationMap(HeatMap):
    """Over the frequency and the phase of the activation."""

    def axes(self, scale: Scale) -> tuple[Sequence[float], Sequence[float]]:
        """b₁ up to 4, b₂ from 0 to just past π/2, or fewer; both grids contain the marked cell.

        The kernel has period π in b₂ and is even about π/2.
        """
        if scale is Scale.QUICK:
            return np.linspace(0.5, 2.0, 4).tolist(), np.linspace(0.0, 1.2, 3).tolist()
        return np.linspace(0.25, 4.0, 16).tolist(), np.linspace(0.0, 1.6, 9).tolist()

    def cell(self, x: float, y: float) -> KernelParameters:
        """b₁ and b₂ vary."""
        return replace(AT, b1=x, b2=y)

    def marked(self) -> tuple[float, float]:
        """b₁ and b₂ of the other experiments."""
        return FREQUENCY, PHASE
