"""``template-kernels tune``: the parameters that condition a task best."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from validation.commands.frame import options
from validation.commands.frame.command import naming
from validation.commands.frame.numbers import interval
from validation.commands.frame.output import bold, report, table
from validation.commands.frame.whole_numbers import whole

_RANGE = "LOW,HIGH"


def tune(
    templates: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="T1 T2 ...", help="Templates, with labels (αα=1) if --error is given."
        ),
    ] = None,
    task: options.Task = None,
    beta: Annotated[str, typer.Option(metavar=_RANGE, help="Inverse temperature.")] = "0.25,4",
    gamma: Annotated[str, typer.Option(metavar=_RANGE, help="Positional weight.")] = "0.1,3",
    b1: Annotated[str, typer.Option(metavar=_RANGE, help="Frequency.")] = "0.25,3",
    b2: Annotated[
        str | None, typer.Option(metavar=_RANGE, help="Phase.", show_default="0 to pi/2")
    ] = None,
    points: Annotated[int, whole(help="Of the grid, along beta and along gamma.")] = 5,
    error: Annotated[
        float | None,
        typer.Option(help="Say also how many samples reach this error at unseen symbols."),
    ] = None,
    noise: Annotated[float, typer.Option(help="Standard deviation of the labels.")] = 0.1,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE.svg", help="Draw what was tried; .svg, .png or .pdf."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Find the parameters of the transformer kernel with a cosine that condition a task best.

    At the best (beta, gamma, b1, b2), the smallest eigenvalue of N is largest beside K(x, x): the
    fewer samples are needed, whatever the labels. One number in place of a range keeps a parameter.
    """
    # Slow, and --help waits for them.
    from theory import best_parameters  # noqa: PLC0415
    from validation.commands.frame.chosen_task import chosen_task  # noqa: PLC0415

    if plot is not None:
        from validation.plots.single import require_format, save_figure  # noqa: PLC0415

        with naming(path="--plot"):
            require_format(plot)  # before any work
    given = templates or []
    labelled = error is not None or any("=" in one for one in given)
    with naming(templates="T1 T2 ...", template="T1 T2 ...", labels="T1=Y1 T2=Y2 ..."):
        found = chosen_task(task, given, labelled=labelled)
        result = best_parameters(
            found,
            beta=interval("beta", beta),
            gamma=interval("gamma", gamma),
            b1=interval("b1", b1),
            b2=(0.0, math.pi / 2.0) if b2 is None else interval("b2", b2),
            points=points,
            error=error,
            noise=noise,
            progress=not as_json,
        )
    if plot is not None:
        from validation.plots.figures.matrices.best_parameters import draw  # noqa: PLC0415

        with naming(path="--plot"):
            save_figure(plot, lambda: draw(result))

    def show(console: Console) -> None:
        rows = table("parameter", "best", "")
        for name, value in result.parameters.items():
            ends = "at an end of its range" if name in result.at_ends else ""
            rows.add_row(name, f"{value:.6g}", ends)
        console.print(rows)
        console.print(bold("λ_min(N) / max K(x, x)") + f" = {result.conditioning}")
        console.print(f"N is {result.matrix.verdict.outcome}: {result.matrix.verdict.reason}")
        if result.plan is not None:
            plan = result.plan
            console.print(
                f"n = {plan.n} samples of {plan.alphabet} symbols, ridge {plan.ridge:.3g}, for an "
                f"error of {plan.error:g} at unseen symbols"
            )
        console.print(f"{len(result.trials)} (beta, gamma) tried; {result.seconds:.1f} s")
        if plot is not None:
            console.print(f"drawn in {plot}")

    report(result.to_json() | {"plot": None if plot is None else str(plot)}, as_json, show)
