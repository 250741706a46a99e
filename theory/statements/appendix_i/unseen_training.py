"""What Appendix I says of one problem, one initialization and one optimizer, claim by claim.

One training set is drawn and held fixed; all probabilities are over the initialization and the
batches. That is stronger than the paper's, which average over the training set as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float64

from kernels.estimates import Estimate, Exact, Numerical, StandardError
from theory.statements.appendix_i.two_sample import two_sample_test
from theory.statements.framework.claims import AtMost, Claim, Compatible, Every
from theory.statements.framework.decision import level
from theory.task import TemplateTask

if TYPE_CHECKING:
    from theory.networks.optimizers import Optimizer
    from theory.networks.perceptron import Initialization
    from theory.networks.training import Problem

SAMPLES, _ALPHABET = 16, 8
"""Training strings, and seen symbols at least."""

AGREE = "coupled runs agree"
"""The name of that claim begins so."""

BEST_CONSTANT = "c over the error of the best constant prediction"
"""1: no larger c is true. Trivial is the bound 0, since errors are squares."""

_COUPLED = 4
"""Initializations from which coupled runs start."""

_STRINGS = 4
"""Test strings whose distributions are compared, at most."""

_ROUNDING = 1e-10
"""Absolute, for parameters and outputs of order 1. The two runs do the same operations in the
same order, up to the order in which the compiler adds, and training can amplify the difference."""


def problem_of(task: TemplateTask, *, seed: int, samples: int = SAMPLES) -> Problem:
    """Training strings of the task, and for each template a string of unseen symbols.

    The first two test strings are those with the largest and the smallest label; all use the
    same unseen symbols.
    """
    from theory.networks.training import Problem  # noqa: PLC0415 - JAX is slow to import

    most = max(len(z.wildcards) for z in task.templates)
    alphabet = max(_ALPHABET, 2 * most)
    sample = task.sample(samples, alphabet=alphabet, seed=seed)
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

    If the output F has one distribution on two unseen strings, then for their labels y and y'

        ( E(F - y)^2 + E(F - y')^2 ) / 2 = Var F + (E F - (y + y')/2)^2 + ((y - y')/2)^2,

    so one of the two errors is at least ((y - y')/2)^2. No larger constant will do: F may be
    (y + y')/2.
    """
    return float(0.25 * (targets.max() - targets.min()) ** 2)


def coupling_claims(
    problem: Problem,
    initialization: Initialization,
    optimizer: Optimizer,
    *,
    steps: int,
    seed: int,
) -> list[Claim]:
    """Lemma I.7 step by step, and the bound that follows for each coupled pair of runs.

    With F, F' the outputs of the two runs, the four squared errors of F and F' on the two
    strings average to at least the constant: F' swaps the two strings, and
    ((a - y)^2 + (b - y)^2 + (a - y')^2 + (b - y')^2) / 4 >= ((y - y')/2)^2 for all a, b.
    """
    from theory.networks.coupling import (  # noqa: PLC0415 - JAX is slow to import
        couple,
        density_ratio,
        largest_ratio,
        renaming,
    )
    from theory.networks.training import initial_parameters  # noqa: PLC0415

    pi = renaming(problem, problem.unseen[0], problem.unseen[1])
    gaps, ratios, possible, movement, errors, spread = [], [], [], [], [], []
    for s in range(seed, seed + _COUPLED):
        start = initial_parameters(problem, initialization, seed=s)
        found = couple(problem, start, pi, optimizer, steps=steps, seed=s, phi=initialization.phi)
        movement.append(found.movement)
        ratios.append(abs(density_ratio(problem, initialization, start, pi)))
        possible.append(largest_ratio(problem, initialization, start, pi))
        both = np.stack([np.asarray(run.predictions) for run in (found.plain, found.renamed)])
        # The renamed run says of one string what the plain one says of the other.
        swapped = float(np.abs(both[0, :, [0, 1]] - both[1, :, [1, 0]]).max())
        gaps.append(max(float(found.discrepancies.max()), swapped))
        errors.append(((both[..., :2] - problem.targets[:2]) ** 2).mean(axis=(0, 2)).min())
        spread.append(np.abs(both[0, -1, 0] - both[0, -1, 1]))
    name, rounding = described(optimizer), Estimate(_ROUNDING, Exact())
    agree = f"{AGREE} at each step, {name}"
    evidence = {
        "parameters_moved_by": float(min(movement)),
        "outputs_on_the_two_strings_differ_by": float(min(spread)),
        "steps": steps,
        "initializations": _COUPLED,
    }
    constant = lower_bound(problem.targets)
    return [
        AtMost(
            f"the renamed start is as likely, {name}",
            _number(max(ratios)),
            rounding,
            trivial=min(possible),
        ),
        # Whatever becomes of the two runs, they are no further apart than training moved them.
        AtMost(agree, _number(max(gaps)), rounding, evidence, trivial=2.0 * float(min(movement))),
        AtMost(
            f"errors of coupled runs average to at least c, {name}",
            Estimate(constant, Exact()),
            _number(min(errors) + _ROUNDING),
            {BEST_CONSTANT: 1.0},
        ),
    ]


def _number(value: float) -> Estimate:
    return Estimate(float(value), Numerical(0.0))


def distribution_claims(
    problem: Problem,
    outputs: Float64[np.ndarray, "runs steps r"],
    loss: Float64[np.ndarray, "runs steps"],
    name: str,
    *,
    comparisons: int,
) -> list[Claim]:
    """Outputs on strings of unseen symbols have one distribution: tests after the last step.

    The outputs of one network on two strings are dependent, so each test takes one string from
    the first half of the networks and the other from the second half.

    Args:
        problem: the strings.
        outputs: of each network after each step, at each string.
        loss: of each network after each step.
        name: the optimizer.
        comparisons: of the whole check, by which the power of a test is told.
    """
    half = len(outputs) // 2
    last = outputs[:, -1]
    claims: list[Claim] = []
    for j in range(1, last.shape[1]):
        test = two_sample_test(
            last[:half, 0], last[half : 2 * half, j], significance=level(comparisons)
        )
        evidence = {
            **test.to_json(),
            "alternative": f"Gaussians shifted by {test.detectable_shift:.2f} standard deviations",
            "networks": 2 * half,
            "mean_loss": [float(loss[:, 0].mean()), float(loss[:, -1].mean())],
        }
        where = f"one distribution on {shown(problem, 0)} and {shown(problem, j)}, {name}"
        claims.append(Compatible(where, test.p_value, evidence))
    return claims


def shown(problem: Problem, row: int) -> str:
    """A test string, its unseen symbols written A, B, ..."""
    first = int(problem.unseen[:, :-1].min())
    return "".join(chr(ord("A") + int(code) - first) for code in problem.unseen[row, :-1])


def bound_claim(problem: Problem, outputs: Float64[np.ndarray, "runs steps r"], name: str) -> Claim:
    """The mean of the errors on the two strings against the constant, at every step."""
    errors = ((outputs - problem.targets) ** 2)[..., :2]
    each = errors.mean(axis=2)
    means, scatter = each.mean(axis=0), each.std(axis=0, ddof=1) / len(each) ** 0.5
    constant = Estimate(lower_bound(problem.targets), Exact())
    parts = [
        AtMost(f"step {i}", constant, Estimate(float(mean), StandardError(float(error))))
        for i, (mean, error) in enumerate(zip(means, scatter, strict=True))
    ]
    worst = int(np.argmin(means))
    evidence = {
        "constant": constant.value,
        BEST_CONSTANT: 1.0,
        "least_mean_error_of_the_two_strings": parts[worst].bound.to_json(),
        "step": worst,
        "largest_error_after_the_last_step": float(errors[:, -1].mean(axis=0).max()),
    }
    return Every(f"E(f - f_*)^2 >= c at each step, {name}", parts, evidence)


def described(optimizer: Optimizer) -> str:
    """An optimizer and its batch."""
    if optimizer.batch is None:
        return f"{optimizer.name} on all samples"
    once = ", one pass" if optimizer.one_pass else ""
    return f"{optimizer.name}, batch {optimizer.batch}{once}"
