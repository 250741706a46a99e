"""Preconditioned conjugate gradients for several right-hand sides at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np
from jaxtyping import Float64, Int64

Vectors = Float64[np.ndarray, "u t"]
Map = Callable[[Vectors, np.ndarray], Vectors]
"""Takes some columns and their indices, since columns may belong to systems of their own, and
returns a new array."""

_RESTARTS = 4
"""Restarts from a freshly computed residual, at most."""


_LOWER = 0.1
"""Of the goal, where a restart aims."""


class Status(StrEnum):
    """How the iteration ended."""

    CONVERGED = "converged"
    ITERATION_LIMIT = "iteration limit"
    ROUNDING = "rounding: the residual no longer falls"
    INDEFINITE = "the matrix is not positive definite within its errors"


@dataclass(frozen=True, eq=False)
class Iterate:
    """Where conjugate gradients ended, for each column.

    Attributes:
        solution: one column per right-hand side.
        residuals: the norm of the residual, computed afresh from the solution, over that of the
            right-hand side; 0 where the latter is 0. At most 1: nothing is returned that is worse
            than 0.
        iterations: products with the matrix, fresh residuals not counted.
        statuses: how the iteration ended.
    """

    solution: Float64[np.ndarray, "u t"]
    residuals: Float64[np.ndarray, " t"]
    iterations: Int64[np.ndarray, " t"]
    statuses: list[Status]


Ended = tuple[Vectors, Int64[np.ndarray, " t"], list[Status]]
"""Solutions, and for each column its number of products and its status."""

Inner = Callable[[Vectors, Float64[np.ndarray, " t"], np.ndarray, int], Ended]
"""Solves for some columns: takes right-hand sides, the goals for the norms of their residuals, the
indices of the columns and the largest number of products."""

Tell = Callable[[int, float], None]
"""Is told the number of products so far, and the largest residual of a column over that of its
right-hand side."""


def say_nothing(iterations: int, residual: float) -> None:
    """A `Tell` for whom nobody listens."""


def conjugate_gradients(
    matrix: Map,
    preconditioner: Map,
    right: Float64[np.ndarray, "u t"],
    *,
    tolerance: float,
    max_iterations: int,
    tell: Tell = say_nothing,
) -> Iterate:
    """Solve A x = b for each column b; see `restarted` for when it stops.

    Args:
        matrix: A, symmetric and positive definite.
        preconditioner: an approximation to its inverse, likewise.
        right: the columns b.
        tolerance: relative, above 0.
        max_iterations: stop after so many products.
        tell: is told of each product.

    >>> a = np.diag([1.0, 2.0, 4.0])
    >>> found = conjugate_gradients(
    ...     lambda v, _: a @ v,
    ...     lambda v, _: v.copy(),
    ...     np.ones((3, 1)),
    ...     tolerance=1e-12,
    ...     max_iterations=9,
    ... )
    >>> found.iterations.tolist(), str(found.statuses[0]), found.solution.ravel().round(12).tolist()
    ([3], 'converged', [1.0, 0.5, 0.25])
    """
    sizes = column_norms(right)
    inner = partial(_run, matrix, preconditioner, sizes, tell)
    return restarted(
        matrix, inner, right, tolerance=tolerance, max_iterations=max_iterations, tell=tell
    )


def restarted(
    matrix: Map,
    inner: Inner,
    right: Float64[np.ndarray, "u t"],
    *,
    tolerance: float,
    max_iterations: int,
    tell: Tell = say_nothing,
) -> Iterate:
    """Conjugate gradients, until the residual is small when computed afresh.

    A column stops when the residual that the recurrence carries along is at most ``tolerance``
    times the norm of b. Then the residual is computed afresh; columns in which rounding has made
    it larger than that start again from it, as long as this at least halves it. A start that makes
    the residual larger is undone.

    Args:
        matrix: A.
        inner: the iteration itself, from 0.
        right: the columns b.
        tolerance: relative, above 0.
        max_iterations: stop after so many products.
        tell: is told of each fresh residual.
    """
    sizes = column_norms(right)
    goal = tolerance * sizes
    everything = np.arange(right.shape[1])
    solution, residual, norms = np.zeros_like(right), right.copy(), sizes.copy()
    iterations = np.zeros(len(sizes), dtype=np.int64)
    statuses = [Status.CONVERGED for _ in sizes]
    todo = np.flatnonzero(norms > goal)
    spent = 0
    for start in range(1 + _RESTARTS):
        if not len(todo):
            break
        # A restart aims lower: what the recurrence takes for the goal is just above it afresh.
        aim = goal[todo] * (1.0 if start == 0 else _LOWER)
        step, used, ended = inner(residual[:, todo], aim, todo, max_iterations - spent)
        iterations[todo] += used
        spent += int(used.max())
        before = solution[:, todo] if start else np.zeros((1, len(todo)))
        solution[:, todo] += step
        del step
        residual = right - matrix(solution, everything)
        fresh = column_norms(residual)[todo]
        worse = ~(fresh <= norms[todo])  # also where it is not a number
        halved = fresh <= 0.5 * norms[todo]
        solution[:, todo[worse]] = before[:, worse]
        del before
        norms[todo[~worse]] = fresh[~worse]
        tell(spent, float(np.divide(norms, sizes, out=np.zeros_like(norms), where=sizes > 0).max()))
        again = []
        for column, status, better in zip(todo.tolist(), ended, halved.tolist(), strict=True):
            statuses[column] = Status.CONVERGED
            if norms[column] > goal[column]:
                statuses[column] = _settled(status, start)
                if status is Status.CONVERGED and better:
                    again.append(column)
        todo = np.array(again, dtype=np.int64)
    residuals = np.divide(norms, sizes, out=np.zeros_like(norms), where=sizes > 0.0)
    return Iterate(solution, residuals, iterations, statuses)


def _settled(status: Status, start: int) -> Status:
    """How a column ended whose fresh residual is too large.

    The recurrence takes the residual for small, or has done so before: then what is left of it is
    rounding, and so is a direction in which the matrix seems not to be positive.
    """
    if status is Status.CONVERGED or (status is Status.INDEFINITE and start > 0):
        return Status.ROUNDING
    return status


def _run(
    matrix: Map,
    preconditioner: Map,
    sizes: Float64[np.ndarray, " k"],
    tell: Tell,
    right: Vectors,
    goal: Float64[np.ndarray, " t"],
    columns: np.ndarray,
    most: int,
) -> Ended:
    """The iteration, from 0, until the recurrence's residual of each column reaches its goal.

    It works in place where it can: at ten million rows every array saved counts.
    """
    solution, residual = np.zeros_like(right), right.copy()
    taken = np.full(right.shape[1], most, dtype=np.int64)
    statuses = [Status.ITERATION_LIMIT for _ in columns]
    active = np.arange(right.shape[1])
    direction = preconditioner(residual, columns)
    rho = _dots(residual, direction)
    for iteration in range(1, most + 1):
        image = matrix(direction, columns[active])
        curvature = _dots(direction, image)
        definite = (curvature > 0.0) & (rho > 0.0)
        step = np.divide(rho, curvature, out=np.zeros_like(rho), where=definite)
        if len(active) == solution.shape[1]:
            solution += step * direction
        else:
            solution[:, active] += step * direction
        image *= step
        residual -= image
        del image
        norms = column_norms(residual)
        tell(iteration, float((norms / sizes[columns[active]]).max()))
        live = definite & (norms > goal[active])
        if not live.all():
            for column, positive in zip(active[~live], definite[~live], strict=True):
                statuses[column] = Status.CONVERGED if positive else Status.INDEFINITE
            taken[active[~live]] = iteration
            active = active[live]
            if not len(active):
                break
            residual, direction, rho = residual[:, live], direction[:, live], rho[live]
        conditioned = preconditioner(residual, columns[active])
        before, rho = rho, _dots(residual, conditioned)
        direction *= rho / before
        direction += conditioned
        del conditioned
    return solution, taken, statuses


def column_norms(vectors: Vectors) -> Float64[np.ndarray, " t"]:
    """The Euclidean norm of each column."""
    return np.sqrt(_dots(vectors, vectors))


def _dots(first: Vectors, second: Vectors) -> Float64[np.ndarray, " t"]:
    """The inner product of each column of one with that of the other."""
    if first.shape[1] == 1:
        return np.array([np.vdot(first, second)])
    return np.einsum("ut,ut->t", first, second)
