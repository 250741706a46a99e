"""The search for parameters: a grid over (beta, gamma), refined; for each, the best (b1, b2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from kernels.progress import bar
from theory.tuning.golden import highest
from theory.tuning.objective import AttentionValues

_FREQUENCIES = 12
"""Of a grid over b1, on which more than one hill was never seen."""

_COARSE = 10
"""Steps to the best phase while frequencies are compared."""

_FINEST = 0.02
"""Steps of log beta and log gamma at which refinement stops."""


@dataclass(frozen=True)
class Ranges:
    """Where to search: the least and the greatest of each parameter."""

    beta: tuple[float, float]
    gamma: tuple[float, float]
    b1: tuple[float, float]
    b2: tuple[float, float]


@dataclass(frozen=True)
class Trial:
    """A pair (beta, gamma) with its best activation, and how well the two condition a task.

    Attributes:
        beta: inverse temperature.
        gamma: positional weight.
        b1: the best frequency there.
        b2: the best phase.
        conditioning: ``lambda_min(N) / max K(x, x)``, as floats have it.
    """

    beta: float
    gamma: float
    b1: float
    b2: float
    conditioning: float


Attention = Callable[[float, float], AttentionValues]
"""Attention values at (beta, gamma)."""


def search(attention: Attention, ranges: Ranges, points: int, *, progress: bool) -> list[Trial]:
    """All that was tried, in order.

    A grid of (beta, gamma), evenly spaced in their logarithms, then steps along the axes from the
    best so far, halved where none is better.

    Args:
        attention: the values that the activations are tried on.
        ranges: where to search.
        points: of the grid, along each axis.
        progress: show a bar.
    """
    axes = [_grid(*ends, points) for ends in (ranges.beta, ranges.gamma)]
    grid = [(float(beta), float(gamma)) for beta in axes[0] for gamma in axes[1]]
    tried = {
        at: _best_activation(attention(*at), ranges, *at)
        for at in bar(grid, "beta and gamma", shown=progress)
    }
    steps = [_spacing(axis) / 2.0 for axis in axes]
    while max(steps) > _FINEST:
        best = max(tried.values(), key=lambda one: one.conditioning)
        near = _neighbours((best.beta, best.gamma), steps, (ranges.beta, ranges.gamma))
        new = [at for at in near if at not in tried]
        for at in bar(new, "finer", shown=progress):
            tried[at] = _best_activation(attention(*at), ranges, *at)
        if max(one.conditioning for one in tried.values()) <= best.conditioning:
            steps = [step / 2.0 for step in steps]
    return list(tried.values())


def _best_activation(values: AttentionValues, ranges: Ranges, beta: float, gamma: float) -> Trial:
    """The best cosine for these attention values: a grid over b1, refined around its best."""
    grid = [float(b1) for b1 in _grid(*ranges.b1, _FREQUENCIES)]
    phase = partial(values.best_phase, b2=ranges.b2)
    coarse = {b1: phase(b1, steps=_COARSE)[0] for b1 in grid}
    place = grid.index(max(coarse, key=coarse.__getitem__))
    low, high = grid[max(place - 1, 0)], grid[min(place + 1, len(grid) - 1)]
    _, b1 = highest(lambda b1: phase(b1, steps=_COARSE)[0], low, high, steps=12)
    found, b2 = phase(b1)
    return Trial(beta, gamma, b1, b2, found)


def _grid(low: float, high: float, points: int) -> Sequence[float]:
    """Numbers from low to high, evenly spaced in their logarithms; one where the two are equal."""
    if low == high:
        return [low]
    inner = np.geomspace(low, high, max(points, 2))[1:-1].tolist()
    return [low, *inner, high]


def _spacing(axis: Sequence[float]) -> float:
    return float(np.log(axis[1] / axis[0])) if len(axis) > 1 else 0.0


def _neighbours(
    centre: tuple[float, float],
    steps: Sequence[float],
    ends: tuple[tuple[float, float], tuple[float, float]],
) -> list[tuple[float, float]]:
    """One step each way along each axis, at most to the ends."""
    found = []
    for axis, step in enumerate(steps):
        for sign in (-1.0, 1.0):
            at = list(centre)
            low, high = ends[axis]
            at[axis] = float(min(max(centre[axis] * np.exp(sign * step), low), high))
            found.append((at[0], at[1]))
    return list(dict.fromkeys(found))
