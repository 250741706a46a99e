"""Trained MLPs on strings of unseen symbols: what the statements of Appendix I share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from theory.statements.appendix_i.unseen_training import (
    bound_case,
    coupling_cases,
    described,
    law_cases,
    lower_bound,
    problem_of,
)
from theory.statements.framework.hypothesis import Hypothesis
from theory.statements.framework.setting import Setting
from theory.statements.framework.verdict import Case, Finding, Outcome, conclude
from theory.statements.shared.scale import divided_by, with_unit_labels

if TYPE_CHECKING:
    from theory.networks.optimizers import Optimizer
    from theory.networks.perceptron import Initialization

_RUNS, _QUICK_RUNS = 4_000, 1_600
"""Networks trained for a test of law: two independent halves."""

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
    law: bool = True,
) -> Finding:
    """Train, and check the coupling, equality in law and the bound, for each optimizer.

    The labels are divided by the largest: training at these rates diverges on large ones.
    """
    from theory.networks.perceptron import Initialization  # noqa: PLC0415 - JAX
    from theory.networks.training import predictions  # noqa: PLC0415

    chosen = initialization or Initialization(width=16)
    steps, runs = (_QUICK_STEPS, _QUICK_RUNS) if setting.quick else (_STEPS, _RUNS)
    setting, scale = with_unit_labels(setting)
    problem = problem_of(setting.task, seed=setting.seed)
    cases: list[Case] = []
    renamed: list[Case] = []
    figures = []
    for optimizer in optimizers:
        name = described(optimizer)
        coupled = coupling_cases(problem, chosen, optimizer, steps=steps, seed=setting.seed)
        cases.extend(coupled if bound else coupled[:2])
        renamed.append(coupled[1])
        outputs, loss = predictions(
            problem, chosen, optimizer, steps=steps, runs=runs, seed=setting.seed + 1
        )
        if law:
            cases.extend(law_cases(problem, outputs, loss, name))
        if bound:
            cases.append(bound_case(problem, outputs, name))
            error = ((outputs[:, -1] - problem.targets) ** 2).mean(axis=0).max()
            figures.append(f"{optimizer.name} {error:.2f}")
    kinds = ", ".join(optimizer.name for optimizer in optimizers)
    figure = f"errors at unseen strings at least {lower_bound(problem.targets):.2f}: "
    if not bound:
        agree = all(case.outcome is Outcome.HOLDS for case in renamed)
        said = "agree at each" if agree else "do not agree at each"
        figures, figure = [], f"{kinds}: renamed runs {said} of {steps} steps"
    evidence = {"steps": steps, "networks": runs, **divided_by(scale)}
    return conclude(cases, figure + ", ".join(figures), evidence=evidence)
