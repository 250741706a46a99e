"""Trained MLPs on strings of unseen symbols: what the statements of Appendix I share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict, Unpack

from kernels.boundary.checks import instance, whole
from theory.statements.appendix_i.unseen_training import (
    AGREE,
    SAMPLES,
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
from theory.statements.shared.instances.scale import divided_by, with_unit_labels

if TYPE_CHECKING:
    from jax import Array

    from theory.networks.optimizers import Optimizer
    from theory.networks.perceptron import Initialization

_RUNS, _QUICK_RUNS = 4_000, 1_600
"""Networks trained for a test of equality in distribution: two independent halves."""

_LEAST_RUNS = 916
"""What the test of equality in distribution needs."""

_STEPS, _QUICK_STEPS = 30, 10


def _constant(setting: Setting) -> str | None:
    if len(set(setting.task.labels)) > 1:
        return None
    return "all labels are equal, and a constant learns them; give templates with unequal labels"


NOT_CONSTANT = Hypothesis("f_* is not constant", "task", _constant)


class Trained(TypedDict, total=False):
    """What a user may set of the training.

    Attributes:
        width: of each hidden layer.
        depth: hidden layers.
        activation: of the hidden layers, as `theory.networks.perceptron.Initialization` takes it.
        one_pass: whether each training string is used once, as where each step draws fresh ones.
        steps: of training.
        networks: trained for what is said in distribution.
    """

    width: int
    depth: int
    activation: str | Callable[[Array], Array]
    one_pass: bool
    steps: int
    networks: int


SETTINGS = tuple(Trained.__annotations__)


def examine_training(
    setting: Setting,
    optimizers: Sequence[Optimizer],
    initialization: Initialization | None = None,
    *,
    bound: bool = True,
    distribution: bool = True,
    **trained: Unpack[Trained],
) -> Examination:
    """Train, and check the coupling, equality in distribution and the bound, for each optimizer.

    The labels are divided by the largest: training at these rates diverges on large ones.

    Args:
        setting: the task.
        optimizers: by which to train.
        initialization: another one than what ``trained`` says.
        bound: whether to check the bound of Theorem I.2.
        distribution: whether to check equality in distribution.
        trained: what else is set.

    Raises:
        InvalidInputError: a number out of range, or an activation that there is not.
    """
    from theory.networks.perceptron import Initialization  # noqa: PLC0415 - JAX
    from theory.networks.training import predictions  # noqa: PLC0415

    chosen = initialization or Initialization(
        width=trained.get("width", 16),
        depth=trained.get("depth", 2),
        activation=trained.get("activation", "tanh"),
    )
    steps, runs = (_QUICK_STEPS, _QUICK_RUNS) if setting.quick else (_STEPS, _RUNS)
    steps = whole("steps", trained.get("steps", steps), least=1)
    runs = whole("networks", trained.get("networks", runs), least=_LEAST_RUNS)
    once = trained.get("one_pass", False)
    instance("one_pass", once, bool, "give True or False")
    optimizers = [replace(one, one_pass=once and one.batch is not None) for one in optimizers]
    setting, scale = with_unit_labels(setting)
    samples = max(SAMPLES, *(optimizer.samples(steps) for optimizer in optimizers))
    problem = problem_of(setting.task, seed=setting.seed, samples=samples)
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
