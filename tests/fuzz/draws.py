"""The attention kernel of many pairs of strings by drawing from its definition once for all.

For ``m(x)_l = u_{x_l} + gamma p_l`` with Gaussian u and p the kernel is the mean of

    f = softmax(beta m(x))^T (X Y^T + gamma^2 I) softmax(beta m(y)) = F(x) . F(y),

where ``F(x)`` lists the attention that each token gets and, times gamma, each position.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable

import numpy as np
from jaxtyping import Float

DRAWS = 20_000

CHANCE = 1e-10
"""Of a mean beyond its error: the sum of what its two bounds may fail with."""


class Draws:
    """Means over draws that all strings share.

    The error is a bound for each chance of failing, not a number of standard errors, so that rare
    events that were not drawn are no false alarm. It is the smaller of two. With V the sample
    variance of f, which lies in an interval of length ``R = 1 + gamma^2``, and ``log(4 / (CHANCE /
    2))`` for the logarithm L,

        sqrt(2 V L / n) + 7 R L / (3 (n - 1))        (Maurer and Pontil, 2009, Thm 4).

    And f is a function of Gaussians with the Lipschitz constant ``beta (1 + gamma^2)^(3/2)``: the
    softmax's Jacobian takes a vector of entries within R to one of 1-norm at most R / 2, for x and
    for y, and a logit moves by at most ``(1 + gamma^2)^(1/2)``. So the mean is off by that constant
    times ``sqrt(2 L / n)`` at most, by Gaussian concentration, which is sharp at small beta.

    Args:
        rng: where the Gaussians' seed comes from.
        beta: inverse temperature.
        gamma: positional weight.
        pairs: pairs of strings of one length.
    """

    def __init__(
        self, rng: random.Random, beta: float, gamma: float, pairs: Iterable[tuple[str, str]]
    ) -> None:
        strings = list(dict.fromkeys(string for pair in pairs for string in pair))
        tokens = {token: i for i, token in enumerate(dict.fromkeys("".join(strings)))}
        length = 1 + max((len(string) for string in strings), default=0)
        gauss = np.random.default_rng(rng.getrandbits(64)).standard_normal
        u, p = gauss((1 + len(tokens), DRAWS)), gauss((length, DRAWS))
        self._range, self._slope = 1.0 + gamma**2, beta * (1.0 + gamma**2) ** 1.5
        self._attention = {}
        for string in strings:
            codes = [*(tokens[token] for token in string), len(tokens)]
            logits = beta * (u[codes] + gamma * p)
            weights = np.exp(logits - logits.max(axis=0))
            weights /= weights.sum(axis=0)
            attention = np.zeros((1 + len(tokens) + length, DRAWS))
            for place, code in enumerate(codes):
                attention[code] += weights[place]
            attention[1 + len(tokens) :] = gamma * weights
            self._attention[string] = attention

    def mean(self, x: str, y: str) -> tuple[float, float]:
        """The mean for two of the strings, and how far the truth may be from it."""
        drawn: Float[np.ndarray, " d"] = np.einsum(
            "id,id->d", self._attention[x], self._attention[y]
        )
        log, count = math.log(8.0 / CHANCE), len(drawn)
        seen = math.sqrt(2.0 * float(drawn.var(ddof=1)) * log / count)
        bounds = (
            seen + 7.0 * self._range * log / (3.0 * (count - 1)),
            self._slope * math.sqrt(2.0 * log / count),
        )
        rounding = 1e-12 * self._range
        return float(drawn.mean()), min(bounds) + rounding
