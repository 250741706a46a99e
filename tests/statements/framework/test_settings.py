"""What a user may set beside task and kernel: networks, training, and the sizes of Section 5."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from unittest.mock import patch

import jax
import numpy as np
import pytest

from kernels import InvalidInputError
from tests.instances import SAME
from theory import statements
from theory.networks import training as networks
from theory.networks.optimizers import SGD, GradientFlow
from theory.networks.perceptron import Initialization
from theory.networks.training import Problem, initial_parameters, trajectory
from theory.statements import Outcome
from theory.statements.appendix_i import training
from theory.statements.appendix_i.unseen_training import problem_of

SMALL = {"width": 5, "steps": 4, "networks": 920}


@pytest.mark.parametrize(
    ("id", "settings"),
    [
        pytest.param(
            "Theorem I.2",
            {**SMALL, "depth": 1, "activation": "relu", "one_pass": True},
            marks=pytest.mark.long,
        ),
        ("Lemma I.7", {**SMALL, "depth": 3, "activation": "cosine", "one_pass": True}),
        pytest.param(
            "Remark I.4",
            {**SMALL, "activation": jax.nn.softplus, "one_pass": True},
            marks=pytest.mark.long,
        ),
    ],
)
def test_perceptrons_of_ones_own(id: str, settings: dict[str, object]) -> None:
    found = statements.find(id).check(SAME, quick=True, **settings)
    assert found.outcome is Outcome.HOLDS, found.settles
    shown = found.evidence["checked on"]
    assert isinstance(shown, dict)
    assert shown["width"] == 5
    assert found.evidence["steps"] == 4
    assert found.evidence["networks"] == 920
    assert any("one pass" in key for key in found.evidence)


@pytest.mark.parametrize(
    "changed", [{"width": 7}, {"depth": 1}, {"activation": "erf"}, {"one_pass": True}]
)
def test_what_is_set_is_what_is_trained(changed: dict[str, object]) -> None:
    seen: list[tuple[object, ...]] = []

    def recorded(*given: object, **_: object) -> list[object]:
        seen.append(given)
        return []

    with (
        patch.object(training, "coupling_claims", recorded),
        patch.object(networks, "predictions", _untrained),
    ):
        statements.find("Theorem I.2").check(SAME, quick=True, **{**SMALL, **changed})
    ((problem, initialization, optimizer),) = seen
    plain = Initialization(width=5)
    named = {key: value for key, value in changed.items() if key != "one_pass"}
    assert initialization == replace(plain, **named)
    assert optimizer.one_pass == ("one_pass" in changed)
    assert len(problem.codes) >= optimizer.samples(4)


def _untrained(problem: Problem, *_: object, steps: int, runs: int, seed: int) -> object:
    rng = np.random.default_rng(seed)
    outputs = rng.standard_normal((runs, steps + 1, 1)) + np.zeros(len(problem.targets))
    return outputs, np.zeros((runs, steps + 1))


def test_one_pass_takes_each_sample_once_and_in_order() -> None:
    problem = problem_of(SAME, seed=0, samples=6)
    start = initial_parameters(problem, Initialization(width=3), seed=0)
    by_two = SGD(rate=0.1, batch=2, one_pass=True)
    run = trajectory(problem, start, by_two, steps=3, seed=0)
    other = trajectory(problem, start, by_two, steps=3, seed=1)
    assert np.array_equal(np.asarray(run.loss), np.asarray(other.loss))
    again = start
    for step in range(3):
        rows = slice(2 * step, 2 * step + 2)
        part = type(problem)(
            problem.codes[rows],
            problem.labels[rows],
            problem.unseen,
            problem.targets,
            problem.tokens,
        )
        moved = trajectory(part, again, SGD(rate=0.1, batch=None), steps=1, seed=0).parameters
        assert moved is not None
        again = jax.tree.map(lambda leaf: leaf[1], moved)
    assert run.parameters is not None
    np.testing.assert_allclose(run.parameters.last[3], again.last, rtol=1e-12, atol=1e-14)
    with pytest.raises(InvalidInputError, match="steps = 4: one pass over 6 samples has fewer"):
        trajectory(problem, start, by_two, steps=4, seed=0)
    with pytest.raises(InvalidInputError, match="one_pass = True: give a batch"):
        GradientFlow(one_pass=True)


def test_sizes_of_the_copying_task() -> None:
    check = statements.find("Theorem 5.1").check
    assert check(quick=True, gamma=0.0, tokens=6, seen=2, heads=2).outcome is Outcome.HOLDS
    found = check(quick=True, gamma=Fraction(1, 7), tokens=11, seen=3, heads=2)
    assert found.outcome is Outcome.VIOLATED
    exact = found.evidence["dL_test/dt -> 0 at every learning rates, gamma = 0.142857"]
    assert isinstance(exact, dict)
    assert exact["worst ratio"] == "3/8"  # n / (m - n)
    copied = statements.find("Theorem 5.2").check(quick=True, gamma=0.5, tokens=5, heads=1)
    assert copied.outcome is Outcome.HOLDS


@pytest.mark.parametrize(
    ("id", "settings", "words"),
    [
        ("Theorem I.2", {"width": 0}, "width = 0: give a whole number of at least 1"),
        ("Theorem I.2", {"depth": 0}, "depth = 0"),
        ("Theorem I.2", {"activation": "foo"}, "activation = 'foo': give tanh, relu"),
        ("Theorem I.2", {"one_pass": 1}, "one_pass = 1: give True or False"),
        ("Lemma I.7", {"networks": 900}, "networks = 900: give a whole number of at least 916"),
        ("Lemma I.7", {"steps": 0}, "steps = 0"),
        ("Theorem 5.1", {"seen": 8}, "seen = 8: leave at least one token unseen"),
        ("Theorem 5.1", {"gamma": -1.0}, "gamma = -1.0: give"),
        ("Theorem 5.1", {"width": 3}, "width = 3: Theorem 5.1 lets you set tokens, seen, heads"),
        ("Claim E.2", {"width": 3}, "lets you set nothing beside task, kernel, quick and seed"),
    ],
)
def test_what_cannot_be_set_is_refused(id: str, settings: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        statements.find(id).check(quick=True, **settings)
