"""The certificate of one ridge regression: its exact bias and noise at all unseen strings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from jaxtyping import Float64

from kernels import KernelRidge
from theory import catalogue, certify
from validation.experiments.laboratory import Laboratory
from validation.experiments.regression.point import Regression
from validation.experiments.regression.trials import Curve, Placed
from validation.experiments.storage.point import Json, Point
from validation.experiments.storage.tables import kept_values


@dataclass(frozen=True)
class Certified(Point):
    """The certificate of a regression, of r + 1 solves and no test string.

    Attributes:
        regression: which one.
    """

    kind: ClassVar[str] = "certificate"

    regression: Regression

    def measure(self, tables: Path) -> dict[str, Json]:
        """Fit and certify; the results are the fields of `Exact`."""
        own = self.regression
        task, kernel, sample = catalogue.find(own.task), own.kernel.kernel(), own.sample()
        with kept_values(kernel, tables):
            model = KernelRidge(kernel, alpha=own.ridge).fit(sample.strings, sample.labels)
            certificate = certify(model, task, noise=own.noise)
        return {
            "bias": certificate.bias.values.tolist(),
            "noise": certificate.noise.values.tolist(),
            "doubt": float(max(certificate.bias.errors.max(), certificate.noise.errors.max())),
            "diversity": sample.diversity,
        }


@dataclass(frozen=True)
class Exact:
    """What a certificate says of a regression.

    Attributes:
        point: which regression.
        bias: at each template, the mean over label noise of prediction minus label.
        noise: the standard deviation of the prediction over label noise.
        doubt: the largest numerical error of these numbers.
        diversity: of the alphabet, exact.
    """

    point: Regression
    bias: Float64[np.ndarray, " r"]
    noise: Float64[np.ndarray, " r"]
    doubt: float
    diversity: float

    @property
    def error(self) -> float:
        """The root mean square error over label noise, at the worst template."""
        return float(np.hypot(self.bias, self.noise).max())


def certificates(
    laboratory: Laboratory, regressions: Sequence[Regression], title: str
) -> list[Exact]:
    """The certificates, computed or found from an earlier run."""
    return [
        Exact(
            point=one.point.regression,
            bias=np.array(one.numbers("bias")),
            noise=np.array(one.numbers("noise")),
            doubt=one.number("doubt"),
            diversity=one.number("diversity"),
        )
        for one in laboratory.measure([Certified(one) for one in regressions], title)
    ]


def certified_error(
    label: str, found: Sequence[Exact], task: str, over: Callable[[Placed], float]
) -> Curve:
    """The exact error on one task, one sample at each place.

    Args:
        label: of the curve.
        found: certificates, of other tasks too.
        task: which task.
        over: the quantity on the horizontal axis.
    """
    own = {over(one): (one.error,) for one in found if one.point.task == task}
    xs = sorted(own)
    return Curve(label, tuple(xs), tuple(own[x] for x in xs))
