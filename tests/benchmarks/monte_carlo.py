"""Samples per second and core: `MonteCarlo` in JAX beside a plain NumPy loop."""

from __future__ import annotations

import os

# The peer's matrix products on one core, as it would run them; set before NumPy loads its BLAS.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import math
import time
from collections.abc import Callable

import jax
import numpy as np
from rich.console import Console
from rich.table import Table

from kernels.attention.gaussian import LogitLaw
from kernels.attention.sampling.monte_carlo import MonteCarlo
from kernels.strings.patterns import Pattern

PAIRS = [("AA", "BB"), ("AABBA", "CDCDC"), ("AABBAABBABB", "CDCDCDDDCCC")]
BETA = GAMMA = 1.0
SAMPLES = 8_000_000
REPEATS = 3
BLOCK = 1 << 12
"""Samples in a block of the NumPy loop; of 2^11 to 2^16 none was faster at every length."""

QUADRATURE_ERROR = 1e-10
"""The accuracy that `Quadrature` reaches by default."""

YEAR = 365.25 * 86_400.0


def plain_numpy(pattern: Pattern, samples: int, seed: int = 0) -> tuple[float, float]:
    """Mean and standard error by the formula of Section 4.1 as it stands."""
    rng = np.random.default_rng(seed)
    x, y, k = list(pattern.x), list(pattern.y), pattern.length
    insertion = np.equal.outer(x, y) + GAMMA**2 * np.eye(k)
    total = squares = 0.0
    for _ in range(samples // BLOCK):
        zeta = rng.standard_normal((1 + max(*x, *y), BLOCK))
        p = GAMMA * rng.standard_normal((k, BLOCK))
        first, second = np.exp(BETA * (zeta[x] + p)), np.exp(BETA * (zeta[y] + p))
        values = (first * (insertion @ second)).sum(axis=0)
        values /= first.sum(axis=0) * second.sum(axis=0)
        total += values.sum()
        squares += values @ values
    drawn = samples // BLOCK * BLOCK
    mean = total / drawn
    return mean, math.sqrt((squares / drawn - mean**2) / drawn)


def core_seconds(run: Callable[[], object]) -> float:
    """Process CPU time, all threads together: the least of some repeats."""
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def seconds(run: Callable[[], object]) -> float:
    """Wall-clock time: the least of some repeats."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def readable(time_needed: float) -> str:
    """Seconds in words."""
    for name, unit in (("years", YEAR), ("days", 86_400.0), ("hours", 3600.0)):
        if time_needed >= unit:
            return f"{time_needed / unit:,.0f} {name}"
    return f"{time_needed:,.1f} s"


def main() -> None:
    """Prints the table.

    "Error, same time" is the peer's standard error over ours when both run equally long; the last
    column is the time that our sampler would need on one core for the quadrature's accuracy.
    """
    device = jax.default_backend()
    measure = core_seconds if device == "cpu" else seconds
    table = Table(title=f"Monte Carlo on {device}, beta = gamma = 1, million samples per second")
    for heading in (
        "k",
        "rank",
        "JAX",
        "plain NumPy",
        "ratio",
        "error, same time",
        "first call",
        f"to {QUADRATURE_ERROR:.0e}",
    ):
        table.add_column(heading, justify="right")
    for x, y in PAIRS:
        pattern = Pattern.of(x, y)
        estimator = MonteCarlo(samples=SAMPLES)
        started = time.perf_counter()
        MonteCarlo(samples=4).estimate([pattern], BETA, GAMMA)
        first_call = time.perf_counter() - started
        found = estimator.estimate([pattern], BETA, GAMMA)[0]
        mean, standard_error = plain_numpy(pattern, SAMPLES)
        assert abs(found.value - mean) < 5.0 * math.hypot(found.error, standard_error)
        ours = measure(lambda: estimator.estimate([pattern], BETA, GAMMA))  # noqa: B023
        peer = core_seconds(lambda: plain_numpy(pattern, SAMPLES))  # noqa: B023
        table.add_row(
            str(pattern.length),
            str(LogitLaw.of(pattern, GAMMA).rank),
            f"{SAMPLES / ours / 1e6:.1f}",
            f"{SAMPLES / peer / 1e6:.1f}",
            f"{peer / ours:.1f}",
            f"{standard_error * math.sqrt(peer) / (found.error * math.sqrt(ours)):.1f}",
            f"{first_call:.2f} s",
            readable(ours * (found.error / QUADRATURE_ERROR) ** 2),
        )
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
