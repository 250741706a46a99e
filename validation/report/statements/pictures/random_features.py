"""Appendix H: the distance of finite networks' kernels from the limit, over the width."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup
from matplotlib.ticker import LogLocator, StrMethodFormatter

from validation.plots.gallery import Gallery
from validation.plots.style import GUIDE, LOOKS, panels, styled
from validation.report.blocks import Picture
from validation.report.statements.checked import Checked


def draw(one: Checked, gallery: Gallery) -> Picture:
    """One series for each task and scaling, and the slope -1/2."""
    rows = one.series("deviations").rows()
    widths = np.array(sorted({float(width) for _, width, _ in rows}))
    series: dict[str, list[float]] = {}
    for name, _, deviation in rows:
        series.setdefault(str(name), []).append(float(deviation))
    with styled():
        figure, (axis,) = panels(1, width=5.2, height=3.4)
        for look, (name, deviations) in zip(LOOKS, series.items(), strict=False):
            axis.plot(
                widths,
                deviations,
                color=look.colour,
                marker=look.marker,
                linestyle=look.line,
                label=name,
            )
        height = max(deviations[0] for deviations in series.values()) * 1.3
        guide = height * (widths / widths[0]) ** -0.5
        axis.plot(widths, guide, color=GUIDE, linewidth=1.0, label="slope −1/2")
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_xticks(widths, [f"{width:g}" for width in widths])
        axis.minorticks_off()
        axis.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axis.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axis.set_xlabel("width")
        axis.set_ylabel("root mean square of the deviation")
        axis.legend()
        head = ["series", "width", "deviation"]
        gallery.save(figure, one.key, head, [list(row) for row in rows])
    return Picture(
        one.key,
        "Deviation of the random-features kernel from its limit over the width, falling as fast "
        "as the power -1/2",
        Markup(
            "Over networks and pairs of strings. The fitted exponents, with confidence bands, are "
            "in the evidence."
        ),
    )
