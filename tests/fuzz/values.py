"""Kernel values: by proof, by two numerical routes, and by drawing from the definition."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import numpy as np

from kernels import AttentionKernel, Automatic, ProductRule, TensorNetwork
from kernels.boundary.exceptions import InvalidInputError
from kernels.strings.patterns import Pattern

_QUICK = Automatic(effort=1e8, points=2**10)
"""As by default, but that less than a second is spent on a value before it is sampled."""

_DRAWS = 20_000
_DEVIATIONS = 6.5
"""A false alarm has a chance of 1e-10 for a Gaussian; the mean of 20,000 draws is near one."""

_CHANCE = 1e-9
"""Of a sampled value beyond its radius."""


def check(rng: random.Random) -> str | None:
    """One pair of strings at one (beta, gamma); what is wrong with its value, if anything is."""
    length, letters = rng.randint(1, 5), rng.choice(["AB", "ABC", "ABCDEF"])
    x, y = ("".join(rng.choices(letters, k=length)) for _ in range(2))
    beta, gamma = (rng.choice([0.0, 1e-3, rng.uniform(0, 3), rng.uniform(0, 3)]) for _ in range(2))
    kernel = AttentionKernel(beta=beta, gamma=gamma, attention=_QUICK)
    found, where = kernel(x, y), f"K_attn({x!r}, {y!r}) at beta={beta!r}, gamma={gamma!r}"
    if not (math.isfinite(found.value) and found.error >= 0.0):
        return f"{where} is {found}"
    renamed = _renamed(rng, x, y)
    for how, other in (("exchanged", kernel(y, x)), ("renamed", kernel(*renamed))):
        if other != found:
            return f"{where} is {found!r}, and {how} {other!r}"
    pattern = Pattern.of(x, y)
    for route in (TensorNetwork(1e-9, 1e8), ProductRule(1e-8, 1e6)):
        try:
            second = route.estimate([pattern], beta, gamma)[0]
        except InvalidInputError:  # it takes too much
            continue
        if abs(second.value - found.value) > second.error + found.radius(_CHANCE):
            return f"{where} is {found!r}, and by {second.method} {second!r}"
    mean, deviation = _drawn(rng, pattern, beta, gamma)
    if abs(mean - found.value) > _DEVIATIONS * deviation + found.radius(_CHANCE) + 1e-12:
        return f"{where} is {found!r}, and by drawing {mean} with a standard error of {deviation}"
    return None


def _renamed(rng: random.Random, x: str, y: str) -> tuple[str, str]:
    """The strings with other tokens, their positions in another order."""
    image = dict(zip("ABCDEF", rng.sample("GHIJKLMNOP", 6), strict=True))
    order = rng.sample(range(len(x)), len(x))
    first, second = ("".join(image[s[i]] for i in order) for s in (x, y))
    return first, second


def _drawn(rng: random.Random, pattern: Pattern, beta: float, gamma: float) -> tuple[float, float]:
    """The mean of draws from the definition, and its standard error.

    For ``m = X u + gamma p`` and ``m' = Y u + gamma p`` with Gaussian u and p, the kernel is the
    mean of ``softmax(beta m)^T (X Y^T + gamma^2 I) softmax(beta m')``.
    """
    draws = np.random.default_rng(rng.getrandbits(64))
    tokens = 1 + max(*pattern.x, *pattern.y)
    u = draws.normal(size=(_DRAWS, tokens))
    p = gamma * draws.normal(size=(_DRAWS, pattern.length))
    x, y = (np.eye(tokens)[list(row)] for row in (pattern.x, pattern.y))
    softmax: Callable[..., np.ndarray] = lambda m: (  # noqa: E731 - a formula
        np.exp(m - m.max(axis=1, keepdims=True))
        / np.exp(m - m.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)
    )
    first, second = (softmax(beta * (u @ z.T + p)) for z in (x, y))
    values = np.einsum("di,ij,dj->d", first, x @ y.T + gamma**2 * np.eye(pattern.length), second)
    return float(values.mean()), float(values.std() / math.sqrt(_DRAWS))
