"""Compute the numbers of the page to explore: ``python docs/explorer/make.py``, some seconds."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np

from kernels import Cosine, Quadrature, TransformerKernel
from theory import TemplateTask
from theory.unseen.curves import Curve, expected_counts

GRID = Path(__file__).with_name("grid.json")

AXES: dict[str, tuple[float, ...]] = {
    "beta": (0.5, 1.0, 1.5, 2.0, 3.0),
    "gamma": (0.5, 1.0, 2.0),
    "b1": (0.5, 1.0, 1.5),
    "b2": (0.0, 0.4, 0.8, 1.2),
    "n": (30, 100, 300, 1_000, 3_000, 10_000, 30_000),
    "m": (30, 100, 1_000, 10_000),
}
START = {"beta": 3, "gamma": 1, "b1": 1, "b2": 3, "n": 4, "m": 2}
"""Places on the axes at which the page opens."""

TASK = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
RIDGE, NOISE = 0.1, 0.1


def point(kernel: TransformerKernel) -> tuple[list[list[float]], list[float], list[list[float]]]:
    """N, its eigenvalues, and the error for each m and n."""
    curve = Curve.of(kernel, TASK, noise=NOISE)

    def error(n: float, m: float) -> float:
        """The root mean square error at the worst template."""
        return float(np.hypot(*curve.formula(expected_counts(TASK, int(n)), int(m), RIDGE)).max())

    errors = [[error(n, m) for n in AXES["n"]] for m in AXES["m"]]
    N = curve.pairs.apart
    return (
        [[round(float(value), 6) for value in row] for row in N],
        [float(f"{value:.4g}") for value in np.linalg.eigvalsh(N)],
        [[float(f"{error:.4g}") for error in row] for row in errors],
    )


def grid() -> dict[str, object]:
    """What the page looks up: a point for each beta, gamma, b1 and b2, in this order."""
    points = []
    for beta, gamma in product(AXES["beta"], AXES["gamma"]):
        kernel = TransformerKernel(beta, gamma, attention=Quadrature(tolerance=1e-8))
        for b1, b2 in product(AXES["b1"], AXES["b2"]):
            points.append(point(kernel.with_activation(Cosine(b1, b2))))
    names = [str(template) for template in TASK.templates]
    return {"axes": AXES, "start": START, "templates": names, "points": points}


def main() -> None:
    """Write the file, on one line a point."""
    found = grid()
    points = found.pop("points")
    assert isinstance(points, list)
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in points)
    head = json.dumps(found, ensure_ascii=False)[:-1]
    GRID.write_text(f'{head}, "points": [\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
