"""The one style of all pictures.

Colours are those of Okabe and Ito, which people with the common colour deficiencies tell apart.
A series differs from another in marker and line style too, so that a picture survives a grey
print.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILLION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GUIDE = "#666666"
"""For lines that are not data."""

COLOUR_MAP = "cividis"
"""For maps: its lightness grows evenly, in colour and in grey."""


@dataclass(frozen=True)
class Look:
    """How a series is drawn."""

    colour: str
    marker: str
    line: str | tuple[int, tuple[int, ...]]

    @property
    def keywords(self) -> dict[str, Any]:
        """What `Axes.plot` and `Axes.errorbar` call them."""
        return {"color": self.colour, "marker": self.marker, "linestyle": self.line}


LOOKS = (
    Look(BLUE, "o", "-"),
    Look(VERMILLION, "s", "--"),
    Look(GREEN, "^", "-."),
    Look(PURPLE, "D", (0, (1, 1))),
    Look(ORANGE, "v", (0, (5, 1))),
    Look(SKY, "P", (0, (3, 1, 1, 1))),
    Look(BLACK, "X", "-"),
)
"""In the order of use; the first three suffice for most pictures."""

TRANSFORMER, MLP = LOOKS[:2]
"""Of the two kernels, in every picture that has them."""

EXACT = Look(ORANGE, "", "-")
"""Of what is known exactly, through the points that were measured."""


def shades(look: Look, count: int) -> list[Look]:
    """Several series of one kernel: its colour from light to full, markers and lines in turn.

    Args:
        look: of the kernel.
        count: of series.

    >>> [one.colour for one in shades(TRANSFORMER, 3)]
    ['#73b1d5', '#3992c3', '#0072b2']
    """
    full = np.array(to_rgb(look.colour))
    return [
        Look(to_hex(1.0 - (1.0 - full) * (0.5 + 0.5 * share)), other.marker, other.line)
        for share, other in zip(np.linspace(0.1, 1.0, count), LOOKS, strict=False)
    ]


_SETTINGS: dict[Any, Any] = {  # matplotlib's own type lists all settings there are
    "font.size": 9.0,
    "font.family": "DejaVu Sans",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9.5,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.5,
    "axes.axisbelow": True,
    "lines.linewidth": 1.4,
    "lines.markersize": 4.5,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "figure.constrained_layout.use": True,
    "savefig.dpi": 160,
    "svg.fonttype": "path",
    "svg.hashsalt": "template-kernels",
}


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the project's style within this context, and leave the settings as they were."""
    with mpl.rc_context(_SETTINGS):
        yield


def panels(columns: int, *, width: float = 8.2, height: float = 3.1) -> tuple[Figure, list[Axes]]:
    """A figure of panels side by side.

    Args:
        columns: how many.
        width: of the whole, in inches.
        height: of the whole, in inches.
    """
    figure = Figure(figsize=(width, height))
    return figure, [figure.add_subplot(1, columns, i + 1) for i in range(columns)]
