"""Language models: perplexity against steps, and the identities in their heads."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from validation.experiments.training.language import HeadIdentity, TextRuns
from validation.plots.style import GUIDE, LOOKS, panels

_MATRICES = "W_K W_Q^T", "W_V W_O"


def draw_perplexities(found: TextRuns) -> Figure:
    """One line a model; those of one kind look alike."""
    figure, (axis,) = panels(1, width=5.6, height=3.6)
    named = set()
    for run in found.runs:
        label = run.words if run.words not in named else None
        named.add(run.words)
        look = LOOKS[int(run.point.scalings)].keywords
        axis.plot(run.steps[: len(run.perplexities)], run.perplexities, label=label, **look)
    axis.set_yscale("log")
    axis.set_xlabel("steps")
    axis.set_ylabel("perplexity a byte\nof the held-out text")
    axis.legend()
    return figure


def draw_heads(found: TextRuns) -> Figure:
    """A panel a matrix for each kind of model: the mean of the diagonal, head by head."""
    groups = head_groups(found)
    figure, axes = panels(2 * len(groups), width=8.2, height=3.4)
    for place, (name, heads) in enumerate(groups):
        for axis, matrix in zip(axes[2 * place : 2 * place + 2], _MATRICES, strict=True):
            _draw(axis, [one for one in heads if one.matrix == matrix])
            axis.set_title(f"{matrix}\n{name}", fontsize=8)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    return figure


def head_groups(found: TextRuns) -> list[tuple[str, tuple[HeadIdentity, ...]]]:
    """The models whose heads are shown: the first of each kind, and the pretrained one."""
    groups = {run.words: run.heads for run in reversed(found.runs) if run.heads}
    named = [(words, groups[words]) for words in sorted(groups, key=len)]
    return [*named, (found.weights, found.pretrained)] if found.pretrained else named


def _draw(axis: Axes, heads: Sequence[HeadIdentity]) -> None:
    places = range(len(heads))
    chance = [one.chance for one in heads]
    axis.fill_between(
        places, [-c for c in chance], chance, color=GUIDE, alpha=0.25, step="mid", label="chance"
    )
    series = {"mean of the diagonal": [one.mean for one in heads]}
    if any(one.scaling for one in heads):
        series["trained a_h or b_h"] = [one.scaling for one in heads]
    for look, (label, values) in zip(LOOKS, series.items(), strict=False):
        axis.plot(places, values, color=look.colour, marker=look.marker, linestyle="", label=label)
    axis.axhline(0.0, color=GUIDE, linewidth=0.8)
    axis.set_xlabel("head, layer by layer")
