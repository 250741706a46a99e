"""The conjecture on activations: the smallest eigenvalue of N for each of them."""

from __future__ import annotations

from markupsafe import Markup

from validation.plots.gallery import Gallery
from validation.plots.style import LOOKS, panels, styled
from validation.report.blocks import Picture
from validation.report.statements.checked import Checked


def draw(one: Checked, gallery: Gallery) -> Picture:
    """One row for each activation, one mark for each task."""
    table = one.series("smallest eigenvalues").rows()
    tasks = list(dict.fromkeys(str(task) for task, *_ in table))
    names = list(dict.fromkeys(str(name) for _, name, *_ in table))
    with styled():
        figure, (axis,) = panels(1, width=6.6, height=0.9 + 0.26 * len(names))
        for look, task in zip(LOOKS, tasks, strict=False):
            # What may be 0 has no place on a logarithmic axis.
            of_task = [
                (str(name), float(value), float(error))
                for row_task, name, value, error in table
                if row_task == task and float(value) > float(error)
            ]
            axis.errorbar(
                [value for _, value, _ in of_task],
                [names.index(name) for name, *_ in of_task],
                xerr=[error for *_, error in of_task],
                color=look.colour,
                marker=look.marker,
                linestyle="",
                label=task,
            )
        axis.set_xscale("log")
        axis.set_yticks(range(len(names)), names)
        axis.invert_yaxis()
        axis.set_xlabel("smallest eigenvalue of N")
        axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
        head = ["task", "activation", "smallest eigenvalue", "error"]
        gallery.save(figure, one.key, head, [list(row) for row in table])
    return Picture(
        one.key,
        "The smallest eigenvalue of N for each activation on each task",
        Markup(
            "Bars are errors, mostly smaller than the marks. A row without marks is zero within "
            "its error, which a logarithmic axis cannot show: the constant activation, whose N is "
            "a multiple of the matrix of ones."
        ),
    )
