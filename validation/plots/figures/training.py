"""The error of trained networks on unseen symbols, with the kernel's on the same axes."""

from __future__ import annotations

from matplotlib.figure import Figure

from theory import SymbolicTask, catalogue
from validation.experiments.training.learning_curves import LearningCurves
from validation.experiments.training.needed import LEVEL
from validation.plots.curves import draw_curves, share_heights
from validation.plots.style import GREEN, GUIDE, LOOKS, SKY, TRANSFORMER, VERMILLION, Look, panels

_ARMS = (
    LOOKS[-1],
    *LOOKS[1:-1],
    Look(VERMILLION, "*", ":"),
    Look(SKY, "h", "-"),
    Look(GREEN, "p", ":"),
)
"""Without the colour of the transformer kernel, which is drawn beside them."""

_KERNELS = (
    Look(TRANSFORMER.colour, "", (0, (4, 2))),
    Look(TRANSFORMER.colour, "", (0, (1, 1))),
    Look(SKY, "", (0, (1, 2))),
)
"""K_trans, then tangent kernels."""

_OVER = {
    "n": "training strings n",
    "embedding": "embedding dimension",
    "rate": "learning rate",
    "batch": "batch size",
}


def draw(found: LearningCurves) -> Figure:
    """One panel a task; a single panel where there is one arm."""
    tasks = list(dict.fromkeys(one.task for one in found.arms))
    groups = [tasks] if len({one.arm for one in found.arms}) == 1 else [[task] for task in tasks]
    width = 5.6 if len(groups) == 1 else 8.2
    figure, axes = panels(len(groups), width=width, height=3.8)
    for axis, group in zip(axes, groups, strict=True):
        arms = [one.curve for one in found.arms if one.task in group and one.curve.x]
        kernels = [one.curve for one in found.kernel if one.task in group]
        wide = sum("K_trans" in curve.label for curve in kernels)
        looks = (*_ARMS[: len(arms)], *_KERNELS[:1] * wide, *_KERNELS[1:])
        if arms:
            draw_curves(axis, [*arms, *kernels], looks=looks)
            places = [x for curve in arms for x in curve.x]
            axis.set_xlim(min(places) / 1.3, 1.3 * max(places))  # a single place, too, has a width
        symbolic = isinstance(catalogue.find_any(group[0]), SymbolicTask)
        if not symbolic:
            axis.axhline(1.0, color=GUIDE, linewidth=0.8, linestyle=":")
            axis.axhline(LEVEL, color=GUIDE, linewidth=0.8, linestyle="--")
        axis.set_xlabel(_OVER.get(found.figure.over, found.figure.over))
        axis.set_title(group[0] if len(group) == 1 else "")
        loss = "cross-entropy in nats" if symbolic else "mean squared error"
        axis.set_ylabel(f"{loss}\non unseen symbols")
    share_heights(axes)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    return figure
