"""Theorems 5.1 and 5.2: the derivatives of both losses at the start, over the dimension."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from validation.plots.gallery import Gallery
from validation.plots.style import GUIDE, LOOKS, panels, styled
from validation.report.blocks import Picture
from validation.report.statements.checked import Checked

_GAMMAS = "0", "1"
_LOSSES = {"dL_train/dt": "training loss", "dL_test/dt": "test loss"}


def draw(one: Checked, gallery: Gallery) -> Picture:
    """One panel for each weight of the positions, one series for each loss."""
    evidence, rows = one.verdict["evidence"], []
    dimensions = evidence["embedding_dimensions"]
    with styled():
        figure, axes = panels(len(_GAMMAS), width=7.4, height=3.0)
        for axis, gamma in zip(axes, _GAMMAS, strict=True):
            axis.axhline(0.0, color=GUIDE, linewidth=0.8)
            for place, (loss, means) in enumerate(_means(evidence, gamma).items()):
                look = LOOKS[place]
                axis.plot(
                    dimensions,
                    means,
                    color=look.colour,
                    marker=look.marker,
                    linestyle=look.line,
                    label=loss,
                )
                rows += [[gamma, loss, *pair] for pair in zip(dimensions, means, strict=True)]
            axis.set_xscale("log", base=2)
            axis.set_xlabel("embedding dimension")
            axis.set_title(f"γ = {gamma}")
        axes[0].set_ylabel("derivative at time 0")
        axes[0].legend()
        head = ["gamma", "loss", "dimension", "mean"]
        gallery.save(figure, one.key, head, rows)
    return Picture(
        one.key,
        "Derivatives of the training and test loss over the embedding dimension, for gamma 0 and 1",
        Markup(
            "Means over {} random initializations; learning rates: {}. The deviations from the "
            "limits fall like a power of the dimension, as the evidence lists."
        ).format(evidence["draws"], evidence["learning_rates"]),
    )


def _means(evidence: dict[str, Any], gamma: str) -> dict[str, list[float]]:
    """The means at each dimension, by loss."""
    found: dict[str, list[float]] = {}
    for name, case in evidence.items():
        if not name.endswith(f"gamma = {gamma}"):
            continue
        # Where the claim is a limit of 0, the means are those at the stated rates.
        held = case.get("dL_test/dt at the stated rates", case)
        for loss, label in _LOSSES.items():
            if name.startswith(loss) and "means" in held:
                found[label] = held["means"]
    return found
