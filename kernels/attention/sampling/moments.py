"""The sampling loop of `MonteCarlo`, in JAX: one compilation per length and rank.

This is the module that imports JAX; it is imported when samples are drawn, not before.

Two choices, each measured on one CPU core against its alternatives, make it fast:

* Normals come by Box and Muller from 64 random bits a pair. JAX's own normals spend most of their
  time in the inverse error function. The angle lies within an eighth of a turn, where a short
  series gives sine and cosine to the last digit; two more random bits turn and reflect it around
  the circle. XLA's own sine is not vectorized and is ten times slower.
* Each draw ``z`` is used as ``z`` and as ``-z``. That halves the cost of the normals, and the
  part of the integrand that is odd in ``z`` cancels.
"""

from __future__ import annotations

import math
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float64, Int64, UInt32

from kernels.attention.gaussian import LogitLaw
from kernels.boundary.jax_settings import plain_jax

_CACHE_NUMBERS = 1 << 20
"""Float64 numbers that a block may hold on a CPU: a few times its fastest caches."""

_DEVICE_NUMBERS = 1 << 26
"""The same on an accelerator: 0.5 GB, enough to fill it."""

_LONGEST_RUN = 1 << 24
"""Pairs drawn between two returns to Python, where the user can interrupt."""

_SINE = [(-1) ** n / math.factorial(2 * n + 1) for n in range(8)]
_COSINE = [(-1) ** n / math.factorial(2 * n) for n in range(9)]
"""Taylor coefficients; at an eighth of a turn the next terms are below 1e-16."""


def pair_moments(law: LogitLaw, beta: float, pairs: int, entropy: int) -> tuple[float, float]:
    """Mean and variance of pair means, as deviations from the integrand's centre.

    Args:
        law: what to integrate.
        beta: inverse temperature.
        pairs: antithetic pairs to draw, at least 2.
        entropy: decides all draws.

    Returns:
        The mean over pairs of ``(f(z) + f(-z)) / 2 - f(0)``, and its unbiased variance.
    """
    block = block_size(law)
    blocks = -(-pairs // block)
    run = max(1, _LONGEST_RUN // block)
    k, r = law.length, law.rank
    # Box and Muller make normals two at a time: an odd rank gets a column of zeros.
    factor = np.zeros((2 * (k - 1), r + r % 2))
    factor[:, :r] = beta * law.factor
    words = np.array([entropy & 0xFFFFFFFF, (entropy >> 32) & 0xFFFFFFFF], dtype=np.uint32)
    first, second = [], []
    with plain_jax():
        arrays = jnp.asarray(factor), jnp.asarray(law.insertion), jnp.asarray(words)
        for start in range(0, blocks, run):
            stop = min(start + run, blocks)
            numbers = map(jnp.asarray, (law.center, start, stop, pairs))
            sums = _sums(*arrays, *numbers, block=block)
            first.append(float(sums[0]))
            second.append(float(sums[1]))
    mean = math.fsum(first) / pairs
    return mean, max(math.fsum(second) / pairs - mean * mean, 0.0) * pairs / (pairs - 1)


def block_size(law: LogitLaw) -> int:
    """Pairs in a block, a power of 2: as many as fit, on a CPU at most 2^14."""
    numbers = _CACHE_NUMBERS if jax.default_backend() == "cpu" else _DEVICE_NUMBERS
    fit = max(1, numbers // (law.rank + 6 * law.length))
    return 1 << min(fit.bit_length() - 1, 14 if jax.default_backend() == "cpu" else 24)


@partial(jax.jit, static_argnames="block")
def _sums(
    factor: Float64[Array, "d r"],
    insertion: Float64[Array, "k k"],
    words: UInt32[Array, "2"],
    center: Float64[Array, ""],
    start: Int64[Array, ""],
    stop: Int64[Array, ""],
    pairs: Int64[Array, ""],
    *,
    block: int,
) -> tuple[Array, Array]:
    """Sums of the pair means' deviations and of their squares over blocks ``start`` to ``stop``."""
    key = jax.random.wrap_key_data(words, impl="threefry2x32")

    def add(i: Array, sums: tuple[Array, Array]) -> tuple[Array, Array]:
        odd, even = normals(jax.random.fold_in(key, i), factor.shape[1] // 2, block)
        half = factor.shape[1] // 2
        logits = factor[:, :half] @ odd + factor[:, half:] @ even
        pair = 0.5 * (_integrand(logits, insertion) + _integrand(-logits, insertion)) - center
        # The last block may be longer than what was asked for.
        pair = jnp.where(i * block + jnp.arange(block) < pairs, pair, 0.0)
        return sums[0] + pair, sums[1] + pair * pair

    # One running sum per place in a block: the additions are vectorized, and each sum is short.
    zeros = jnp.zeros(block, dtype=jnp.float64)
    totals = lax.fori_loop(start, stop, add, (zeros, zeros))
    return totals[0].sum(), totals[1].sum()


def _integrand(
    logits: Float64[Array, "d n"], insertion: Float64[Array, "k k"]
) -> Float64[Array, " n"]:
    """`LogitLaw.integrand`, written row by row so that XLA fuses it into one pass."""
    k = insertion.shape[0]
    first, total_first = _powers([logits[i] for i in range(k - 1)])
    second, total_second = _powers([logits[i] for i in range(k - 1, 2 * (k - 1))])
    rows = [first[i] * sum(insertion[i, j] * second[j] for j in range(k)) for i in range(k)]
    return sum(rows[1:], rows[0]) / (total_first * total_second)


def _powers(logits: list[Array]) -> tuple[list[Array], Array]:
    """Exponentials of the logits and of a last logit 0, scaled so as not to overflow; their sum."""
    top = jnp.zeros_like(logits[0])
    for row in logits:
        top = jnp.maximum(top, row)
    powers = [*(jnp.exp(row - top) for row in logits), jnp.exp(-top)]
    return powers, sum(powers[1:], powers[0])


def normals(
    key: Array, half: int, n: int
) -> tuple[Float64[Array, "half n"], Float64[Array, "half n"]]:
    """Two arrays of independent standard normals.

    Each pair comes from 32 bits of radius and 32 of direction. The radius is then at most 6.8,
    and expectations are off by about 1e-9 of a standard deviation at most: below any standard
    error that sampling can reach.
    """
    bits = jax.random.bits(key, (half, n), jnp.uint64)
    radius_bits, turn = (bits >> 32).astype(jnp.uint32), bits.astype(jnp.uint32)
    uniform = (radius_bits.astype(jnp.float64) + 0.5) * 2.0**-32
    radius = jnp.sqrt(-2.0 * jnp.log(uniform))
    # Thirty bits of angle in [-pi / 4, pi / 4), one to reflect it, one to exchange the axes.
    angle = ((turn >> 2).astype(jnp.float64) + 0.5 - 2.0**29) * (0.5 * math.pi * 2.0**-30)
    square = angle * angle
    sine = angle * _polynomial(_SINE, square)
    cosine = _polynomial(_COSINE, square)
    cosine = jnp.where((turn & 1) == 0, cosine, -cosine)
    exchanged = (turn & 2) != 0
    return (
        radius * jnp.where(exchanged, sine, cosine),
        radius * jnp.where(exchanged, cosine, sine),
    )


def _polynomial(coefficients: list[float], x: Array) -> Array:
    """Horner's rule."""
    value = jnp.full_like(x, coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        value = value * x + coefficient
    return value
