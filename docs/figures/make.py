"""Make the pictures of the tutorial: ``python docs/figures/make.py [folder]``."""

from __future__ import annotations

import sys
from pathlib import Path

from kernels import Cosine, Kernel, KernelRidge, MLPKernel, Quadrature, TransformerKernel
from theory import TemplateTask, catalogue, template_matrix
from validation.experiments.regression.trials import COLUMNS, Curve
from validation.plots.curves import draw_bound, draw_curves
from validation.plots.gallery import Gallery
from validation.plots.style import LOOKS, panels, styled

SIZES = (100, 316, 1_000, 3_162, 10_000, 31_623, 100_000)
TRIALS = 3
TEMPERATURES = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5)


def error(kernel: Kernel, task: TemplateTask, n: int, seed: int) -> float:
    """The largest error on unseen symbols after training on n samples of n symbols."""
    sample = task.sample(n, alphabet=n, noise=0.1, seed=seed)
    model = KernelRidge(kernel, alpha=0.1).fit(sample.strings, sample.labels)
    return float(abs(model.predict(task.unseen()) - task.label_array).max())


def generalization(gallery: Gallery, task: TemplateTask) -> None:
    """The error on unseen symbols against n, for both kernels."""
    kernels = {
        "transformer kernel": TransformerKernel(2.0, 1.0, Cosine(1.0, 1.2), Quadrature(1e-8)),
        "MLP kernel": MLPKernel(Cosine(1.0, 1.2)),
    }
    curves = [
        Curve(
            name,
            tuple(map(float, SIZES)),
            tuple(tuple(error(kernel, task, n, s) for s in range(TRIALS)) for n in SIZES),
        )
        for name, kernel in kernels.items()
    ]
    transformer, mlp = curves
    with styled():
        figure, (axes,) = panels(1, width=5.6, height=3.3)
        draw_curves(axes, curves)
        draw_bound(axes, transformer, lambda n: n**-0.5, "$C\\,n^{-1/2}$, the theorem's rate")
        axes.set_xlabel("samples n = alphabet size")
        axes.set_ylabel("largest |prediction − label|\non unseen symbols")
        axes.legend(loc="lower left")
        rows = [row for curve in curves for row in curve.rows()]
        gallery.save(figure, "generalization", COLUMNS, rows)
    assert transformer.medians[-1] < 0.02
    assert min(mlp.medians) >= 1.0


def conditioning(gallery: Gallery) -> None:
    """The smallest eigenvalue of N against beta, where it exceeds its error."""
    rows: list[list[object]] = []
    with styled():
        figure, (axes,) = panels(1, width=5.6, height=3.3)
        for name, look in zip(("same-different", "aba-abb", "majority-4"), LOOKS, strict=False):
            task = catalogue.find(name)
            found: dict[float, float] = {}
            for beta in TEMPERATURES:
                kernel = TransformerKernel(beta, 1.0, Cosine(1.0, 1.2), Quadrature(1e-9))
                matrix = template_matrix(kernel, task)
                smallest = matrix.smallest_eigenvalue
                rows.append([name, beta, smallest.value, smallest.error, matrix.verdict.outcome])
                if matrix.resolved:
                    found[beta] = smallest.value
            assert 1.0 in found
            axes.plot(
                list(found),
                list(found.values()),
                label=name,
                color=look.colour,
                marker=look.marker,
                linestyle=look.line,
                fillstyle="none",
            )
        axes.set_yscale("log")
        axes.set_xlabel("inverse temperature β")
        axes.set_ylabel("smallest eigenvalue of N")
        axes.legend(loc="lower right")
        gallery.save(figure, "conditioning", ["task", "beta", "smallest", "error", "verdict"], rows)


def main(folder: Path = Path(__file__).parent) -> None:
    """Make all pictures, and check that they show what the tutorial says.

    Args:
        folder: where they go.
    """
    gallery = Gallery(folder)
    generalization(gallery, catalogue.find("same-different"))
    conditioning(gallery)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
