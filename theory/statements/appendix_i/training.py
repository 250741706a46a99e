"""Trained MLPs on strings of unseen symbols: what the statements of Appendix I share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from theory.statements.appendix_i.unseen_training import (
    AGREE,
    bound_claim,
    coupling_claims,
    described,
    distribution_claims,
    lower_bound,
    problem_of,
)
from theory.statements.framework.claims import Claim
from theory.statements.framework.examination import Examination
from theory.statements.framework.finding import Case, holding
from theory.statements.framework.hypothesis import Hypothesis
from theory.statements.framework.setting import Setting
from theory.statements.shared.scale import divided_by, with_unit_labels

if TYPE_CHECKING:
    from theory.networks.optimizers import Optimizer
    from theory.networks.perceptron import Initialization

_RUNS, _QUICK_RUNS = 4_000, 1_600
"""Networks trained for a test of equality in distribution: two independent halves."""

_STEPS, _QUICK_STEPS = 30, 10


def _constant(setting: Setting) -> str | None:
    if len(set(setting.task.labels)) > 1:
        return None
    return "all labels are equal, and a constant learns them; give templates with unequal labels"


NOT_CONSTANT = Hypothesis("f_* is not constant", "task", _constant)


def examine_training(
    setting: Setting,
    optimizers: Sequence[Optimizer],
    initialization: Initialization | None = None,
    *,
    bound: bool = True,
    distribution: bool = True,
) -> Examination:
    """Train, and check the coupling, equality in distribution and the bound, for each optimizer.

    The labels are divided by the largest: training at these rates diverges on large ones.
    """
    from theory.networks.perceptron import Initialization  # noqa: PLC0415 - JAX
    from theory.networks.training import predictions  # noqa: PLC0415

    chosen = initialization or Initialization(width=16)
    steps, runs = (_QUICK_STEPS, _QUICK_RUNS) if setting.quick else (_STEPS, _RUNS)
    setting, scale = with_unit_labels(setting)
    problem = problem_of(setting.task, seed=setting.seed)
    claims: list[Claim] = []
    figures: list[str] = []
    comparisons = len(optimizers) * (len(problem.targets) - 1 + (steps if bound else 0))
    for optimizer in optimizers:
        name = described(optimizer)
        coupled = coupling_claims(problem, chosen, optimizer, steps=steps, seed=setting.seed)
        claims.extend(coupled if bound else coupled[:2])
        outputs, loss = predictions(
            problem, chosen, optimizer, steps=steps, runs=runs, seed=setting.seed + 1
        )
        if distribution:
            claims += distribution_claims(problem, outputs, loss, name, comparisons=comparisons)
        if bound:
            claims.append(bound_claim(problem, outputs, name))
            error = ((outputs[:, -1] - problem.targets) ** 2).mean(axis=0).max()
            figures.append(f"{optimizer.name} {error:.2f}")

    def figure(cases: Sequence[Case]) -> str:
        if bound:
            least = f"errors at unseen strings at least {lower_bound(problem.targets):.2f}: "
            return least + ", ".join(figures)
        renamed = [case for case in cases if case.name.startswith(AGREE)]
        said = "agree" if holding(renamed) == len(renamed) else "do not agree"
        kinds = ", ".join(optimizer.name for optimizer in optimizers)
        return f"{kinds}: renamed runs {said} at each of {steps} steps"

    evidence = {"steps": steps, "networks": runs, **divided_by(scale)}
    return Examination(claims, figure, evidence)
