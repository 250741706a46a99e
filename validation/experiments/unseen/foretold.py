"""What is known of a regression before any sample is drawn: bounds that are proved, and B9."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from theory import catalogue
from theory.unseen.bounds.limits import many_samples
from theory.unseen.curves import Curve
from validation.experiments.laboratory import Laboratory
from validation.experiments.regression.point import Regression
from validation.experiments.storage.point import Json, Point
from validation.experiments.storage.tables import kept_values


@dataclass(frozen=True)
class Foretelling(Point):
    """Bounds and the formula for a regression under a uniform law; its seed plays no part.

    Attributes:
        regression: which one.
    """

    kind: ClassVar[str] = "foretelling"

    regression: Regression

    def measure(self, tables: Path) -> dict[str, Json]:
        """Compute; the results are the fields of `Foretold`, at the worst template each."""
        own = self.regression
        task, kernel, law = catalogue.find(own.task), own.kernel.kernel(), own.law()
        with kept_values(kernel, tables):
            curve = Curve.of(kernel, task, noise=own.noise)
            point = curve.at(own.n, law, own.ridge)
            limit = many_samples(curve.pairs, task.label_array, law.symbols)
        assert point.bias is not None and point.noise is not None  # noqa: PT018 - the law is uniform
        return {
            "bias": float(np.abs(point.bias).max()),
            "noise": float(point.noise.max()),
            "bias_bound": float(point.bias_bound.max()),
            "error_bound": point.error_bound,
            "least_bias": point.least_bias,
            "limit": float(np.abs(limit).max()),
            "trusted": point.trusted,
            "diversity": law.distinct(max(len(z.wildcards) for z in task.templates)).diversity,
        }


@dataclass(frozen=True)
class Foretold:
    """What is known before a sample is drawn, each number at the worst template.

    Attributes:
        point: of which regression.
        bias: by the formula B9, not proved.
        noise: likewise.
        bias_bound: proved of the mean of |bias| over samples.
        error_bound: proved of the mean of |prediction - label|.
        least_bias: proved for every sample with the expected number of each template: some
            template's |bias| is at least this.
        limit: proved, the |bias| as n grows without end on this alphabet.
        trusted: whether the formula was measured to hold here.
        diversity: of the alphabet, exact.
    """

    point: Regression
    bias: float
    noise: float
    bias_bound: float
    error_bound: float
    least_bias: float
    limit: float
    trusted: bool
    diversity: float


def foretold(
    laboratory: Laboratory, regressions: Sequence[Regression], title: str
) -> list[Foretold]:
    """What is known of the regressions, computed or found from an earlier run."""
    names = ("bias", "noise", "bias_bound", "error_bound", "least_bias", "limit", "diversity")
    return [
        Foretold(
            one.point.regression,
            trusted=bool(one.result["trusted"]),
            **{name: one.number(name) for name in names},
        )
        for one in laboratory.measure([Foretelling(one) for one in regressions], title)
    ]
