"""The coupling of Lemma I.7: rename the inputs that training never sees, in step with the weights.

An input is a position and a token. Let pi permute, within each position, the tokens whose input
is 0 in every training string, and let pi act on the first layer by moving its rows. Then

    f(pi x; pi theta) = f(x; theta)  for every string x,

and pi x = x for training strings, so gradients commute with pi, and so does each step of an
optimizer that treats coordinates alike: training from pi theta_0 on the same batches passes
through pi theta_t. Where pi theta_0 has the law of theta_0, pi theta_t has the law of theta_t, and
f(x; theta_t) that of f(pi x; theta_t).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float64, Int32

from kernels.boundary.exceptions import InvalidInputError
from kernels.boundary.jax_settings import plain_jax
from theory.networks.optimizers import Optimizer
from theory.networks.perceptron import Initialization, Parameters
from theory.networks.training import Problem, Run, trajectory


def renaming(
    problem: Problem, first: Int32[np.ndarray, " k"], second: Int32[np.ndarray, " k"]
) -> Int32[np.ndarray, "k m"]:
    """A permutation of each position's unseen tokens that takes one string to another.

    Args:
        problem: whose training strings must not move.
        first: a test string.
        second: another.

    Returns:
        ``pi[p, t]``, the token that takes the place of token t at position p.

    Raises:
        InvalidInputError: a token that would have to move occurs there in training.
    """
    pi = np.tile(np.arange(problem.tokens, dtype=np.int32), (len(first), 1))
    free = problem.never_active()
    for p, (a, b) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        if a != b and not (free[p, a] and free[p, b]):
            raise InvalidInputError(
                "first", first.tolist(), f"training strings have token {a} or {b} at place {p}"
            )
        pi[p, [a, b]] = b, a
    return pi


def renamed_parameters(parameters: Parameters, pi: Int32[np.ndarray, "k m"]) -> Parameters:
    """``pi theta``: the row of token t at position p moves to pi[p, t]; any leading axes stay."""
    moved = np.asarray(parameters.first).copy()
    source = np.asarray(parameters.first)
    for p, image in enumerate(pi):
        moved[..., p, image, :] = source[..., p, :, :]
    with plain_jax():
        return parameters._replace(first=jnp.asarray(moved))


@dataclass(frozen=True, eq=False)
class Coupled:
    """Two training runs that Lemma I.7 makes equal up to a renaming.

    Attributes:
        plain: the run from theta_0.
        renamed: the run from pi theta_0, on the same batches.
        discrepancies: for each step, the largest difference of a coordinate between the second
            run and pi of the first.
        movement: the largest distance of a coordinate from its start, in the first run.
    """

    plain: Run
    renamed: Run
    discrepancies: Float64[np.ndarray, " steps"]
    movement: float


def couple(
    problem: Problem,
    start: Parameters,
    pi: Int32[np.ndarray, "k m"],
    optimizer: Optimizer,
    *,
    steps: int,
    seed: int,
    phi: Callable[[Array], Array] = jnp.tanh,
) -> Coupled:
    """Train from theta_0 and from pi theta_0, and compare them step by step."""
    trained = partial(trajectory, problem, optimizer=optimizer, steps=steps, seed=seed, phi=phi)
    plain, renamed = trained(start), trained(renamed_parameters(start, pi))
    assert plain.parameters is not None
    assert renamed.parameters is not None
    expected = renamed_parameters(plain.parameters, pi)
    leaves = list(zip(jax.tree.leaves(expected), jax.tree.leaves(renamed.parameters), strict=True))
    gaps = [np.abs(np.asarray(a) - np.asarray(b)).reshape(steps + 1, -1) for a, b in leaves]
    moved = [np.asarray(a) for a in jax.tree.leaves(plain.parameters)]
    return Coupled(
        plain,
        renamed,
        np.max([gap.max(axis=1) for gap in gaps], axis=0),
        float(max(np.abs(a - a[:1]).max() for a in moved)),
    )


def density_ratio(
    problem: Problem,
    initialization: Initialization,
    start: Parameters,
    pi: Int32[np.ndarray, "k m"],
) -> float:
    """The logarithm of the density of theta_0 at ``pi theta_0`` over that at ``theta_0``.

    0 at every theta_0 exactly when the initialization does not notice pi; only the first layer
    counts, because pi moves nothing else.
    """
    scales = initialization.scales(problem.codes.shape[1], problem.tokens)[..., None]
    moved = np.asarray(renamed_parameters(start, pi).first) / scales
    kept = np.asarray(start.first) / scales
    return float(0.5 * ((kept - moved) * (kept + moved)).sum())


def largest_ratio(
    problem: Problem,
    initialization: Initialization,
    start: Parameters,
    pi: Int32[np.ndarray, "k m"],
) -> float:
    """What `density_ratio` is at most in size, whatever the variances of the rows that pi moves.

    Half the sum of their squares in units of their deviations: that much if it moved them to 0.
    """
    scales = initialization.scales(problem.codes.shape[1], problem.tokens)[..., None]
    moves = pi != np.arange(pi.shape[1])
    return float(0.5 * ((np.asarray(start.first) / scales)[moves] ** 2).sum())
