"""Runs every benchmark, or those named: ``python -m tests.benchmarks [name ...]``."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.benchmarks import derivatives, monte_carlo, quadrature, ridge

BENCHMARKS: dict[str, Callable[[], None]] = {
    "derivatives": derivatives.main,
    "monte-carlo": monte_carlo.main,
    "quadrature": quadrature.main,
    "ridge": ridge.main,
}


def main(names: list[str]) -> None:
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.exit(f"no benchmark {unknown[0]!r}: known are {', '.join(BENCHMARKS)}")
    for name in names or BENCHMARKS:
        BENCHMARKS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
