"""What Appendix I says of one problem, one initialization and one optimizer, case by case.

One training set is drawn and held fixed; all probabilities are over the initialization and the
batches. That is stronger than the paper's, which average over the training set as well.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float64

from kernels.estimate import ErrorKind, Estimate
from theory.networks.two_sample import two_sample_test
from theory.statements.framework.verdict import Case, Outcome, at_most
from theory.task import TemplateTask

if TYPE_CHECKING:
    from theory.networks.optimizers import Optimizer
    from theory.networks.perceptron import Initialization
    from theory.networks.training import Problem

_SAMPLES, _ALPHABET = 16, 8
"""Training strings, and seen symbols at least."""

_COUPLED = 4
"""Initializations from which coupled runs start."""

_STRINGS = 4
"""Test strings compared in law, at most."""

_DOUBT = 1e-6
"""The chance that a statistical case is seen violated although it holds."""

_ROUNDING = 1e-10
"""Absolute, for parameters and outputs of order 1. The two runs do the same operations in the
same order, up to the order in which the compiler adds, and training can amplify the difference."""


def problem_of(task: TemplateTask, *, seed: int) -> Problem:
    """Training strings of the task, and for each template a string of unseen symbols.

    The first two test strings are those with the largest and the smallest label; all use the
    same unseen symbols.
    """
    from theory.networks.training import Problem  # noqa: PLC0415 - JAX is slow to import

    most = max(len(z.wildcards) for z in task.templates)
    alphabet = max(_ALPHABET, 2 * most)
    sample = task.sample(_SAMPLES, alphabet=alphabet, seed=seed)
    order = np.argsort(-task.label_array, kind="stable")
    order = np.concatenate([order[[0, -1]], order[1:-1]])[:_STRINGS]
    unseen = np.zeros((len(order), task.length), dtype=np.int32)
    for row, t in enumerate(order.tolist()):
        z = task.templates[t]
        place = {wildcard: i for i, wildcard in enumerate(z.wildcards)}
        # Codes 1 to alphabet are seen symbols, later ones are not; [CLS] is 0.
        unseen[row, :-1] = [alphabet + 1 + place[token] for token in z.tokens[:-1]]
    targets = task.label_array[order]
    return Problem(sample.strings.codes, sample.labels, unseen, targets, alphabet + 1 + most)


def lower_bound(targets: Float64[np.ndarray, " r"]) -> float:
    """Theorem I.2's constant, ``((max f_* - min f_*) / 2)^2``.

    If F is the output on both of two unseen strings, in law, then for their labels y and y'

        ( E(F - y)^2 + E(F - y')^2 ) / 2 = Var F + (E F - (y + y')/2)^2 + ((y - y')/2)^2,

    so one of the two errors is at least ((y - y')/2)^2. No larger constant will do: F may be
    (y + y')/2.
    """
    return float(0.25 * (targets.max() - targets.min()) ** 2)


def coupling_cases(
    problem: Problem,
    initialization: Initialization,
    optimizer: Optimizer,
    *,
    steps: int,
    seed: int,
) -> list[Case]:
    """Lemma I.7 step by step, and the bound that follows for each coupled pair of runs.

    With F, F' the outputs of the two runs, the four squared errors of F and F' on the two
    strings average to at least the constant: F' swaps the two strings, and
    ((a - y)^2 + (b - y)^2 + (a - y')^2 + (b - y')^2) / 4 >= ((y - y')/2)^2 for all a, b.
    """
    from theory.networks.coupling import (  # noqa: PLC0415 - JAX is slow to import
        couple,
        density_ratio,
        renaming,
    )
    from theory.networks.training import initial_parameters  # noqa: PLC0415

    pi = renaming(problem, problem.unseen[0], problem.unseen[1])
    gaps, ratios, movement, errors, spread = [], [], [], [], []
    for s in range(seed, seed + _COUPLED):
        start = initial_parameters(problem, initialization, seed=s)
        found = couple(problem, start, pi, optimizer, steps=steps, seed=s)
        gaps.append(found.discrepancies.max())
        movement.append(found.movement)
        ratios.append(abs(density_ratio(problem, initialization, start, pi)))
        both = np.stack([np.asarray(run.predictions) for run in (found.plain, found.renamed)])
        errors.append(((both[..., :2] - problem.targets[:2]) ** 2).mean(axis=(0, 2)).min())
        spread.append(np.abs(both[0, -1, 0] - both[0, -1, 1]))
    name, kind = described(optimizer), ErrorKind.NUMERICAL
    rounding = Estimate(_ROUNDING, 0.0, kind)
    coupled = at_most(f"coupled runs agree at each step, {name}", _number(max(gaps)), rounding)
    evidence = {
        "largest_difference": float(max(gaps)),
        "allowed": _ROUNDING,
        "parameters_moved_by": float(min(movement)),
        "outputs_on_the_two_strings_differ_by": float(min(spread)),
        "steps": steps,
        "initializations": _COUPLED,
    }
    constant = lower_bound(problem.targets)
    return [
        at_most(f"the renamed start is as likely, {name}", _number(max(ratios)), rounding),
        Case(coupled.name, coupled.outcome, kind, evidence),
        at_most(
            f"errors of coupled runs average to at least c, {name}",
            Estimate(constant, 0.0, ErrorKind.EXACT),
            Estimate(float(min(errors)) + _ROUNDING, 0.0, kind),
        ),
    ]


def _number(value: float) -> Estimate:
    return Estimate(float(value), 0.0, ErrorKind.NUMERICAL)


def law_cases(
    problem: Problem,
    outputs: Float64[np.ndarray, "runs steps r"],
    loss: Float64[np.ndarray, "runs steps"],
    name: str,
) -> list[Case]:
    """Outputs on strings of unseen symbols have one law: two-sample tests after the last step.

    The outputs of one network on two strings are dependent, so each test takes one string from
    the first half of the networks and the other from the second half.
    """
    half = len(outputs) // 2
    last = outputs[:, -1]
    others = range(1, last.shape[1])
    significance = _DOUBT / len(others)
    cases = []
    for j in others:
        test = two_sample_test(last[:half, 0], last[half : 2 * half, j], significance=significance)
        evidence = {
            **test.to_json(),
            "false_alarm_of_all_tests": _DOUBT,
            "alternative": f"Gaussians shifted by {test.detectable_shift:.2f} standard deviations",
            "networks": 2 * half,
            "mean_loss": [float(loss[:, 0].mean()), float(loss[:, -1].mean())],
        }
        outcome = Outcome.VIOLATED if test.rejected else Outcome.HOLDS
        where = f"one law on strings {shown(problem, 0)} and {shown(problem, j)}, {name}"
        cases.append(Case(where, outcome, ErrorKind.STATISTICAL, evidence))
    return cases


def shown(problem: Problem, row: int) -> str:
    """A test string, its unseen symbols written A, B, ..."""
    first = int(problem.unseen[:, :-1].min())
    return "".join(chr(ord("A") + int(code) - first) for code in problem.unseen[row, :-1])


def bound_case(problem: Problem, outputs: Float64[np.ndarray, "runs steps r"], name: str) -> Case:
    """The mean of the errors on the two strings against the constant, at the worst step."""
    errors = ((outputs - problem.targets) ** 2)[..., :2]
    each = errors.mean(axis=2)
    means, scatter = each.mean(axis=0), each.std(axis=0, ddof=1) / len(each) ** 0.5
    multiple = -NormalDist().inv_cdf(_DOUBT / (2 * len(means)))
    worst = int(np.argmin(means - multiple * scatter))
    found = at_most(
        f"E(f - f_*)^2 >= c at each step, {name}",
        Estimate(lower_bound(problem.targets), 0.0, ErrorKind.EXACT),
        Estimate(float(means[worst]), float(multiple * scatter[worst]), ErrorKind.STATISTICAL),
    )
    evidence = {
        "constant": lower_bound(problem.targets),
        "mean_error_of_the_two_strings": float(means[worst]),
        "error": float(multiple * scatter[worst]),
        "false_alarm": _DOUBT,
        "step": worst,
        "largest_error_after_the_last_step": float(errors[:, -1].mean(axis=0).max()),
    }
    return Case(found.name, found.outcome, found.kind, evidence, found.settles)


def described(optimizer: Optimizer) -> str:
    """An optimizer and its batch."""
    if optimizer.batch is None:
        return f"{optimizer.name} on all samples"
    return f"{optimizer.name}, batch {optimizer.batch}"
