"""Make the pictures about derivatives: ``python docs/figures/derivatives.py [folder]``."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from kernels import Pattern, Quadrature
from theory import attention_derivatives, catalogue, separate
from theory.derivatives.series.length_two import truncation_errors
from theory.derivatives.series.taylor import taylor_polynomial
from validation.plots.gallery import Gallery
from validation.plots.style import BLACK, LOOKS, panels, styled

SERIES_BETAS = (0.3, 0.4, 0.5, 0.7, 1.0)
PAIRS = (("A", "A"), ("AA", "AB"), ("ABC", "BCD"))
GAMMA = 0.5
REGULAR_TOKENS = (0, 1, 2, 3)
TASKS = 20


def series(gallery: Gallery) -> None:
    """The error of the truncated series of the shortest string."""
    found = truncation_errors(np.array(SERIES_BETAS))
    rows: list[list[object]] = []
    with styled():
        figure, (axes,) = panels(1, width=5.6, height=3.3)
        for beta, errors, look in zip(SERIES_BETAS, found.errors, LOOKS, strict=False):
            rows += [[beta, n, float(e)] for n, e in zip(found.orders, errors, strict=True)]
            axes.plot(
                found.orders,
                errors,
                label=f"β = {beta:g}",
                color=look.colour,
                marker=look.marker,
                linestyle=look.line,
                fillstyle="none",
            )
        axes.set_yscale("log")
        axes.set_ylim(1e-12, 1e6)
        axes.set_xlabel("order of truncation")
        axes.set_ylabel("|truncated series − κ|")
        axes.legend(loc="upper left", ncols=2)
        gallery.save(figure, "series", ["beta", "order", "error"], rows)


def polynomials(gallery: Gallery) -> None:
    """The kernel of a few pairs along beta, and its Taylor polynomials."""
    betas = np.linspace(0.0, 1.2, 25)
    rows: list[list[object]] = []
    with styled():
        figure, all_axes = panels(len(PAIRS), width=7.2, height=2.8)
        for axes, (x, y) in zip(all_axes, PAIRS, strict=True):
            pattern = [Pattern.of(x, y)]
            exact = [Quadrature(1e-7).estimate(pattern, b, GAMMA)[0].value for b in betas[1:]]
            derivatives = attention_derivatives(x, y, 12)
            curves = {
                f"order {n}": taylor_polynomial(derivatives, betas[1:], GAMMA, n)
                for n in (2, 4, 8, 12)
            }
            axes.plot(betas[1:], exact, color=BLACK, label="κ", linewidth=2.2)
            for (name, values), look in zip(curves.items(), LOOKS, strict=False):
                axes.plot(betas[1:], values, color=look.colour, linestyle=look.line, label=name)
            margin = 0.5 * (max(exact) - min(exact)) + 0.02
            axes.set_ylim(min(exact) - margin, max(exact) + margin)
            axes.set_title(f"{x}, {y}")
            axes.set_xlabel("β")
            for name, values in {"exact": exact, **curves}.items():
                rows += [[x, y, name, b, v] for b, v in zip(betas[1:], values, strict=True)]
        all_axes[-1].legend(loc="lower right")
        gallery.save(figure, "polynomials", ["x", "y", "curve", "beta", "value"], rows)


def stages(gallery: Gallery) -> None:
    """Which stage separates the competitors, over random sets of templates."""
    rows: list[list[object]] = []
    with styled():
        figure, (axes,) = panels(1, width=5.6, height=3.0)
        names = ["1", "2", "3", "4", "5", "later"]
        for place, (regular, look) in enumerate(zip(REGULAR_TOKENS, LOOKS, strict=False)):
            total = dict.fromkeys(names, 0)
            for seed in range(TASKS):
                task = catalogue.find(
                    f"random-6:length=5,wildcards=3,regular={regular},seed={seed}"
                )
                for stage, count in separate(task).counts.items():
                    total[stage] += count
            share = [100 * total[name] / sum(total.values()) for name in names]
            rows += [[regular, name, total[name]] for name in names]
            shifted = [at + 0.2 * place - 0.3 for at in range(len(names))]
            label = f"{regular} regular token{'s' if regular != 1 else ''}"
            axes.bar(shifted, share, width=0.18, color=look.colour, label=label)
        axes.set_xticks(range(len(names)), names)
        axes.set_xlabel("stage that separates")
        axes.set_ylabel("competitors (%)")
        axes.legend(loc="upper right")
        gallery.save(figure, "stages", ["regular tokens", "stage", "competitors"], rows)


def main(folder: Path = Path(__file__).parent) -> None:
    """Make all pictures.

    Args:
        folder: where they go.
    """
    gallery = Gallery(folder)
    for picture in (series, polynomials, stages):
        picture(gallery)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
