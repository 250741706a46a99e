"""The phase diagram: the error on unseen symbols over samples and diversity, exact everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from validation.experiments.laboratory import Laboratory
from validation.experiments.regression.point import Fit, Regression, fits, wildcards
from validation.experiments.scale import Scale, by_scale

PANELS = by_scale(
    (("same-different", 0.0), ("same-different", 1.0)),
    (
        ("same-different", 0.0),
        ("same-different", 1.0),
        ("aba-abb", 0.0),
        ("majority-3", 0.0),
    ),
)
"""Tasks, and exponents of the Zipf law of the symbols; 0 is the uniform law."""

SIZES = by_scale((32, 100, 316), tuple(round(10 ** (e / 2)) for e in range(4, 13)))
ALPHABETS = by_scale((10, 100, 1_000), tuple(10**e for e in range(1, 7)))
"""Alphabets, divided by the wildcards of a template: the diversity of the uniform law."""

TRIALS = by_scale(2, 3)
LARGE, TRIALS_OF_LARGE = 10**5, 1
"""Above so many samples, one trial: the error varies less there, and a fit takes seconds."""


def points(scale: Scale) -> list[Regression]:
    """All trials in all cells of all panels; the largest first, so that workers end together."""
    return [
        Regression(task, n, wildcards(task) * alphabet, exponent, seed)
        for n in reversed(SIZES[scale])
        for task, exponent in PANELS[scale]
        for alphabet in ALPHABETS[scale]
        for seed in range(TRIALS[scale] if n <= LARGE else TRIALS_OF_LARGE)
    ]


@dataclass(frozen=True)
class Cell:
    """The trials at one n and one alphabet.

    Attributes:
        n: samples.
        alphabet: symbols over wildcards.
        trials: one regression a seed.
    """

    n: int
    alphabet: int
    trials: tuple[Fit, ...]

    @property
    def median(self) -> float:
        """Of the errors."""
        return float(np.median([one.error for one in self.trials]))

    def row(self) -> list[object]:
        """The values of `CELL_COLUMNS`."""
        errors = [one.error for one in self.trials]
        residual = max(one.residual for one in self.trials)
        rho = self.trials[0].diversity
        spread = [self.median, min(errors), max(errors), len(errors), residual]
        return [self.n, self.alphabet, rho, *spread]


CELL_COLUMNS = [
    *("n", "alphabet over wildcards", "diversity"),
    *("median", "least", "greatest", "trials", "largest residual"),
]


@dataclass(frozen=True)
class Panel:
    """The map of one task under one law.

    Attributes:
        task: its name.
        exponent: of the Zipf law, 0 for the uniform one.
        cells: in the order of alphabets, then of n.
        threshold: the n at which n λ_min / r is the ridge, K(x, x) - N_zz counted as ridge.
    """

    task: str
    exponent: float
    cells: tuple[Cell, ...]
    threshold: float

    @property
    def name(self) -> str:
        """The task, and the law where it is not uniform."""
        return law_name(self.task, self.exponent)


@dataclass(frozen=True)
class PhaseDiagram:
    """What was found.

    Attributes:
        sizes: samples n, ascending.
        alphabets: symbols over wildcards, ascending.
        panels: one map each.
    """

    sizes: tuple[int, ...]
    alphabets: tuple[int, ...]
    panels: tuple[Panel, ...]

    def medians(self, panel: Panel) -> Float64[np.ndarray, "a n"]:
        """The median error in each cell, alphabets by sizes."""
        return np.reshape([cell.median for cell in panel.cells], (-1, len(self.sizes)))


def run(laboratory: Laboratory) -> PhaseDiagram:
    """Measure in every cell: where, over (n, ρ), does ridge regression generalize?"""
    scale = laboratory.scale
    found = fits(laboratory, points(scale), "phase diagram")
    return PhaseDiagram(
        SIZES[scale],
        ALPHABETS[scale],
        tuple(_panel(*panel, found, scale) for panel in PANELS[scale]),
    )


def law_name(task: str, exponent: float) -> str:
    """A task and the law of its symbols, in words."""
    return f"{task}, Zipf {exponent:g}" if exponent else task


def _panel(task: str, exponent: float, found: Sequence[Fit], scale: Scale) -> Panel:
    own = [f for f in found if (f.point.task, f.point.exponent) == (task, exponent)]
    trials: dict[tuple[int, int], list[Fit]] = {}
    for one in own:
        alphabet = one.point.alphabet // wildcards(task)
        trials.setdefault((one.point.n, alphabet), []).append(one)
    cells = tuple(
        Cell(n, alphabet, tuple(trials[n, alphabet]))
        for alphabet in ALPHABETS[scale]
        for n in SIZES[scale]
    )
    return Panel(task, exponent, cells, own[0].threshold)
