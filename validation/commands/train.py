"""``template-kernels train``: networks that are trained, beside the kernel."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from validation.commands.frame import options
from validation.commands.frame.command import naming
from validation.commands.frame.output import bold, report, table
from validation.commands.frame.whole_numbers import whole_number


def train(
    figure: Annotated[
        str | None,
        typer.Argument(metavar="FIGURE", help="figure-1, aba-abb, ...; an unknown one lists all."),
    ] = None,
    task: options.Task = None,
    arms: Annotated[
        str | None,
        typer.Option(
            metavar="A,B", help="vanilla, a, b, b-fast, ab, mlp, ...; an unknown one lists all."
        ),
    ] = None,
    size: Annotated[
        str, typer.Option(metavar="SIZE", help="taste, cpu or paper: minutes, hours, a GPU.")
    ] = "cpu",
    n: Annotated[
        str | None, typer.Option("--n", metavar="N,N", help="Training strings: 256,1024.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder to write; made where missing.")] = Path(
        "report"
    ),
    jobs: options.Jobs = 0,
    as_json: options.Json = False,
) -> None:
    """Train the networks of a figure, or of a task, and write OUT/training.html.

    Each finished point is stored at once, and an unfinished one keeps its state: run the command
    again after an interruption, and it goes on from there.
    """
    # Slow, and --help waits for them.
    from dataclasses import replace  # noqa: PLC0415

    from kernels.boundary.checks import whole  # noqa: PLC0415
    from kernels.boundary.exceptions import InvalidInputError  # noqa: PLC0415
    from validation.experiments.training import figures  # noqa: PLC0415
    from validation.experiments.training.arms import arms_named  # noqa: PLC0415
    from validation.report.write_training import write_training  # noqa: PLC0415

    whole("jobs", jobs)
    if (figure is None) == (task is None):
        given = figure if task is None else task
        raise InvalidInputError("figure", given, "give either a figure or --task")
    if size not in set(figures.Extent):
        raise InvalidInputError("size", size, f"the sizes are {', '.join(figures.Extent)}")
    chosen = figures.figure(figure) if figure is not None else figures.of_task(str(task))
    if arms is not None:
        chosen = replace(chosen, arms=arms_named(arms))
    if n is not None:
        chosen = figures.with_samples(chosen, [whole_number(one) for one in n.split(",")])
    try:
        with naming(network="--size"):
            written = write_training(
                out, chosen, figures.Extent(size), n_jobs=jobs or -1, progress=not as_json
            )
    except KeyboardInterrupt:
        kept = "what is finished is kept, and the same command goes on from there"
        print(f"template-kernels: interrupted; {kept}", file=sys.stderr)
        raise typer.Exit(130) from None

    found = written.found
    curves = (*found.arms, *found.kernel)

    def show(console: Console) -> None:
        shown = table("curve", *(f"{x:g}" for x in curves[0].curve.x), title=f"size {size}")
        for one in curves:
            errors = dict(zip(one.curve.x, one.curve.medians, strict=True))
            none = "—" if one.arm is None else "diverged"  # kernels are not computed at each n
            cells = (f"{errors[x]:.3g}" if x in errors else none for x in curves[0].curve.x)
            shown.add_row(one.curve.label, *cells)
        console.print(shown)
        console.print(bold(written.page), soft_wrap=True)
        console.print(
            f"{written.points} points: {written.computed} computed, "
            f"{written.points - written.computed} kept from an earlier run; {written.seconds:.1f} s"
        )

    payload = {
        "page": str(written.page),
        "figure": chosen.name,
        "size": size,
        "over": chosen.over,
        "points": written.points,
        "computed": written.computed,
        "seconds": written.seconds,
        "seconds_a_step": found.seconds_a_step,
        "curves": [
            {
                "task": one.task,
                "arm": None if one.arm is None else str(one.arm),
                "label": one.curve.label,
                "x": list(one.curve.x),
                "errors": [list(errors) for errors in one.curve.trials],
                "accuracies": list(one.accuracies),
                "diverged": one.diverged,
                "needed": None if one.needed is None else [one.needed.least, one.needed.most],
            }
            for one in curves
        ],
    }
    report(payload, as_json, show)
