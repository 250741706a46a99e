"""Preconditioned conjugate gradients for several right-hand sides at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Float64, Int64

from kernels.regression.arrays.device import HOST, Device
from kernels.regression.arrays.sums import Columns, column_dots, column_norms, shares
from kernels.regression.contract import Iterate, Status

Map = Callable[[Columns, np.ndarray], Columns]
"""Takes some columns and their indices, since columns may belong to systems of their own, and
returns a new array."""

Tell = Callable[[int, float], None]
"""Is told the number of products so far, and the largest residual of a column over that of its
right-hand side."""

_RESTARTS = 4
"""Restarts from a freshly computed residual, at most."""

_LOWER = 0.1
"""Of the goal, where a restart aims."""


def say_nothing(iterations: int, residual: float) -> None:
    """A `Tell` for whom nobody listens."""


def conjugate_gradients(
    matrix: Map,
    preconditioner: Map,
    right: Float64[np.ndarray, "u t"],
    *,
    tol: float,
    max_iter: int,
    tell: Tell = say_nothing,
    device: Device = HOST,
    afresh: Map | None = None,
) -> Iterate:
    """Solve A x = b for each column b, until the residual is small when computed afresh.

    A column stops when the residual that the recurrence carries along is at most ``tol`` times the
    norm of b. Then the residual is computed afresh; columns in which rounding has made it larger
    than that start again from it, as long as this at least halves it. A start that makes the
    residual larger is undone.

    Args:
        matrix: A, symmetric and positive definite, on the device.
        preconditioner: an approximation to its inverse, likewise.
        right: the columns b.
        tol: relative, above 0.
        max_iter: stop after so many products.
        tell: is told of each product and each fresh residual.
        device: where the iteration runs.
        afresh: A on the host, for fresh residuals; ``matrix`` where left out.

    >>> a = np.diag([1.0, 2.0, 4.0])
    >>> found = conjugate_gradients(
    ...     lambda v, _: a @ v, lambda v, _: v.copy(), np.ones((3, 1)), tol=1e-12, max_iter=9
    ... )
    >>> found.iterations.tolist(), str(found.statuses[0]), found.solution.ravel().round(12).tolist()
    ([3], 'converged', [1.0, 0.5, 0.25])
    """
    product = matrix if afresh is None else afresh
    iteration = _Iteration(matrix, preconditioner, column_norms(right), tell, device)
    sizes = column_norms(right)
    goal = tol * sizes
    everything = np.arange(right.shape[1])
    # Not zeros_like, which writes its zeros: these take no memory until they are written.
    solution, residual, norms = np.zeros(right.shape), right, sizes.copy()
    iterations = np.zeros(len(sizes), dtype=np.int64)
    statuses = [Status.CONVERGED for _ in sizes]
    todo = np.flatnonzero(norms > goal)
    spent = 0
    for start in range(1 + _RESTARTS):
        if not len(todo):
            break
        # A restart aims lower: what the recurrence takes for the goal is just above it afresh.
        aim = goal[todo] * (1.0 if start == 0 else _LOWER)
        given = residual if len(todo) == len(sizes) else residual[:, todo]
        step, used, ended = iteration.run(given, aim, todo, max_iter - spent)
        iterations[todo] += used
        spent += int(used.max())
        before = solution[:, todo] if start else np.zeros((1, len(todo)))
        if start == 0 and len(todo) == len(sizes):
            solution = step
        else:
            solution[:, todo] += step
        del step, given
        residual = product(solution, everything)
        np.subtract(right, residual, out=residual)
        fresh = column_norms(residual)[todo]
        worse = ~(fresh <= norms[todo])  # also where it is not a number
        halved = fresh <= 0.5 * norms[todo]
        solution[:, todo[worse]] = before[:, worse]
        del before
        norms[todo[~worse]] = fresh[~worse]
        tell(spent, float(shares(norms, sizes).max()))
        again = []
        for column, status, better in zip(todo.tolist(), ended, halved.tolist(), strict=True):
            statuses[column] = Status.CONVERGED
            if norms[column] > goal[column]:
                statuses[column] = _settled(status, start)
                if status is Status.CONVERGED and better:
                    again.append(column)
        todo = np.array(again, dtype=np.int64)
    return Iterate(solution, shares(norms, sizes), iterations, statuses)


def _settled(status: Status, start: int) -> Status:
    """How a column ended whose fresh residual is too large.

    The recurrence takes the residual for small, or has done so before: then what is left of it is
    rounding, and so is a direction in which the matrix seems not to be positive.
    """
    if status is Status.CONVERGED or (status is Status.INDEFINITE and start > 0):
        return Status.ROUNDING
    return status


class _Iteration:
    """The iteration, from 0, until the recurrence's residual of each column reaches its goal.

    Args:
        matrix: A.
        preconditioner: an approximation to its inverse.
        sizes: the norms of all right-hand sides.
        tell: is told of each product.
        device: where it runs.
    """

    def __init__(
        self,
        matrix: Map,
        preconditioner: Map,
        sizes: Float64[np.ndarray, " k"],
        tell: Tell,
        device: Device,
    ) -> None:
        self._matrix, self._preconditioner = matrix, preconditioner
        self._sizes, self._tell, self._device = sizes, tell, device

    def run(
        self,
        right: Float64[np.ndarray, "u t"],
        goal: Float64[np.ndarray, " t"],
        columns: Int64[np.ndarray, " t"],
        most: int,
    ) -> tuple[Float64[np.ndarray, "u t"], Int64[np.ndarray, " t"], list[Status]]:
        """Solutions, and for each column its number of products and how it ended.

        It works in place where it can: at ten million rows every array saved counts.
        """
        with self._device.scope():
            return self._run(right, goal, columns, most)

    def _run(
        self,
        right: Float64[np.ndarray, "u t"],
        goal: Float64[np.ndarray, " t"],
        columns: Int64[np.ndarray, " t"],
        most: int,
    ) -> tuple[Float64[np.ndarray, "u t"], Int64[np.ndarray, " t"], list[Status]]:
        take, width = self._device.take, right.shape[1]
        residual = self._device.put(right.copy())
        solution = 0.0 * residual
        done: list[tuple[np.ndarray, np.ndarray]] = []
        taken = np.full(width, most, dtype=np.int64)
        statuses = [Status.ITERATION_LIMIT for _ in columns]
        active, running = np.arange(width), np.ones(width, dtype=bool)
        direction = self._preconditioner(residual, columns)
        rho = take(column_dots(residual, direction))
        for iteration in range(1, most + 1):
            image = self._matrix(direction, columns[active])
            curvature = take(column_dots(direction, image))
            definite = (curvature > 0.0) & (rho > 0.0)
            step = np.divide(rho, curvature, out=np.zeros_like(rho), where=definite & running)
            solution += step * direction
            image *= step
            residual -= image
            del image
            norms = take(column_norms(residual))
            self._tell(iteration, float((norms / self._sizes[columns[active]]).max()))
            ends = running & ~(definite & (norms > goal[active]))
            for column, positive in zip(active[ends], definite[ends], strict=True):
                statuses[column] = Status.CONVERGED if positive else Status.INDEFINITE
            taken[active[ends]] = iteration
            running &= ~ends
            if not running.any():
                break
            if ends.any() and running.sum() <= self._device.leave_at * len(active):
                done.append((active[~running], take(solution[:, ~running])))
                residual, direction = residual[:, running], direction[:, running]
                solution, rho, active = solution[:, running], rho[running], active[running]
                running = running[running]
            conditioned = self._preconditioner(residual, columns[active])
            before, rho = rho, take(column_dots(residual, conditioned))
            direction *= np.divide(rho, before, out=np.zeros_like(rho), where=running)
            direction += conditioned
            del conditioned
        return _in_order(width, [*done, (active, take(solution))]), taken, statuses


def _in_order(
    width: int, parts: list[tuple[Int64[np.ndarray, " _"], Float64[np.ndarray, "u _"]]]
) -> Float64[np.ndarray, "u t"]:
    """Columns that have ended at different times, each in its place."""
    if len(parts) == 1:
        return parts[0][1]
    result = np.empty((len(parts[0][1]), width))
    for columns, vectors in parts:
        result[:, columns] = vectors
    return result
