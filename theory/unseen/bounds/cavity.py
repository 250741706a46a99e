"""V and U where few samples share each symbol, by the cavity method. *Not proved*: it fits.

With n / m fixed and m large, samples and symbols form a sparse random graph, locally a tree. A
symbol s carries a Gaussian vector with the covariance G_1 of `fixed_point.levels`, one coordinate
for each wildcard of each template; a sample of template a observes the sum of its symbols'
coordinates with the noise tau_a = ridge + sum over q >= 2 of tr (G_q)_aa / q!. On a tree the
weights (Sigma + ridge I)^{-1} Z are found by passing messages, exactly; here populations of
messages stand for their laws, the numbers of samples at a symbol being Poisson. Then

    V^{-1} = Z^T (Sigma + ridge I)^{-1} Z,    U = V Z^T (Sigma + ridge I)^{-2} Z V.

It is right at small ridges near n = 2 m, where the formula B9 fails, and loses digits of U where n
is far above m, where B9 is right.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np
from jaxtyping import Float64

from theory.unseen.bounds.fixed_point import Level
from theory.unseen.bounds.spread import Counts


@dataclass(frozen=True, eq=False)
class Cavity:
    """What the populations give.

    Attributes:
        spread: V.
        covariance: U.
    """

    spread: Float64[np.ndarray, "r r"]
    covariance: Float64[np.ndarray, "r r"]


def cavity(
    found: list[Level],
    counts: Counts,
    symbols: int,
    ridge: float,
    *,
    population: int = 20_000,
    rounds: int = 60,
    seed: int = 0,
) -> Cavity:
    """Solve for the laws of the messages under uniform laws, in seconds.

    Args:
        found: the levels; one at least.
        counts: n_a.
        symbols: m.
        ridge: lambda.
        population: messages of each kind.
        rounds: of all messages; the second half is averaged.
        seed: of the populations.
    """
    rng = np.random.default_rng(seed)
    n = np.asarray(counts, dtype=np.float64)
    r, prior, template = len(n), found[0].interactions, found[0].template
    noise = np.full(r, ridge)
    for level in found[1:]:
        np.add.at(noise, level.template, np.diag(level.interactions) / factorial(level.order))
    size = len(template)
    means = np.zeros((size, population, r))
    variances = np.repeat(np.diag(prior)[:, None], population, axis=1)
    first, second = np.zeros((r, r)), np.zeros((r, r))

    def seen(a: int, coordinates: list[int]) -> tuple[np.ndarray, np.ndarray]:
        """Variance, and what is left of Z's columns, of samples of template a."""
        variance, left = np.full(population, noise[a]), np.zeros((population, r))
        left[:, a] = 1.0
        for c in coordinates:
            picked = rng.integers(population, size=population)
            variance = variance + variances[c, picked]
            left = left - means[c, picked]
        return variance, left

    members = [np.flatnonzero(template == a).tolist() for a in range(r)]
    for turn in range(rounds):
        messages = []
        for c in range(size):
            a = int(template[c])
            variance, left = seen(a, [o for o in members[a] if o != c])
            messages.append((1.0 / variance, left / variance[:, None]))
        updated = [_symbol(prior, messages, n[template] / symbols, c, rng) for c in range(size)]
        means = np.stack([mean for mean, _ in updated])
        variances = np.stack([variance for _, variance in updated])
        if turn >= rounds // 2:
            for a in range(r):
                variance, left = seen(a, members[a])
                weights = left / variance[:, None]
                first[a] += n[a] * weights.mean(axis=0)
                second += n[a] * weights.T @ weights / population
    kept = rounds - rounds // 2
    spread = np.linalg.inv((first + first.T) / (2.0 * kept))
    return Cavity(spread, spread @ second @ spread / kept)


def _symbol(
    prior: Float64[np.ndarray, "c c"],
    messages: list[tuple[np.ndarray, np.ndarray]],
    rates: Float64[np.ndarray, " c"],
    coordinate: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of one coordinate of symbols with Poisson many samples at each."""
    population, r = messages[0][1].shape
    precision = np.zeros((population, len(prior)))
    told = np.zeros((population, len(prior), r))
    for d, (weights, values) in enumerate(messages):
        degrees = rng.poisson(rates[d], size=population)
        symbol = np.repeat(np.arange(population), degrees)
        picked = rng.integers(population, size=len(symbol))
        precision[:, d] = np.bincount(symbol, weights[picked], minlength=population)
        for b in range(r):
            told[:, d, b] = np.bincount(symbol, values[picked, b], minlength=population)
    system = np.eye(len(prior)) + prior * precision[:, None, :]
    covariance = np.linalg.solve(system, np.broadcast_to(prior, system.shape))
    row = covariance[:, coordinate, :]
    return np.einsum("pd,pdb->pb", row, told), row[:, coordinate]
