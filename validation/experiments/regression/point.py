"""One ridge regression: train on samples of a task, predict strings of unseen symbols."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np

from kernels import KernelRidge
from theory import IdealizedRidge, TokenLaw, Uniform, Zipf, catalogue, template_matrix
from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.laboratory import Laboratory
from validation.experiments.storage.point import Json, Point
from validation.experiments.storage.tables import kept_values

TASKS = "same-different", "aba-abb", "majority-3"
"""The paper's tasks with the fewest templates; their matrices N are the best conditioned."""

RIDGE = 0.1
"""The weight decay λ wherever it is not what varies."""

NOISE = 0.1
"""The standard deviation σ of the labels' noise."""


@dataclass(frozen=True)
class Regression(Point):
    """Kernel ridge regression on n samples, and the idealized estimator on the same samples.

    Attributes:
        task: a name of the catalogue.
        n: samples.
        alphabet: symbols m.
        exponent: of the Zipf law of the symbols; 0 is the uniform law.
        seed: of the sample.
        kernel: which kernel.
        ridge: the weight decay.
        noise: the standard deviation of the labels' noise.
    """

    kind: ClassVar[str] = "regression"

    task: str
    n: int
    alphabet: int
    exponent: float
    seed: int
    kernel: KernelParameters = field(default_factory=KernelParameters)
    ridge: float = RIDGE
    noise: float = NOISE

    def measure(self, tables: Path) -> dict[str, Json]:
        """Fit and predict; the results are the fields of `Fit`."""
        task = catalogue.find(self.task)
        kernel = self.kernel.kernel()
        sample = task.sample(self.n, alphabet=self.law(), noise=self.noise, seed=self.seed)
        unseen = task.unseen()
        with kept_values(kernel, tables):
            model = KernelRidge(kernel, alpha=self.ridge).fit(sample.strings, sample.labels)
            predictions = model.predict(unseen)
            matrix = template_matrix(kernel, task)
            ideal = IdealizedRidge(kernel, task, alpha=self.ridge, matrix=matrix)
            ideal_predictions = ideal.fit(sample.templates, sample.labels).predict(unseen).values
            diagonal = np.array([kernel(x, x).value for x in unseen])
        return {
            "error": float(np.abs(predictions - task.label_array).max()),
            "idealized_error": float(np.abs(ideal_predictions - task.label_array).max()),
            "predictions": predictions.tolist(),
            "diversity": sample.diversity,
            "residual": float(model.residual_),
            "smallest_eigenvalue": matrix.smallest_eigenvalue.value,
            "excess": float((diagonal - np.diag(matrix.values)).max()),
        }

    def law(self) -> TokenLaw:
        """The law of the symbols."""
        return Zipf(self.alphabet, self.exponent) if self.exponent else Uniform(self.alphabet)


@dataclass(frozen=True)
class Fit:
    """What one regression found.

    Attributes:
        point: which regression.
        error: the largest ``|f(x) - f_*(z)|`` over one unseen string per template.
        idealized_error: the same of the idealized estimator.
        predictions: for these strings.
        diversity: of the alphabet, exact.
        residual: of the solver, relative.
        smallest_eigenvalue: of N.
        excess: the largest ``K(x, x) - N_zz``, which acts like additional ridge: the idealized
            estimator has N_zz on the diagonal.
    """

    point: Regression
    error: float
    idealized_error: float
    predictions: tuple[float, ...]
    diversity: float
    residual: float
    smallest_eigenvalue: float
    excess: float

    @property
    def threshold(self) -> float:
        """The n at which n lambda_min / r is the ridge, the excess counted as ridge."""
        ridge = self.point.ridge + self.excess
        return len(self.predictions) * ridge / self.smallest_eigenvalue


def fits(laboratory: Laboratory, points: Sequence[Regression], title: str) -> list[Fit]:
    """The regressions, computed or found from an earlier run."""
    return [
        Fit(
            point=one.point,
            error=one.number("error"),
            idealized_error=one.number("idealized_error"),
            predictions=tuple(one.numbers("predictions")),
            diversity=one.number("diversity"),
            residual=one.number("residual"),
            smallest_eigenvalue=one.number("smallest_eigenvalue"),
            excess=one.number("excess"),
        )
        for one in laboratory.measure(points, title)
    ]


def wildcards(task: str) -> int:
    """The largest number of wildcards of a template: a uniform alphabet of m has ρ = m / w."""
    return max(len(template.wildcards) for template in catalogue.find(task).templates)
