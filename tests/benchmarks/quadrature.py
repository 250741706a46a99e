"""Seconds for one attention value: the tensor network beside the plain product rule."""

from __future__ import annotations

import os

# One core, as the figures are quoted; set before NumPy loads its BLAS.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from kernels import Pattern, ProductRule, Quadrature, TooLargeError, TransformerKernel
from theory import catalogue, template_matrix

CASES = [
    ("AA", "BC", 1.0, 1.0),
    ("AA", "BC", 4.0, 3.0),
    ("AA", "BC", 0.01, 1.0),
    ("AB", "BA", 1.0, 1.0),
    ("ABABA", "CDDCC", 1.0, 1.0),
    ("ABCABCA", "DDEEDEF", 1.0, 1.0),
    ("AABBAABBABB", "CDCDCDDDCCC", 1.0, 1.0),
]
TASKS = ["same-different", "majority-4", "relational-match-to-sample"]
TOLERANCE = 1e-10
REPEATS = 3


def seconds(work: Callable[[], object]) -> float:
    """The least of a few runs."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def values() -> Table:
    table = Table(title=f"one attention value to {TOLERANCE:g}, on one core")
    for heading in ("x", "y", "beta", "gamma", "network s", "product rule s", "ratio"):
        table.add_column(heading, justify="left" if len(heading) == 1 else "right")
    network, product = Quadrature(TOLERANCE), ProductRule(TOLERANCE)
    for x, y, beta, gamma in CASES:
        pattern = [Pattern.of(x, y)]
        fast = seconds(lambda p=pattern, b=beta, g=gamma: network.estimate(p, b, g))
        try:
            slow = seconds(lambda p=pattern, b=beta, g=gamma: product.estimate(p, b, g))
            peer = [f"{slow:.3f}", f"{slow / fast:.2g}"]
        except TooLargeError:
            peer = [f"refused: {product.cost(pattern[0], beta, gamma):.1e} nodes", "-"]
        table.add_row(x, y, f"{beta:g}", f"{gamma:g}", f"{fast:.3f}", *peer)
    return table


def matrices() -> Table:
    table = Table(title=f"template matrix N to {TOLERANCE:g}, on one core")
    for heading in ("task", "templates", "patterns", "distinct values", "seconds"):
        table.add_column(heading, justify="left" if heading == "task" else "right")
    for name in TASKS:
        task = catalogue.find(name)
        start = time.perf_counter()
        found = template_matrix(TransformerKernel(attention=Quadrature(TOLERANCE)), task)
        spent = time.perf_counter() - start
        table.add_row(name, str(len(task)), str(found.patterns), str(found.classes), f"{spent:.2f}")
    return table


def main() -> None:
    console = Console(width=110)
    console.print(values())
    console.print(matrices())
