"""The page on which a reader moves parameters: a small grid of numbers, computed at each build."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kernels import Cosine, Quadrature, TransformerKernel
from theory import TemplateTask
from theory.unseen.curves import Curve, expected_counts

if TYPE_CHECKING:
    from sphinx.application import Sphinx

AXES: dict[str, tuple[float, ...]] = {
    "beta": (0.5, 1.0, 1.5, 2.0, 2.5, 3.0),
    "gamma": (0.25, 0.5, 1.0, 2.0),
    "b1": (0.5, 1.0, 1.5),
    "b2": (0.0, 0.4, 0.8, 1.2),
    "n": (30, 100, 300, 1_000, 3_000, 10_000, 30_000),
    "m": (30, 100, 300, 1_000, 3_000),
}
START = {"beta": 3, "gamma": 2, "b1": 1, "b2": 3, "n": 4, "m": 3}
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
        kernel = TransformerKernel(beta, gamma, attention=Quadrature(tolerance=1e-9))
        for b1, b2 in product(AXES["b1"], AXES["b2"]):
            points.append(point(kernel.with_activation(Cosine(b1, b2))))
    names = [str(template) for template in TASK.templates]
    return {"axes": AXES, "start": START, "templates": names, "points": points}


def write_page(app: Sphinx) -> None:
    """Put frame, numbers and script into one piece of HTML."""
    folder = Path(app.srcdir) / "explorer"
    parts = {name: (folder / name).read_text("utf-8") for name in ("frame.html", "script.js")}
    numbers = json.dumps(grid(), ensure_ascii=False, separators=(",", ":"))
    (folder / "generated").mkdir(exist_ok=True)
    (folder / "generated" / "page.html").write_text(
        f"{parts['frame.html']}<script>\nconst DATA = {numbers};\n{parts['script.js']}</script>\n",
        encoding="utf-8",
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the page before sources are read."""
    app.connect("builder-inited", write_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
