"""Appendix I: trained MLPs cannot tell strings of unseen symbols apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from theory.catalogue import same_different
from theory.statements.hypothesis import Hypothesis
from theory.statements.setting import Setting
from theory.statements.settings import SEVERAL, divided_by, with_unit_labels
from theory.statements.statement import Statement
from theory.statements.unseen_training import (
    bound_case,
    coupling_cases,
    described,
    law_cases,
    lower_bound,
    problem_of,
)
from theory.statements.verdict import Case, Finding, Outcome, conclude

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


def _regular(setting: Setting) -> str | None:
    tokens = setting.task.regular_tokens
    if not tokens:
        return None
    return f"{tokens[0]!r} is a regular token, by which an MLP may tell templates apart"


_WILDCARDS_ONLY = Hypothesis("templates consist of wildcards", "task", _regular)
_NOT_CONSTANT = Hypothesis("f_* is not constant", "task", _constant)


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


def examine_lower_bound(setting: Setting, initialization: Initialization | None = None) -> Finding:
    """Theorem I.2 for stochastic gradient descent."""
    from theory.networks.optimizers import SGD  # noqa: PLC0415 - JAX is slow to import

    return examine_training(setting, [SGD(rate=0.1)], initialization, law=False)


def examine_lemma(setting: Setting, initialization: Initialization | None = None) -> Finding:
    """Lemma I.7 for stochastic gradient descent."""
    from theory.networks.optimizers import SGD  # noqa: PLC0415 - JAX is slow to import

    return examine_training(setting, [SGD(rate=0.1)], initialization, bound=False)


def examine_optimizers(setting: Setting, initialization: Initialization | None = None) -> Finding:
    """Remarks I.4 and I.5: minibatches, Adam, and gradient flow."""
    from theory.networks.optimizers import (  # noqa: PLC0415 - JAX is slow to import
        SGD,
        Adam,
        GradientFlow,
    )

    adam = Adam(rate=0.02, batch=4)
    # Compiling takes most of the time: a first look contents itself with the odd one out.
    chosen = [adam] if setting.quick else [SGD(rate=0.2, batch=4), adam, GradientFlow(rate=0.5)]
    return examine_training(setting, chosen, initialization)


LOWER_BOUND = Statement(
    ids=("Theorem I.2",),
    title="MLPs fail on unseen symbols",
    words="If templates consist of wildcards and f_* is not constant, then at every step of SGD "
    "some string of unseen symbols has E(f_MLP - f_*)² ≥ ((max f_* - min f_*) / 2)².",
    latex=r"\max_x \mathbb{E} (f_{MLP}(x; \theta_t) - f_*(x))^2 \ge "
    r"\tfrac14 (\max f_* - \min f_*)^2 > 0",
    examine=examine_lower_bound,
    hypotheses=(_WILDCARDS_ONLY, _NOT_CONSTANT),
    default_task=same_different,
)

COUPLING = Statement(
    ids=("Lemma I.7",),
    title="Training commutes with renaming unseen inputs",
    words="Renaming the unseen tokens' inputs and the initialization gives the same trained MLP up "
    "to the renaming, at each step; so its outputs on strings of unseen symbols have one law.",
    latex=r"\pi\theta_0 \overset{d}{=} \theta_0 \implies "
    r"f(x; \theta_t) \overset{d}{=} f(\pi x; \theta_t)",
    examine=examine_lemma,
    # One template has one test string, which the identity takes to itself.
    hypotheses=(_WILDCARDS_ONLY, SEVERAL),
    default_task=same_different,
)

OPTIMIZERS = Statement(
    ids=("Remark I.4", "Remark I.5"),
    title="Other optimizers fail alike",
    words="Theorem I.2 and its proof hold for minibatch SGD, Adam and gradient flow.",
    latex=r"\pi\,\mathrm{step}(\theta) = \mathrm{step}(\pi\theta)",
    examine=examine_optimizers,
    hypotheses=(_WILDCARDS_ONLY, _NOT_CONSTANT),
    default_task=same_different,
)
