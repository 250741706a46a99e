"""Proved lower bounds of N's smallest eigenvalue over boxes that cover a region of parameters."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import numpy as np
from jaxtyping import Float64

from theory import catalogue
from theory.enclosure.boxes import ParameterBox, bound_over_box
from validation.experiments.laboratory import Laboratory
from validation.experiments.matrices.heat_maps import AT, TASKS
from validation.experiments.scale import Scale
from validation.experiments.storage.point import Json, Point

FREQUENCIES, PHASES = (0.5, 2.5), (0.0, 1.5)
"""The region: phases go on evenly about 0 and about pi / 2."""

_PIECES = 64
"""Boxes into which a cell is cut, at most."""


@dataclass(frozen=True)
class Strip(Point):
    """All phases at the frequencies of one cell of the map.

    Attributes:
        task: a name of the catalogue.
        beta: inverse temperature.
        gamma: positional weight.
        lower: the least frequency b1.
        upper: the largest.
        phases: cells into which the phases are cut.
    """

    kind: ClassVar[str] = "boxes"

    task: str
    beta: float
    gamma: float
    lower: float
    upper: float
    phases: int

    def measure(self, tables: Path) -> dict[str, Json]:
        """The bound over each cell, and the boxes that it took in all."""
        del tables
        edges = np.linspace(*PHASES, self.phases + 1).tolist()
        point = (self.beta, self.beta), (self.gamma, self.gamma), (self.lower, self.upper)
        found = [
            bound_over_box(catalogue.find(self.task), ParameterBox(*point, cell), most=_PIECES)
            for cell in pairwise(edges)
        ]
        pieces = sum(len(one.pieces) for one in found)
        return {"lower": [one.lower for one in found], "pieces": pieces}


@dataclass(frozen=True)
class BoxMap:
    """The map of one task.

    Attributes:
        task: its name.
        b1: edges of the cells.
        b2: edges of the cells.
        lower: in each cell, what every eigenvalue of N is at least, all over the cell.
        pieces: boxes that it took.
    """

    task: str
    b1: tuple[float, ...]
    b2: tuple[float, ...]
    lower: Float64[np.ndarray, "n2 n1"]
    pieces: int

    @property
    def proved(self) -> bool:
        """Whether N is proved to be positive definite all over the region."""
        return bool((self.lower > 0.0).all())

    def rows(self) -> list[list[object]]:
        """The values of `COLUMNS`."""
        return [
            [self.task, *self.b1[i : i + 2], *self.b2[j : j + 2], float(self.lower[j, i])]
            for j in range(len(self.b2) - 1)
            for i in range(len(self.b1) - 1)
        ]


COLUMNS = ["task", "b1_from", "b1_to", "b2_from", "b2_to", "smallest_at_least"]


def cells(scale: Scale) -> tuple[int, int]:
    """Into how many cells frequencies and phases are cut."""
    return (4, 3) if scale is Scale.QUICK else (16, 10)


def points(scale: Scale) -> list[Strip]:
    """The strips of each task."""
    frequencies, phases = cells(scale)
    edges = np.linspace(*FREQUENCIES, frequencies + 1).tolist()
    tasks = TASKS[:1] if scale is Scale.QUICK else TASKS
    return [
        Strip(task, AT.beta, AT.gamma, lower, upper, phases)
        for task in tasks
        for lower, upper in pairwise(edges)
    ]


def run(laboratory: Laboratory) -> list[BoxMap]:
    """The bounds over all boxes, a map for each task."""
    scale = laboratory.scale
    found = laboratory.measure(points(scale), "boxes of parameters")
    phases = np.linspace(*PHASES, cells(scale)[1] + 1).tolist()
    maps = []
    for task in dict.fromkeys(one.point.task for one in found):
        own = [one for one in found if one.point.task == task]
        edges = (own[0].point.lower, *(one.point.upper for one in own))
        lower = np.array([one.numbers("lower") for one in own]).T
        pieces = sum(int(one.number("pieces")) for one in own)
        maps.append(BoxMap(task, edges, tuple(phases), lower, pieces))
    return maps
