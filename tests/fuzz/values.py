"""Kernel values: by proof, by two numerical routes, and by drawing from the definition.

A case is one point: a temperature and a weight, with a pool of strings of one length and the values
of many pairs of them, asked for at once. Most are pairs that the tensor network settles in
milliseconds; at times one that it does not is among them, and sampled. Each value is held against

- the tensor network and the product rule, where these are cheap, within the errors of both;
- the mean of draws from the definition, which all pairs of a case share;
- itself, bit for bit: alone in a kernel that has computed nothing else, its strings exchanged, its
  tokens renamed and its positions reordered.
"""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from collections.abc import Sequence

import numpy as np

from kernels import AttentionKernel, Automatic, ProductRule, TensorNetwork
from kernels.attention.proved.differences import rank_of
from kernels.boundary.exceptions import ToleranceNotMetError, TooLargeError
from kernels.estimates import Estimate
from kernels.strings.patterns import Pattern
from tests.fuzz.draws import Draws

AT_A_POINT = 500
"""Pairs that are drawn for a point; those that take too much are left out."""

SAMPLED = 0.3
"""How often one of these is kept, to be sampled."""

ORDERS = 3
"""In how many other orders all positions are drawn."""

ALONE = 2
"""How many values of a point are computed again."""

_PRODUCT, _HIGHEST_RANK = ProductRule(1e-8, 3e4), 3
"""The second of the numerical routes, and beyond which rank it certainly takes too much."""

_CHANCE = 1e-9
"""Of a sampled value beyond its radius."""

_LETTERS = "ABCDEFGHIJKL"

Strings = tuple[str, str]


def check(rng: random.Random, count: int = AT_A_POINT) -> str | Counter[str]:
    """The values of one point: what is wrong with the first wrong one, else how many there were.

    Args:
        rng: where everything is drawn from.
        count: how many pairs of strings to draw; those that are alike count as one.
    """
    beta, gamma, pairs = point(rng, count)
    network = TensorNetwork(1e-9, _scale(rng, 5.5, 7.0))
    quick = Automatic(effort=network.effort, points=2**8)
    kernel = AttentionKernel(beta=beta, gamma=gamma, attention=quick)
    chosen = affordable(rng, pairs, kernel, network)
    seen = Counter({"drawn": len(pairs), "left out, too dear": len(pairs) - len(chosen)})
    chosen |= reordered(rng, chosen)
    patterns = list(chosen)
    found = kernel.values(patterns)
    seconds = by_network(network, patterns, beta, gamma), by_product(patterns, beta, gamma)
    seen["classes of one value"] = len({kernel.symmetry.key(pattern) for pattern in patterns})
    draws = Draws(rng, beta, gamma, chosen.values())
    again = set(rng.sample(patterns, min(ALONE, len(patterns))))
    for pattern, value, radius in zip(patterns, found, found.radii(_CHANCE), strict=True):
        strings = chosen[pattern]
        where = f"K_attn{strings} at beta={beta!r}, gamma={gamma!r}"
        seen[f"values, {value.error.kind}"] += 1
        seen["values, beta and gamma above 0"] += beta > 0.0 < gamma
        if not (np.isfinite(value.value) and 0.0 <= radius < np.inf):
            return f"{where} is {value!r}"
        for second in (values[pattern] for values in seconds if pattern in values):
            seen[f"against {second.method}"] += 1
            if abs(second.value - value.value) > second.error + radius:
                return f"{where} is {value!r}, and by {second.method} {second!r}"
        mean, error = draws.mean(*strings)
        if abs(mean - value.value) > error + radius:
            return f"{where} is {value!r}, and by drawing {mean} ± {error}"
        if pattern in again:
            seen["alone, exchanged and renamed"] += 1
            if (fault := _told_apart(rng, kernel, strings, value)) is not None:
                return f"{where} is {value!r}, and {fault}"
    return seen


def point(rng: random.Random, count: int) -> tuple[float, float, dict[Pattern, Strings]]:
    """A temperature to 10, a weight to 1000, and pairs of strings, to six tokens, by pattern."""
    beta = rng.choice([rng.uniform(0, 3), rng.uniform(0, 1), _scale(rng, -3, 1)])
    gamma = rng.choice([rng.uniform(0, 3), rng.uniform(0, 1), _scale(rng, -3, 3)])
    if rng.random() < 0.12:
        beta, gamma = rng.choice([(0.0, gamma), (beta, 0.0), (beta, 0.0), (beta, 0.0)])
    length = rng.choice([1, 2, 3, 4, 5, 5, 6, 6])
    letters = _LETTERS[: rng.choice([2, 3, 6, len(_LETTERS)])]
    pool = ["".join(rng.choices(letters, k=length)) for _ in range(round(count**0.5) + 2)]
    drawn = [(rng.choice(pool), rng.choice(pool)) for _ in range(count)]
    return beta, gamma, {Pattern.of_codes(x + "#", y + "#"): (x, y) for x, y in drawn}


def _scale(rng: random.Random, low: float, high: float) -> float:
    return float(10.0 ** rng.uniform(low, high))


def affordable(
    rng: random.Random,
    pairs: dict[Pattern, Strings],
    kernel: AttentionKernel,
    network: TensorNetwork,
) -> dict[Pattern, Strings]:
    """The pairs that the network can afford, and at times one of the others."""
    keys = {pattern: kernel.symmetry.key(pattern) for pattern in pairs}
    examples = {key: pattern for pattern, key in keys.items()}
    costs = network.costs(list(examples.values()), kernel.beta, kernel.gamma)
    cheap = {key for key, cost in zip(examples, costs, strict=True) if cost <= network.effort}
    others = [pattern for pattern, key in keys.items() if key not in cheap]
    sampled = rng.sample(others, 1) if others and rng.random() < SAMPLED else []
    return {p: strings for p, strings in pairs.items() if keys[p] in cheap or p in sampled}


def reordered(rng: random.Random, pairs: dict[Pattern, Strings]) -> dict[Pattern, Strings]:
    """The same pairs, their positions in another order: other patterns, the same values."""
    found = {}
    length = max((len(x) for x, _ in pairs.values()), default=0)
    for order in (rng.sample(range(length), length) for _ in range(ORDERS)):
        for pair in pairs.values():
            x, y = ("".join(string[i] for i in order) for string in pair)
            found[Pattern.of_codes(x + "#", y + "#")] = x, y
    return found


def by_network(
    network: TensorNetwork, patterns: Sequence[Pattern], beta: float, gamma: float
) -> dict[Pattern, Estimate]:
    """What the tensor network says of the patterns that it can afford."""
    costs = network.costs(patterns, beta, gamma)
    chosen = [p for p, cost in zip(patterns, costs, strict=True) if cost <= network.effort]
    try:
        return dict(zip(chosen, network.contracted(chosen, beta, gamma, n_jobs=1), strict=True))
    except ToleranceNotMetError:  # one of them rounds too much: a looser tolerance serves all
        looser = TensorNetwork(1e-6)
        return dict(zip(chosen, looser.contracted(chosen, beta, gamma, n_jobs=1), strict=True))


def by_product(patterns: Sequence[Pattern], beta: float, gamma: float) -> dict[Pattern, Estimate]:
    """What the product rule says of the patterns that it can afford."""
    found = {}
    for pattern in patterns:
        if rank_of(pattern, positional=gamma > 0.0) > _HIGHEST_RANK:
            continue
        with contextlib.suppress(TooLargeError, ToleranceNotMetError):
            found[pattern] = _PRODUCT.estimate([pattern], beta, gamma, n_jobs=1).item()
    return found


def _told_apart(
    rng: random.Random, kernel: AttentionKernel, strings: Strings, value: Estimate
) -> str | None:
    """In what way the value of one pair is not that of a batch, bit for bit, if in any."""
    x, y = _renamed(rng, *strings)
    alone = AttentionKernel(beta=kernel.beta, gamma=kernel.gamma, attention=kernel.attention)
    found = alone(y, x)
    return None if found == value else f"alone, exchanged and renamed, K_attn{y, x} is {found!r}"


def _renamed(rng: random.Random, x: str, y: str) -> Strings:
    """The strings with other tokens, their positions in another order."""
    image = dict(zip(_LETTERS, rng.sample("GHIJKLMNOPQRSTUVWX", len(_LETTERS)), strict=True))
    order = rng.sample(range(len(x)), len(x))
    first, second = ("".join(image[s[i]] for i in order) for s in (x, y))
    return first, second
