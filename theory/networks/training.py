"""Training many perceptrons at once, each step recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float64, Int32

from kernels.boundary.checks import whole
from kernels.boundary.exceptions import InvalidInputError
from kernels.boundary.jax_settings import plain_jax
from kernels.boundary.memory import require_memory
from theory.networks.compiling import QUICKLY, SOON
from theory.networks.optimizers import Optimizer
from theory.networks.perceptron import Initialization, Parameters, outputs, square_loss


@dataclass(frozen=True, eq=False)
class Problem:
    """What is trained on and what is asked.

    Attributes:
        codes: the training strings.
        labels: their labels.
        unseen: the test strings, of tokens that training strings do not have.
        targets: the test strings' labels.
        tokens: the size of the alphabet, unseen ones included.
    """

    codes: Int32[np.ndarray, "n k"]
    labels: Float64[np.ndarray, " n"]
    unseen: Int32[np.ndarray, "r k"]
    targets: Float64[np.ndarray, " r"]
    tokens: int

    def never_active(self) -> np.ndarray:
        """Which inputs (a position and a token) are 0 in every training string, shape (k, m)."""
        active = np.zeros((self.codes.shape[1], self.tokens), dtype=bool)
        active[np.arange(self.codes.shape[1]), self.codes] = True
        return ~active


class Run(NamedTuple):
    """What a training run leaves, one row a step, the start included.

    Attributes:
        predictions: outputs on the test strings.
        loss: half the mean squared error on all training strings.
        parameters: all of them; empty arrays unless asked for.
    """

    predictions: Array
    loss: Array
    parameters: Parameters | None


def predictions(
    problem: Problem,
    initialization: Initialization,
    optimizer: Optimizer,
    *,
    steps: int,
    runs: int,
    seed: int,
) -> tuple[Float64[np.ndarray, "runs steps r"], Float64[np.ndarray, "runs steps"]]:
    """Outputs on the test strings and training losses, of independently drawn and trained networks.

    Step 0 is the initialization, so there is one more row than ``steps``. Each run draws its
    own parameters and its own batches.

    Raises:
        InvalidInputError: a number out of range, or fewer samples than one pass uses.
        TooLargeError: the runs would not fit in memory.
    """
    whole("runs", runs, least=1)
    _require_samples(problem, optimizer, steps)
    size = initialization.width * (problem.tokens * problem.codes.shape[1] + initialization.width)
    require_memory("runs", runs, 8.0 * runs * (10.0 * size + 4.0 * steps), "ask for fewer runs")
    with plain_jax():
        keys = jax.random.split(jax.random.key(whole("seed", seed)), runs)
        found = _many(
            keys,
            *_arrays(problem),
            tokens=problem.tokens,
            initialization=initialization,
            optimizer=optimizer,
            steps=whole("steps", steps, least=1),
        )
        return np.asarray(found.predictions), np.asarray(found.loss)


def initial_parameters(
    problem: Problem, initialization: Initialization, *, seed: int
) -> Parameters:
    """One draw of the parameters.

    Raises:
        InvalidInputError: the seed is not a whole number, or ``input_scales`` has another shape.
    """
    with plain_jax():
        key = jax.random.key(whole("seed", seed))
        return _drawn(key, initialization, problem.codes.shape[1], problem.tokens)


@partial(
    jax.jit,
    static_argnames=("initialization", "length", "tokens"),
    compiler_options=QUICKLY,
)
def _drawn(key: Array, initialization: Initialization, length: int, tokens: int) -> Parameters:
    return initialization.draw(key, length, tokens)


def trajectory(
    problem: Problem,
    start: Parameters,
    optimizer: Optimizer,
    *,
    steps: int,
    seed: int,
    phi: Callable[[Array], Array] = jnp.tanh,
) -> Run:
    """One training run from given parameters, all parameters recorded; ``seed`` draws batches.

    Raises:
        InvalidInputError: the parameters are for another alphabet or length, or one pass uses more
            samples than there are.
    """
    _require_samples(problem, optimizer, steps)
    expected = problem.codes.shape[1], problem.tokens
    if start.first.shape[:2] != expected:
        raise InvalidInputError(
            "start", start.first.shape, f"the first layer needs {expected} inputs"
        )
    with plain_jax():
        key = jax.random.key(whole("seed", seed))
        return _recorded(start, key, *_arrays(problem), optimizer=optimizer, steps=steps, phi=phi)


def _require_samples(problem: Problem, optimizer: Optimizer, steps: int) -> None:
    if optimizer.samples(steps) > len(problem.codes):
        raise InvalidInputError(
            "steps", steps, f"one pass over {len(problem.codes)} samples has fewer; give more"
        )


def _arrays(problem: Problem) -> tuple[Array, Array, Array]:
    return jnp.asarray(problem.codes), jnp.asarray(problem.labels), jnp.asarray(problem.unseen)


@partial(
    jax.jit,
    static_argnames=("tokens", "initialization", "optimizer", "steps"),
    compiler_options=SOON,
)
def _many(
    keys: Array,
    codes: Array,
    labels: Array,
    unseen: Array,
    *,
    tokens: int,
    initialization: Initialization,
    optimizer: Optimizer,
    steps: int,
) -> Run:
    def one(key: Array) -> Run:
        for_start, for_batches = jax.random.split(key)
        start = initialization.draw(for_start, codes.shape[1], tokens)
        arrays = codes, labels, unseen
        phi = initialization.phi
        return _run(start, for_batches, *arrays, optimizer, steps, phi, record=False)

    return jax.vmap(one)(keys)


@partial(jax.jit, static_argnames=("optimizer", "steps", "phi"), compiler_options=QUICKLY)
def _recorded(
    start: Parameters,
    key: Array,
    codes: Array,
    labels: Array,
    unseen: Array,
    *,
    optimizer: Optimizer,
    steps: int,
    phi: Callable[[Array], Array],
) -> Run:
    return _run(start, key, codes, labels, unseen, optimizer, steps, phi, record=True)


def _run(
    start: Parameters,
    key: Array,
    codes: Array,
    labels: Array,
    unseen: Array,
    optimizer: Optimizer,
    steps: int,
    phi: Callable[[Array], Array],
    *,
    record: bool,
) -> Run:
    """Train for some steps; batches depend on the key alone, not on the parameters."""
    n = codes.shape[0]

    def seen(parameters: Parameters) -> Run:
        return Run(
            outputs(parameters, unseen, phi),
            square_loss(parameters, codes, labels, phi),
            parameters if record else None,
        )

    def advance(
        carry: tuple[Parameters, tuple[Parameters, ...]], step: tuple[Array, Array]
    ) -> tuple[tuple[Parameters, tuple[Parameters, ...]], Run]:
        (parameters, state), (step_key, index) = carry, step
        if optimizer.batch is None:
            rows = jnp.arange(n)
        elif optimizer.one_pass:
            rows = index * optimizer.batch + jnp.arange(optimizer.batch)
        else:
            rows = jax.random.randint(step_key, (optimizer.batch,), 0, n)

        def gradient(at: Parameters) -> Parameters:
            return jax.grad(square_loss)(at, codes[rows], labels[rows], phi)

        moved, state = optimizer.step(gradient, parameters, state)
        return (moved, state), seen(moved)

    at = jax.random.split(key, steps), jnp.arange(steps)
    _, found = lax.scan(advance, (start, optimizer.start(start)), at)
    first = seen(start)
    return jax.tree.map(lambda a, b: jnp.concatenate([a[None], b]), first, found)
