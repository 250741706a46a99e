"""``template-kernels reproduce``: the experiments and the report on them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from validation.commands.frame import options
from validation.commands.frame.output import bold, report


def reproduce(
    out: Annotated[Path, typer.Option(help="The folder to write; made where missing.")] = Path(
        "report"
    ),
    quick: Annotated[bool, typer.Option("--quick", help="Fewer and smaller points.")] = False,
    jobs: options.Jobs = 0,
    as_json: options.Json = False,
) -> None:
    """Run the experiments and write OUT/index.html, with pictures and the data beside them.

    Each finished point is stored at once: run the command again after an interruption, and it
    goes on from there.
    """
    # Slow, and --help waits for them.
    from kernels.boundary.checks import whole  # noqa: PLC0415
    from validation.experiments.scale import Scale  # noqa: PLC0415
    from validation.report.write import write_report  # noqa: PLC0415

    whole("jobs", jobs)
    scale = Scale.QUICK if quick else Scale.FULL
    try:
        written = write_report(out, scale, n_jobs=jobs or -1, progress=not as_json)
    except KeyboardInterrupt:
        kept = "what is finished is kept, and the same command goes on from there"
        print(f"template-kernels: interrupted; {kept}", file=sys.stderr)
        raise typer.Exit(130) from None

    def show(console: Console) -> None:
        console.print(bold(written.index), soft_wrap=True)
        console.print(
            f"{written.points} points: {written.computed} computed, "
            f"{written.points - written.computed} kept from an earlier run; {written.seconds:.1f} s"
        )

    payload = {
        "report": str(written.index),
        "points": written.points,
        "computed": written.computed,
        "pictures": written.pictures,
        "seconds": written.seconds,
    }
    report(payload, as_json, show)
