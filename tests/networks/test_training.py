"""MLPs, optimizers, the coupling of Lemma I.7, and the two-sample test of Appendix I."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import norm

from kernels import InvalidInputError
from tests import tolerances
from theory.networks.coupling import (
    couple,
    density_ratio,
    largest_ratio,
    renamed_parameters,
    renaming,
)
from theory.networks.optimizers import SGD, Adam, Gradient, GradientFlow, Optimizer, State
from theory.networks.perceptron import Initialization, Parameters, outputs, square_loss
from theory.networks.training import Problem, initial_parameters, predictions, trajectory
from theory.statements.appendix_i.two_sample import two_sample_test

PROBLEM = Problem(
    codes=np.array([[1, 1, 0], [1, 2, 0], [3, 3, 0], [2, 3, 0]], dtype=np.int32),
    labels=np.array([1.0, -1.0, 1.0, -1.0]),
    unseen=np.array([[4, 4, 0], [4, 5, 0]], dtype=np.int32),
    targets=np.array([1.0, -1.0]),
    tokens=6,
)
INITIALIZATION = Initialization(width=6)
OPTIMIZERS = [SGD(), SGD(batch=3), Adam(), GradientFlow()]


def start() -> Parameters:
    return initial_parameters(PROBLEM, INITIALIZATION, seed=0)


def values(parameters: Parameters, codes: np.ndarray) -> np.ndarray:
    with jax.enable_x64(True):
        return np.asarray(outputs(parameters, jnp.asarray(codes)))


def test_outputs_are_those_of_one_hot_inputs() -> None:
    p = jax.tree.map(np.asarray, start())
    one_hot = np.eye(PROBLEM.tokens)[PROBLEM.codes].reshape(len(PROBLEM.codes), -1)
    active = np.tanh(one_hot @ p.first.reshape(-1, INITIALIZATION.width) + p.biases[0])
    active = np.tanh(active @ p.hidden[0] + p.biases[1])
    np.testing.assert_allclose(
        values(start(), PROBLEM.codes), active @ p.last, atol=tolerances.NETWORK_RENAMING
    )


def test_gradient_descent_on_all_samples_is_a_difference_quotient() -> None:
    found = trajectory(PROBLEM, start(), SGD(rate=1.0, batch=None), steps=1, seed=0)
    assert found.parameters is not None
    moved = np.asarray(found.parameters.last[0] - found.parameters.last[1])
    with jax.enable_x64(True):
        codes, labels = jnp.asarray(PROBLEM.codes), jnp.asarray(PROBLEM.labels)
        for i, direction in enumerate(np.eye(INITIALIZATION.width)[:3]):
            ahead, behind = (
                float(square_loss(p._replace(last=p.last + s * direction), codes, labels))
                for p, s in ((start(), 1e-4), (start(), -1e-4))
            )
            quotient = (ahead - behind) / 2e-4
            assert abs(quotient - moved[i]) < tolerances.DIFFERENCE_QUOTIENT


def scalar(value: float) -> Parameters:
    return Parameters(jnp.asarray(value), (), (), jnp.asarray(0.0))


def test_adam_is_the_published_recursion() -> None:
    rate, theta, mean, square = 0.1, 1.0, 0.0, 0.0
    with jax.enable_x64(True):
        adam = Adam(rate=rate)
        parameters = scalar(theta)
        state = adam.start(parameters)
        for t in range(1, 6):
            gradient = theta**3
            mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
            corrected = mean / (1.0 - 0.9**t), square / (1.0 - 0.999**t)
            theta -= rate * corrected[0] / (math.sqrt(corrected[1]) + 1e-8)
            parameters, state = adam.step(
                lambda p: jax.tree.map(lambda x: x**3, p), parameters, state
            )
            assert abs(float(parameters.first) - theta) < tolerances.NETWORK_RENAMING


def test_gradient_flow_is_of_fourth_order() -> None:
    errors = []
    with jax.enable_x64(True):
        for steps in (4, 8):
            parameters = scalar(1.0)
            for _ in range(steps):
                parameters, _ = GradientFlow(rate=1.0 / steps).step(lambda p: p, parameters, ())
            errors.append(abs(float(parameters.first) - math.exp(-1.0)))
    assert 12.0 < errors[0] / errors[1] < 24.0  # 2^4, up to higher orders


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_inputs_that_are_never_active_never_move(optimizer: Optimizer) -> None:
    found = trajectory(PROBLEM, start(), optimizer, steps=3, seed=1)
    assert found.parameters is not None
    first = np.asarray(found.parameters.first)
    still = (first == first[:1]).all(axis=(0, 3))
    free = PROBLEM.never_active()
    assert still[free].all()
    assert not still[~free].all()


def test_renaming_moves_inputs_and_weights_alike() -> None:
    pi = renaming(PROBLEM, PROBLEM.unseen[0], PROBLEM.unseen[1])
    moved = np.take_along_axis(pi, PROBLEM.unseen.T, axis=1).T
    np.testing.assert_array_equal(moved, PROBLEM.unseen[::-1])
    np.testing.assert_array_equal(np.take_along_axis(pi, PROBLEM.codes.T, axis=1).T, PROBLEM.codes)
    np.testing.assert_allclose(
        values(renamed_parameters(start(), pi), moved),
        values(start(), PROBLEM.unseen),
        atol=tolerances.NETWORK_RENAMING,
    )


@dataclass(frozen=True)
class Uneven(Optimizer):
    """Gradient descent with a rate for each token: not equivariant."""

    name: ClassVar[str] = "uneven"

    def step(
        self, gradient: Gradient, parameters: Parameters, state: State
    ) -> tuple[Parameters, State]:
        found = gradient(parameters)
        # Weight decay that knows tokens by number; gradients of unseen ones are 0.
        decay = jnp.arange(parameters.first.shape[1])[:, None] * parameters.first
        first = parameters.first - self.rate * (found.first + 0.1 * decay)
        return parameters._replace(first=first), state


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_coupled_runs_agree(optimizer: Optimizer) -> None:
    pi = renaming(PROBLEM, PROBLEM.unseen[0], PROBLEM.unseen[1])
    found = couple(PROBLEM, start(), pi, optimizer, steps=4, seed=1)
    assert found.discrepancies.shape == (5,)
    assert found.discrepancies.max() < tolerances.NETWORK_RENAMING
    assert found.movement > 1e-3
    swapped = np.asarray(found.renamed.predictions)[:, ::-1]
    np.testing.assert_allclose(
        np.asarray(found.plain.predictions), swapped, atol=tolerances.NETWORK_RENAMING
    )


def test_an_optimizer_that_knows_tokens_breaks_the_coupling() -> None:
    pi = renaming(PROBLEM, PROBLEM.unseen[0], PROBLEM.unseen[1])
    found = couple(PROBLEM, start(), pi, Uneven(), steps=4, seed=1)
    assert found.discrepancies[0] == 0.0
    assert (np.diff(found.discrepancies) > 1e-3).all()


def test_seen_tokens_may_not_be_renamed() -> None:
    with pytest.raises(InvalidInputError, match="training strings have token 1 or 4 at place 0"):
        renaming(PROBLEM, PROBLEM.codes[0], PROBLEM.unseen[0])


def test_density_notices_an_uneven_initialization() -> None:
    pi = renaming(PROBLEM, PROBLEM.unseen[0], PROBLEM.unseen[1])
    assert abs(density_ratio(PROBLEM, INITIALIZATION, start(), pi)) < tolerances.NETWORK_RENAMING
    uneven = Initialization(width=6, input_scales=((1.0, 1.0, 1.0, 1.0, 1.0, 2.0),) * 3)
    drawn = initial_parameters(PROBLEM, uneven, seed=0)
    assert abs(density_ratio(PROBLEM, uneven, drawn, pi)) > 0.1
    with pytest.raises(InvalidInputError, match="give 3 rows of 6 factors"):
        initial_parameters(PROBLEM, Initialization(input_scales=((1.0,),)), seed=0)


def test_density_is_that_of_the_gaussians() -> None:
    """Of the two rows that pi exchanges, at each of two places; and where they became 0."""
    pi = renaming(PROBLEM, PROBLEM.unseen[0], PROBLEM.unseen[1])
    factors = (1.0, 1.0, 1.0, 1.0, 0.5, 2.0)
    uneven = Initialization(width=6, input_scales=(factors,) * 3)
    drawn = initial_parameters(PROBLEM, uneven, seed=0)
    moved = renamed_parameters(drawn, pi)
    law = norm(scale=np.array(factors)[:, None] / math.sqrt(3.0))
    before, after = (law.logpdf(np.asarray(p.first)).sum() for p in (drawn, moved))
    found = density_ratio(PROBLEM, uneven, drawn, pi)
    assert found == pytest.approx(after - before, abs=tolerances.NETWORK_RENAMING)
    away = np.asarray(drawn.first).copy()
    away[1, [4, 5]] = 0.0  # the two strings differ at this place alone
    largest = largest_ratio(PROBLEM, uneven, drawn, pi)
    assert largest == pytest.approx(
        law.logpdf(away).sum() - before, abs=tolerances.NETWORK_RENAMING
    )


@pytest.mark.parametrize("one_pass", [False, True])
def test_batches_are_of_several_samples(one_pass: bool) -> None:
    """Which samples a step was of, by the inputs that it moved."""
    codes = np.array([[t, 0] for t in range(1, 9)], dtype=np.int32)
    problem = Problem(codes, np.ones(8), codes[:1], np.ones(1), tokens=9)
    begun = initial_parameters(problem, Initialization(width=3, depth=1), seed=0)
    optimizer = SGD(batch=2, one_pass=one_pass)
    found = trajectory(problem, begun, optimizer, steps=4, seed=0).parameters
    assert found is not None
    moved = np.abs(np.diff(np.asarray(found.first)[:, 0], axis=0)).max(axis=2) > 0.0
    if one_pass:
        assert [np.flatnonzero(row).tolist() for row in moved] == [[1, 2], [3, 4], [5, 6], [7, 8]]
    else:
        assert {1, 2} >= {int(row.sum()) for row in moved}
        assert moved.any(axis=0).sum() > 2
        other = trajectory(problem, begun, optimizer, steps=4, seed=1).parameters
        assert other is not None
        assert not np.array_equal(other.first, found.first)


def test_predictions_repeat_and_runs_differ() -> None:
    found, loss = predictions(PROBLEM, INITIALIZATION, SGD(), steps=2, runs=5, seed=7)
    again, _ = predictions(PROBLEM, INITIALIZATION, SGD(), steps=2, runs=5, seed=7)
    assert found.shape == (5, 3, 2)
    assert loss.shape == (5, 3)
    assert np.array_equal(found, again)
    assert len(np.unique(found[:, 0, 0])) == 5


def test_two_sample_test_has_the_power_it_states() -> None:
    rng = np.random.default_rng(0)
    n = 500
    shift = two_sample_test(rng.random(n), rng.random(n)).detectable_shift
    seen = [
        two_sample_test(rng.standard_normal(n), rng.standard_normal(n) + shift).rejected
        for _ in range(100)
    ]
    false = [
        two_sample_test(rng.standard_normal(n), rng.standard_normal(n)).rejected for _ in range(100)
    ]
    assert sum(seen) >= 97  # stated: 99 %; fewer than 97 has probability 2 %, and seeds are fixed
    assert sum(false) <= 5  # stated: 1 %; more than 5 has probability 5e-4


def test_two_sample_test_needs_enough_draws() -> None:
    with pytest.raises(InvalidInputError, match="at least 458 draws"):
        two_sample_test(np.zeros(457), np.zeros(457))
