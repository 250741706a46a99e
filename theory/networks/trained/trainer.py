"""Train several runs at once, and choose the best epoch of each by validation."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import Array, lax
from jaxtyping import Bool, Float32, Int, Int32, Num

from kernels.boundary.checks import positive
from kernels.boundary.exceptions import InvalidInputError
from kernels.boundary.jax_settings import plain_jax
from kernels.boundary.memory import require_memory
from theory.networks.trained.checkpoint import Checkpoint
from theory.networks.trained.network import Network, Trainable
from theory.networks.trained.problem import Problem
from theory.networks.trained.recipe import Plan, Recipe

Data = tuple[tuple[Array, Array], ...]
"""Codes and labels, one row a run: those that are trained on, then validation and test."""

ADAM = optax.flatten(optax.scale_by_adam())
"""Adam's direction, with its usual constants 0.9, 0.999 and 1e-8; a rate for each run multiplies
it, so that runs with several rates are one computation. Flattened: one long vector compiles
faster than many short ones."""


COLUMNS = "loss", "validation", "test", "accuracy"
"""What is kept of each look: the mean loss of the epochs before it, the validation error and the
test error, and the share of test strings that are right."""


class State(NamedTuple):
    """Where the runs stand; each leaf of the first two has one row a run."""

    parameters: Trainable
    moments: Trainable
    looks: np.ndarray
    history: Float32[np.ndarray, "looks runs 4"]


@dataclass(frozen=True, eq=False)
class Trained:
    """What training found.

    Errors are mean squares, or cross-entropies in nats. Right is a number with the sign of its
    label, or a token that is it.

    Attributes:
        history: the `COLUMNS` of each look and run.
        diverged: the runs whose loss was not finite at some look; their errors mean nothing.
        steps: of Adam, in each run.
        parameters: at the end, one row a run.
    """

    history: Float32[np.ndarray, "looks runs 4"]
    diverged: Bool[np.ndarray, " runs"]
    steps: int
    parameters: Trainable

    @property
    def best(self) -> Int[np.ndarray, " runs"]:
        """The look with the least validation error, of each run; the first of equal ones."""
        return np.where(np.isnan(self.history[:, :, 1]), np.inf, self.history[:, :, 1]).argmin(0)

    def at_best(self, column: str) -> Float32[np.ndarray, " runs"]:
        """A column of the history at each run's best look; NaN where the run diverged."""
        rows = self.history[:, :, COLUMNS.index(column)]
        found = np.take_along_axis(rows, self.best[None], axis=0)[0]
        return np.where(self.diverged, np.float32(np.nan), found)


def train(
    network: Network,
    problem: Problem,
    recipe: Recipe,
    *,
    seeds: Sequence[int],
    rates: Sequence[float] | None = None,
    checkpoint: Checkpoint | None = None,
) -> Trained:
    """Train one network a run, in float32.

    On one machine the same arguments give the same result, whether a run was cut off and went on
    from its checkpoint or not.

    Args:
        network: what is trained.
        problem: the strings of each run.
        recipe: how.
        seeds: of each run's first parameters and batches; as many as the problem has runs.
        rates: the learning rate of each run, in place of the recipe's.
        checkpoint: where the state is kept; removed at the end.

    Raises:
        InvalidInputError: seeds or rates that are not one a run; a network that is not for these
            labels or strings.
        TooLargeError: the runs would not fit in memory.
    """
    runs, n, length = problem.train.codes.shape
    plan = recipe.plan(n)
    speeds = [recipe.rate] * runs if rates is None else [positive("rates", r) for r in rates]
    for name, given in (("seeds", list(seeds)), ("rates", speeds)):
        if len(given) != runs:
            raise InvalidInputError(name, given, f"give one for each of {runs} runs")
    if network.symbolic != problem.symbolic:
        kind = "a tied embedding" if problem.symbolic else "one number as output"
        raise InvalidInputError("network", network, f"these labels need {kind}")
    if network.cls != problem.cls:
        wants = "with" if network.cls else "without"
        raise InvalidInputError("problem", f"cls={problem.cls}", f"give strings {wants} [CLS]")
    require_training_memory(
        network,
        recipe,
        runs=runs,
        n=n,
        length=length,
        tokens=problem.tokens,
        held_out=problem.test.codes.shape[1],
    )
    with plain_jax(double=False):
        state = _start(network, problem, plan, seeds)
        identity = repr((network, recipe, list(seeds), speeds, _content(problem)))
        found = checkpoint.load(state, identity) if checkpoint else None
        state = state if found is None else found
        data = jax.tree.map(jnp.asarray, _arrays(problem))
        while state.looks < plan.looks:
            state = _look(network, plan, state, seeds, jnp.asarray(speeds, jnp.float32), data)
            if checkpoint and state.looks < plan.looks:
                checkpoint.save(state, identity)
            if not np.isfinite(state.history[: int(state.looks), :, 0]).all(axis=0).any():
                break  # all have diverged
    if checkpoint:
        checkpoint.remove()
    history = state.history[: int(state.looks)]
    diverged = ~np.isfinite(history[:, :, :3]).all(axis=(0, 2))
    steps = plan.steps * len(history) // plan.looks
    return Trained(history, diverged, steps, jax.tree.map(np.asarray, state.parameters))


def require_training_memory(
    network: Network, recipe: Recipe, *, runs: int, n: int, length: int, tokens: int, held_out: int
) -> None:
    """Refuse what would not fit in memory.

    Args:
        network: what is trained.
        recipe: how.
        runs: at once.
        n: training strings of each.
        length: of the strings.
        tokens: how many codes there are.
        held_out: strings of the validation set, and of the test set.

    Raises:
        TooLargeError: the runs would not fit.
    """
    size = network.size(tokens=tokens, length=length)
    strings = max(recipe.plan(n).batch, held_out)
    # Parameters, gradients, updates, two moments and what a step makes of them; and what a batch
    # leaves behind for its gradient.
    activity = 3.0 * strings * network.activity(tokens=tokens, length=length)
    needed = 4.0 * runs * (8.0 * size + activity + 2.0 * n * (length + 1))
    remedy = "train a smaller one, or fewer trials at once, or on fewer strings"
    require_memory("network", network, needed, remedy)


def _arrays(problem: Problem) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    held_out = problem.validation, problem.test
    codes = np.stack([part.codes for part in held_out], axis=1)
    labels = np.stack([part.labels for part in held_out], axis=1)
    return (problem.train.codes, problem.train.labels), (codes, labels)


def _content(problem: Problem) -> str:
    digest = hashlib.sha256()
    for array in jax.tree.leaves(_arrays(problem)):
        digest.update(array.tobytes())
    return digest.hexdigest()


def _start(network: Network, problem: Problem, plan: Plan, seeds: Sequence[int]) -> State:
    runs, _, length = problem.train.codes.shape
    drawn = [network.start(tokens=problem.tokens, length=length, seed=seed) for seed in seeds]
    parameters = jax.tree.map(lambda *of_runs: jnp.asarray(np.stack(of_runs), jnp.float32), *drawn)
    history = np.full((plan.looks, runs, len(COLUMNS)), np.nan, dtype=np.float32)
    return State(parameters, jax.vmap(ADAM.init)(parameters), np.array(0), history)


def _look(
    network: Network, plan: Plan, state: State, seeds: Sequence[int], rates: Array, data: Data
) -> State:
    """Train the epochs up to the next look, and look."""
    look = int(state.looks)
    order = np.stack([_batches(plan, look, data[0][1].shape[1], seed) for seed in seeds])
    parameters, moments, row = _advance(
        network, state.parameters, state.moments, jnp.asarray(order), rates, data
    )
    history = state.history.copy()
    history[look] = row
    return State(parameters, moments, np.array(look + 1), history)


def _batches(plan: Plan, look: int, n: int, seed: int) -> Int32[np.ndarray, "steps batch"]:
    """The rows of each batch up to the next look: a fresh shuffle for each epoch."""
    # One stream an epoch, so that nothing need be kept of a stream between looks.
    numbers = range(look * plan.epochs, (look + 1) * plan.epochs)
    used = plan.batches * plan.batch
    orders = [np.random.default_rng([1 + number, seed]).permutation(n)[:used] for number in numbers]
    return np.concatenate(orders).reshape(-1, plan.batch).astype(np.int32)


@partial(jax.jit, static_argnames="network", donate_argnums=(1, 2))
def _advance(
    network: Network,
    parameters: Trainable,
    moments: Trainable,
    order: Int[Array, "runs steps batch"],
    rates: Array,
    data: Data,
) -> tuple[Trainable, Trainable, Array]:
    """Some steps of every run, and the `COLUMNS` of each."""

    def run(
        parameters: Trainable, moments: Trainable, order: Array, rate: Array, data: Data
    ) -> tuple[Trainable, Trainable, Array]:
        (codes, labels), held_out = data

        def step(
            at: tuple[Trainable, Trainable], rows: Array
        ) -> tuple[tuple[Trainable, Trainable], Array]:
            parameters, moments = at
            loss, gradient = jax.value_and_grad(_error)(
                parameters, network, codes[rows], labels[rows]
            )
            return adam_step(network, parameters, moments, gradient, rate), loss

        (parameters, moments), losses = lax.scan(step, (parameters, moments), order)
        row = jnp.concatenate([losses.mean()[None], _held_out(parameters, network, *held_out)])
        return parameters, moments, row

    return jax.vmap(run)(parameters, moments, order, rates, data)


def adam_step(
    network: Network, parameters: Trainable, moments: Trainable, gradient: Trainable, rate: Array
) -> tuple[Trainable, Trainable]:
    """The parameters and moments after a step down a gradient."""
    direction, moments = ADAM.update(gradient, moments)
    steered = network.steered(direction)
    return jax.tree.map(lambda p, d: p - rate * d, parameters, steered), moments


def _error(
    parameters: Trainable, network: Network, codes: Int[Array, "n k"], labels: Num[Array, " n"]
) -> Array:
    return _errors(network, network.outputs(parameters, codes), labels).mean()


def _errors(network: Network, found: Num[Array, "n ..."], labels: Num[Array, " n"]) -> Array:
    """The square, or the cross-entropy in nats, of each string."""
    if network.symbolic:
        return optax.softmax_cross_entropy_with_integer_labels(found, labels)
    return (found - labels) ** 2


def _held_out(
    parameters: Trainable, network: Network, codes: Int[Array, "s n k"], labels: Num[Array, "s n"]
) -> Array:
    """The last three `COLUMNS`, from the validation strings and the test strings."""
    sets, n, length = codes.shape
    labels = labels.reshape(-1)
    found = network.outputs(parameters, codes.reshape(-1, length))
    errors = _errors(network, found, labels).reshape(sets, n).mean(axis=1)
    right = found.argmax(axis=1) == labels if network.symbolic else found * labels > 0.0
    return jnp.concatenate([errors, right[-n:].mean()[None]])
