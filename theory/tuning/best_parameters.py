"""The transformer kernel that conditions a task best."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from html import escape
from time import perf_counter

from kernels.activations import Cosine
from kernels.attention.automatic import Automatic
from kernels.attention.base import AttentionEstimator
from kernels.boundary.checks import finite, instance, positive, whole
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates import Estimate
from kernels.transformer import TransformerKernel
from theory.given_templates import Templates, given_templates
from theory.matrix.pairs import pairs_of_templates
from theory.matrix.template_matrix import TemplateMatrix, template_matrix
from theory.task import TemplateTask
from theory.tuning.objective import AttentionValues
from theory.tuning.search import Ranges, Trial, search
from theory.unseen.planning import Plan, samples_needed

Range = float | tuple[float, float]
"""The least and the greatest value of a parameter, or the only one."""

_LOOSE = Automatic(tolerance=1e-6)
"""Enough to compare parameters by; where the best N is not told from singular, give a finer one."""

_NEAR = 1e-3
"""How near the end of its range a parameter is said to lie there: of its logarithm."""


@dataclass(frozen=True, eq=False)
class BestParameters:
    """The parameters found, and what they are worth.

    Attributes:
        kernel: the transformer kernel with these parameters.
        matrix: its template matrix N, with errors and verdict.
        conditioning: ``lambda_min(N) / max K(x, x)``, with its error.
        at_ends: parameters that lie at an end of their range: a wider one may hold better ones.
        trials: all (beta, gamma) that were tried, each with its best activation.
        plan: samples that the task needs with the kernel, where an error was asked for.
        seconds: how long it took.
    """

    kernel: TransformerKernel
    matrix: TemplateMatrix
    conditioning: Estimate
    at_ends: tuple[str, ...]
    trials: tuple[Trial, ...]
    plan: Plan | None
    seconds: float

    @cached_property
    def parameters(self) -> dict[str, float]:
        """``beta``, ``gamma``, ``b1`` and ``b2``."""
        params = self.kernel.get_params()
        names = {"beta": "beta", "gamma": "gamma", "b1": "activation__b1", "b2": "activation__b2"}
        return {name: float(params[key]) for name, key in names.items()}

    def __str__(self) -> str:
        shown = ", ".join(f"{name} = {value:.4g}" for name, value in self.parameters.items())
        ends = f"; {', '.join(self.at_ends)} at an end of the range" if self.at_ends else ""
        words = f"{shown}: lambda_min(N) / max K(x, x) = {self.conditioning:.4g}{ends}"
        if self.plan is None:
            return words
        return f"{words}; {self.plan.n} samples for an error of {self.plan.error:g}"

    def __repr__(self) -> str:
        return f"BestParameters({self})"

    def _repr_html_(self) -> str:
        return f"<p>{escape(str(self))}</p>"

    def to_json(self) -> dict[str, object]:
        """The fields that scripts rely on."""
        return {
            **self.parameters,
            "conditioning": self.conditioning.to_json(),
            "smallest_eigenvalue": self.matrix.smallest_eigenvalue.to_json(),
            "verdict": str(self.matrix.verdict.outcome),
            "at_ends": list(self.at_ends),
            "plan": None if self.plan is None else self.plan.to_json(),
            "trials": [vars(trial) for trial in self.trials],
            "seconds": self.seconds,
        }


def best_parameters(
    templates: Templates,
    *,
    beta: Range = (0.25, 4.0),
    gamma: Range = (0.1, 3.0),
    b1: Range = (0.25, 3.0),
    b2: Range = (0.0, math.pi / 2.0),
    points: int = 5,
    error: float | None = None,
    noise: float = 0.1,
    attention: AttentionEstimator = _LOOSE,
    progress: bool = False,
) -> BestParameters:
    """The (beta, gamma, b1, b2) at which N is farthest from singular, beside the kernel's size.

    What is made large is ``lambda_min(N) / max K(x, x)``, see `theory.tuning.objective` for why.
    Only beta and gamma cost time: any cosine uses the same attention values, as
    `TransformerKernel.with_activation` does, so that at each (beta, gamma) some hundred (b1, b2)
    are tried in a tenth of a second. The best b2 for a b1 is found without fail, and grids stand
    for the rest: of several hills the search may miss the highest, where the grid does.

    Args:
        templates: a task, or templates of one length.
        beta: where to search, or the only value.
        gamma: likewise; above 0, for the search goes by logarithms.
        b1: likewise.
        b2: likewise; from 0 to pi/2, which has every value of the cosine's dual.
        points: of the grid, along beta and along gamma.
        error: also plan for this root mean square error at unseen symbols, by `samples_needed`.
        noise: of the labels, for the plan.
        attention: how attention values are computed, for the answer too; to 1e-6 where left out.
        progress: show what is done.

    Raises:
        InvalidInputError: templates that are none; a range without numbers, or out of bounds; an
            error to plan for without labels, or that no number of samples reaches.

    >>> found = best_parameters(["αα", "αβ"], beta=2.0, gamma=1.0)
    >>> found.conditioning > 0.0046, round(found.parameters["b1"], 2)
    (True, 0.86)
    """
    started = perf_counter()
    chosen = given_templates(templates)
    instance("attention", attention, AttentionEstimator, "give an estimator: Automatic(), say")
    ranges = Ranges(
        _range("beta", beta),
        _range("gamma", gamma),
        _range("b1", b1),
        _range("b2", b2, least=0.0, most=math.pi / 2.0),
    )
    if error is not None and not isinstance(templates, TemplateTask):
        raise InvalidInputError("error", error, "samples depend on labels; give a TemplateTask")
    kernels: dict[tuple[float, float], TransformerKernel] = {}

    def values(beta: float, gamma: float) -> AttentionValues:
        kernels[beta, gamma] = TransformerKernel(beta, gamma, attention=attention)
        return AttentionValues.of(kernels[beta, gamma].attention_kernel, chosen)

    tried = search(values, ranges, whole("points", points, least=2), progress=progress)
    best = max(tried, key=lambda one: one.conditioning)
    kernel = kernels[best.beta, best.gamma].with_activation(Cosine(best.b1, best.b2))
    matrix = template_matrix(kernel, chosen)
    own = kernel.values(pairs_of_templates(chosen).own)
    plan = None
    if error is not None:
        assert isinstance(templates, TemplateTask)
        plan = samples_needed(kernel, templates, error=error, noise=noise)
    ends = tuple(name for name in ("beta", "gamma", "b1") if _at_an_end(best, ranges, name))
    return BestParameters(
        kernel,
        matrix,
        matrix.smallest_eigenvalue / own.largest(),
        ends,
        tuple(tried),
        plan,
        perf_counter() - started,
    )


def _at_an_end(best: Trial, ranges: Ranges, name: str) -> bool:
    """Whether better values may lie beyond the range of a parameter."""
    low, high = getattr(ranges, name)
    apart = min(abs(math.log(getattr(best, name) / end)) for end in (low, high))
    return low < high and apart < _NEAR


def _range(
    name: str, given: Range, *, least: float | None = None, most: float = math.inf
) -> tuple[float, float]:
    """Two numbers in order."""
    pair = given if isinstance(given, tuple | list) else (given, given)
    if len(pair) != 2:
        raise InvalidInputError(name, given, "give the least and the greatest, or one number")
    low, high = (positive(name, end) if least is None else finite(name, end) for end in pair)
    if low > high or low < (least or 0.0) or high > most:
        bounds = "" if least is None else f" between {least:g} and {most:.4f}"
        raise InvalidInputError(name, given, f"give the least number, then the greatest{bounds}")
    return low, high
