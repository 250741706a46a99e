"""``template-kernels plan``: how much data a task needs."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from validation.commands.frame import options
from validation.commands.frame.command import naming
from validation.commands.frame.output import bold, report
from validation.commands.frame.whole_numbers import whole


def plan(
    error: Annotated[
        float, typer.Option(help="Root mean square error to reach at the worst template.")
    ],
    templates: Annotated[
        list[str] | None,
        typer.Argument(metavar="T1=Y1 T2=Y2 ...", help="Templates with labels: αα=1 αβ=-1."),
    ] = None,
    task: options.Task = None,
    noise: Annotated[float, typer.Option(help="Standard deviation of the labels.")] = 0.1,
    alphabet: Annotated[
        int | None,
        whole(help="Equally likely symbols, m.", show_default="as many as samples"),
    ] = None,
    seed: options.Seed = 0,
    *,
    chosen: options.ChosenKernel,
    as_json: options.Json = False,
) -> None:
    """Say how much data a task needs: samples, alphabet and ridge for an error at unseen symbols.

    A formula that is not proved finds them; a fit with its certificate confirms them, or asks for
    more samples until one does.
    """
    # Slow, and --help waits for them.
    from theory import samples_needed  # noqa: PLC0415
    from validation.commands.frame.chosen_task import chosen_task, task_argument  # noqa: PLC0415

    written = task_argument(task)
    with naming(templates=written, template=written, labels=written, symbols="--alphabet"):
        found = chosen_task(task, templates or [], labelled=True)
        kernel = chosen.parameters(seed).kernel()
        result = samples_needed(
            kernel,
            found,
            error=error,
            noise=noise,
            alphabet=alphabet,
            seed=seed,
            progress=not as_json,
        )

    def show(console: Console) -> None:
        console.print(
            bold(f"n = {result.n}") + f", alphabet {result.alphabet}, ridge {result.ridge:.3g}"
        )
        console.print(
            f"error at unseen symbols: {result.measured_error:.3g} in the fit that confirms it "
            f"(exact, over label noise), {result.predicted_error:.3g} by the formula "
            f"({result.kind}); {result.error:g} was asked for; {result.seconds:.1f} s"
        )

    report(result.to_json(), as_json, show)
