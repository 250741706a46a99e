"""How much data a task needs: the kernel of a grid that needs least, and a plan with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import ClassVar

from kernels import InvalidInputError, TooLargeError
from theory import catalogue, samples_needed
from theory.unseen.curves import Curve
from theory.unseen.planning import least_samples
from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.laboratory import Laboratory
from validation.experiments.regression.point import NOISE
from validation.experiments.scale import by_scale
from validation.experiments.storage.point import Json, Point
from validation.experiments.storage.tables import kept_values

ERROR = by_scale(0.3, 0.1)
TASKS = by_scale(
    ("same-different",),
    ("same-different", "aba-abb", "majority-3"),
    ("same-different", "aba-abb", "majority-3", "majority-4"),
)
"""Those whose tables of kernel values are filled in time."""

BETAS = by_scale((2.0,), (1.0, 2.0), (1.0, 2.0, 4.0))
FREQUENCIES = by_scale((1.0,), (0.5, 1.0), (0.5, 1.0, 1.5))
"""The grid: inverse temperatures β by frequencies b₁ of the activation, all else as elsewhere."""

BEYOND = {
    "majority-4": "minutes of kernel values; with --large",
    "relational-match-to-sample": "67,561,584 partial matchings of wildcards, 500,000 allowed",
    "raven": "10¹¹ operations for one kernel value",
    "distribution-of-3": "2,181,960 partial matchings of wildcards, 500,000 allowed",
}
"""Tasks that take too long, and why."""


@dataclass(frozen=True)
class Need(Point):
    """The samples that the formula B9 asks for, with one kernel; nothing is fitted.

    Attributes:
        task: a name of the catalogue.
        error: the root mean square error to reach.
        kernel: which kernel.
        noise: the standard deviation of the labels' noise.
    """

    kind: ClassVar[str] = "need"

    task: str
    error: float
    kernel: KernelParameters
    noise: float = NOISE

    def measure(self, tables: Path) -> dict[str, Json]:
        """Search for n; null where no n of up to a billion is enough."""
        kernel = self.kernel.kernel()
        with kept_values(kernel, tables):
            try:
                curve = Curve.of(kernel, catalogue.find(self.task), noise=self.noise)
                return {"n": least_samples(curve, self.error, None)[0]}
            except (InvalidInputError, TooLargeError):
                return {"n": None}


@dataclass(frozen=True)
class Planned(Point):
    """A plan: n, alphabet and ridge that suffice, confirmed by a fit and its certificate.

    Attributes:
        need: of which task, error and kernel.
        seed: of the samples that confirm.
    """

    kind: ClassVar[str] = "plan"

    need: Need
    seed: int = 0

    def measure(self, tables: Path) -> dict[str, Json]:
        """Plan and fit; the fields of `theory.Plan.to_json`, without the seconds."""
        kernel, need = self.need.kernel.kernel(), self.need
        with kept_values(kernel, tables):
            found = samples_needed(
                kernel,
                catalogue.find(need.task),
                error=need.error,
                noise=need.noise,
                seed=self.seed,
            )
        return {
            "n": found.n,
            "alphabet": found.alphabet,
            "ridge": found.ridge,
            "predicted_error": found.predicted_error,
            "measured_error": found.measured_error,
        }


@dataclass(frozen=True)
class DataPlan:
    """How much data one task needs.

    Attributes:
        task: its name.
        templates: how many it has.
        kernel: of the grid, the one that needs least by the formula.
        default: what the formula asks for with the kernel of the other experiments.
        n: samples that suffice, and
        alphabet: symbols, and
        ridge: weight decay.
        predicted: the error by the formula, not proved.
        measured: the exact error of the fit that confirms.
    """

    task: str
    templates: int
    kernel: KernelParameters
    default: int | None
    n: int
    alphabet: int
    ridge: float
    predicted: float
    measured: float


@dataclass(frozen=True)
class DataPlans:
    """What was found.

    Attributes:
        error: that every plan reaches.
        plans: one a task.
        beyond: tasks that take too long at this scale, each with the reason.
        grid: how many kernels were compared.
    """

    error: float
    plans: tuple[DataPlan, ...]
    beyond: dict[str, str]
    grid: int


def run(laboratory: Laboratory) -> DataPlans:
    """Compare the kernels of the grid by the formula, then plan and fit with the best."""
    scale = laboratory.scale
    tasks, error = TASKS[scale], ERROR[scale]
    kernels = [
        KernelParameters(beta=beta, b1=b1) for beta, b1 in product(BETAS[scale], FREQUENCIES[scale])
    ]
    needs = [Need(task, error, kernel) for task in tasks for kernel in kernels]
    found = laboratory.measure(needs, "data needed by the formula")
    asked = {one.point: one.result["n"] for one in found}
    best = [_best([need for need in needs if need.task == task], asked) for task in tasks]
    plans = laboratory.measure([Planned(need) for need in best], "data needed, fitted")
    return DataPlans(
        error,
        tuple(
            DataPlan(
                task=one.point.need.task,
                templates=len(catalogue.find(one.point.need.task)),
                kernel=one.point.need.kernel,
                default=_whole(asked[Need(one.point.need.task, error, KernelParameters())]),
                n=int(one.number("n")),
                alphabet=int(one.number("alphabet")),
                ridge=one.number("ridge"),
                predicted=one.number("predicted_error"),
                measured=one.number("measured_error"),
            )
            for one in plans
        ),
        {task: why for task, why in BEYOND.items() if task not in tasks},
        len(kernels),
    )


def _best(needs: Sequence[Need], asked: dict[Need, Json]) -> Need:
    """The one that asks for the least n; the first of several."""
    return min(needs, key=lambda need: _whole(asked[need]) or float("inf"))


def _whole(n: Json) -> int | None:
    return n if isinstance(n, int) else None
