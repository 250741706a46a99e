"""The tangent kernel of the whole depth-1 network, as a second prediction beside K_trans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from theory import catalogue
from validation.experiments.laboratory import Laboratory
from validation.experiments.regression.trials import Curve
from validation.experiments.storage.point import Json, Point
from validation.experiments.training.arms import Arm, Size
from validation.experiments.training.point import Training

WIDE = Size(depth=1, heads=8, embedding=128, head=32, mlp=256, trials=2)
"""The network whose tangent kernel it is: four times as wide as those that are trained."""

MOST = 512
"""Strings, at most: all derivatives of all of them are in memory at once."""

RIDGE = 1e-3
"""The weight decay, that of K_trans beside it; the kernel is scaled to a mean diagonal of 1."""

ONE_LAYER = Arm.DEPTH_1, Arm.DEPTH_1_A
"""The networks of one layer."""


@dataclass(frozen=True)
class Tangent(Point):
    """Ridge regression with the tangent kernel of a network at its start.

    The strings are those on which the network of `Training` with this task and n is trained and
    tested, trial by trial.

    Attributes:
        task: a name of the catalogue, with real labels.
        arm: which network.
        n: training strings, and symbols of their alphabet.
        size: of the network; the trials are draws of its weights and of the strings.
        ridge: the weight decay.
    """

    kind: ClassVar[str] = "tangent"

    task: str
    arm: str
    n: int
    size: Size = WIDE
    ridge: float = RIDGE

    def measure(self, tables: Path) -> dict[str, Json]:
        """Mean squared errors on the test strings, and the shares that are right, by trials."""
        # A second to load, and points are listed without it.
        from theory.networks.trained.problem import problem  # noqa: PLC0415
        from theory.networks.trained.tangent import tangent_gram, tangent_ridge  # noqa: PLC0415

        del tables
        network = Training(self.task, self.arm, self.n, self.size).network()
        seeds = list(range(self.size.trials))
        data = problem(catalogue.find_any(self.task), self.n, seeds=seeds, cls=network.cls)
        errors, shares = [], []
        for trial in seeds:
            codes = np.concatenate([data.train.codes[trial], data.test.codes[trial]])
            gram = tangent_gram(network, codes, tokens=data.tokens, seed=trial)
            predicted = tangent_ridge(gram, data.train.labels[trial], self.ridge)
            wanted = data.test.labels[trial]
            errors.append(float(np.mean((predicted - wanted) ** 2)))
            shares.append(float(np.mean(predicted * wanted > 0.0)))
        return {"errors": errors, "accuracies": shares}


def tangent_curve(laboratory: Laboratory, task: str, arm: Arm, sizes: Sequence[int]) -> Curve:
    """The errors of an arm's tangent kernel."""
    points = [Tangent(task, str(arm), n) for n in sizes]
    found = laboratory.measure(points, f"tangent kernel: {task}")
    return Curve(
        f"tangent kernel of {arm.words}",
        tuple(float(one.point.n) for one in found),
        tuple(tuple(one.numbers("errors")) for one in found),
    )
