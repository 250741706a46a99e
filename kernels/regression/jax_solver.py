"""Conjugate gradients on the Gram operator in JAX: all on one device, a GPU where there is one.

The same sums as in `GramOperator`, as segment sums and look-ups; the preconditioner is the one that
NumPy would use.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jax.ops import segment_sum
from jaxtyping import Float64

from kernels.regression.conjugate_gradients import Ended, Status
from kernels.regression.gram_operator import GramOperator
from kernels.regression.jax_preconditioners import DevicePreconditioner, on_device
from kernels.regression.jax_sparse import SparseMatrix
from kernels.regression.preconditioner import Preconditioner


@partial(
    jax.tree_util.register_dataclass,
    data_fields=["indicator", "between", "coupling"],
    meta_fields=[],
)
@dataclass(frozen=True)
class DeviceInteraction:
    """One `Interaction`; of ``between`` and ``coupling``, one is there."""

    indicator: SparseMatrix
    between: Array | None
    coupling: SparseMatrix | None

    def apply(self, vectors: Array) -> Array:
        """The interaction times vectors of rows."""
        sums = self.indicator.transposed(vectors)
        if self.coupling is not None:
            sums = self.coupling.apply(sums)
        elif self.between is not None:
            grid = sums.reshape(-1, len(self.between), sums.shape[1])
            sums = (self.between @ grid).reshape(sums.shape)
        return self.indicator.apply(sums)


@partial(
    jax.tree_util.register_dataclass,
    data_fields=[
        *("root", "diagonal", "shape", "between_shapes", "interactions", "ridge"),
        "preconditioner",
    ],
    meta_fields=[],
)
@dataclass(frozen=True)
class DeviceSystem:
    """S K S + ridge I and its preconditioner on the device; see the classes they copy."""

    root: Array
    diagonal: Array
    shape: Array
    between_shapes: Array
    interactions: tuple[DeviceInteraction, ...]
    ridge: Array
    preconditioner: DevicePreconditioner

    @classmethod
    def of(
        cls,
        operator: GramOperator,
        root: Float64[np.ndarray, " u"],
        ridge: float,
        preconditioner: Preconditioner,
    ) -> DeviceSystem:
        """Copy the operator and the preconditioner."""
        return cls(
            root=jnp.asarray(root),
            diagonal=jnp.asarray(operator.own),
            shape=jnp.asarray(operator.strings.shape),
            between_shapes=jnp.asarray(operator.between_shapes),
            interactions=tuple(
                DeviceInteraction(
                    SparseMatrix.of(part.indicator),
                    jnp.asarray(part.between_roles) if part.coupling is None else None,
                    None if part.coupling is None else SparseMatrix.of(part.coupling),
                )
                for part in operator.interactions
            ),
            ridge=jnp.asarray(ridge),
            preconditioner=on_device(preconditioner),
        )

    def apply(self, vectors: Array) -> Array:
        """(S K S + ridge I) times vectors."""
        inner = self.root[:, None] * vectors
        sums = segment_sum(inner, self.shape, len(self.between_shapes), indices_are_sorted=True)
        result = self.diagonal[:, None] * inner + (self.between_shapes @ sums)[self.shape]
        for part in self.interactions:
            result += part.apply(inner)
        return self.root[:, None] * result + self.ridge * vectors


class JaxSolver:
    """Solves (S K S + ridge I) x = b for one ridge on JAX's default device.

    Args:
        operator: the Gram operator K of the distinct strings.
        root: the diagonal S.
        ridge: above 0.
        preconditioner: an approximate inverse of the matrix.
    """

    def __init__(
        self,
        operator: GramOperator,
        root: Float64[np.ndarray, " u"],
        ridge: float,
        preconditioner: Preconditioner,
    ) -> None:
        with jax.enable_x64(True):
            self.system = DeviceSystem.of(operator, root, ridge, preconditioner)

    def solve(
        self,
        right: Float64[np.ndarray, "u t"],
        goals: Float64[np.ndarray, " t"],
        max_iterations: int,
    ) -> Ended:
        """All columns at once, until the recurrence's residual of each reaches its goal.

        How they ended is what the recurrence says; the residual itself is for the caller to
        compute.
        """
        with jax.enable_x64(True):
            solution, taken, definite, small = _conjugate_gradients(
                self.system, jnp.asarray(right), jnp.asarray(goals), jnp.asarray(max_iterations)
            )
            statuses = [
                Status.CONVERGED
                if done
                else Status.ITERATION_LIMIT
                if positive
                else Status.INDEFINITE
                for done, positive in zip(small.tolist(), definite.tolist(), strict=True)
            ]
            return np.array(solution), np.array(taken, dtype=np.int64), statuses


_State = tuple[Array, Array, Array, Array, Array, Array]
"""Solution, residual, direction, residual times conditioned residual, and for each column the
products that it took part in and whether the matrix was positive so far."""


@jax.jit
def _conjugate_gradients(
    system: DeviceSystem, right: Array, goals: Array, most: Array
) -> tuple[Array, Array, Array, Array]:
    """The solution, and for each column the products, definiteness, and a small residual."""

    def small(residual: Array) -> Array:
        return jnp.linalg.norm(residual, axis=0) <= goals

    def unfinished(state: _State) -> Array:
        return jnp.any(~small(state[1]) & state[5]) & (jnp.max(state[4]) < most)

    def step(state: _State) -> _State:
        solution, residual, direction, rho, taken, definite = state
        moving = definite & ~small(residual)  # the other columns stay as they are
        image = system.apply(direction)
        curvature = _dots(direction, image)
        positive = (curvature > 0.0) & (rho > 0.0)
        length = jnp.where(moving & positive, rho / jnp.where(positive, curvature, 1.0), 0.0)
        solution += length * direction
        residual -= length * image
        conditioned = system.preconditioner.apply(residual)
        new = _dots(residual, conditioned)
        direction = conditioned + new / jnp.where(moving & positive, rho, 1.0) * direction
        return solution, residual, direction, new, taken + moving, definite & (positive | ~moving)

    first = system.preconditioner.apply(right)
    columns = right.shape[1]
    state = (
        jnp.zeros_like(right),
        right,
        first,
        _dots(right, first),
        jnp.zeros(columns, dtype=int),
        jnp.ones(columns, dtype=bool),
    )
    solution, residual, _, _, taken, definite = lax.while_loop(unfinished, step, state)
    return solution, taken, definite, small(residual)


def _dots(first: Array, second: Array) -> Array:
    return jnp.einsum("ut,ut->t", first, second)
