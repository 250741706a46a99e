"""``template-kernels matrix``: the template matrix N of templates or of a task."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console

from validation.commands.frame import options
from validation.commands.frame.command import naming
from validation.commands.frame.output import bold, in_blocks, report, table

_WIDEST = 8
"""Templates up to which the matrix is printed for people; --json always has it."""


def matrix(
    templates: Annotated[
        list[str] | None, typer.Argument(metavar="T1 T2 ...", help="Templates, such as αα αβ.")
    ] = None,
    task: options.Task = None,
    *,
    chosen: options.ChosenKernel,
    seed: options.Seed = 0,
    as_json: options.Json = False,
) -> None:
    """Print the template matrix N, its eigenvalues, whether it is nonsingular, and the proof."""
    # Slow, and --help waits for them.
    from theory import template_matrix  # noqa: PLC0415
    from validation.commands.frame.chosen_task import chosen_task  # noqa: PLC0415

    started = perf_counter()
    with naming(templates="T1 T2 ...", template="T1 T2 ..."):
        found = chosen_task(task, templates or [], labelled=False)
        kernel = chosen.parameters(seed).kernel()
        result = template_matrix(kernel, found, progress=not as_json)
    seconds = perf_counter() - started

    def show(console: Console) -> None:
        names = [str(template) for template in result.templates]
        if len(names) <= _WIDEST:
            largest = result.entries.largest_error
            rows = {
                name: [f"{value:.10g}" for value in row]
                for name, row in zip(names, result.values, strict=True)
            }
            title = f"N, errors up to {largest:.1e}"
            for block in in_blocks(console, "N", names, rows, title):
                console.print(block)
        spectrum = table("eigenvalue", "error", "kind")
        least = min(range(len(names)), key=lambda i: abs(result.eigenvalues[i].value))
        for i in range(min(len(names), _WIDEST)):
            e = result.smallest_eigenvalue if i == least else result.eigenvalues[i]
            known = i == least and result.verdict.null_vector is not None
            shown = (f"{e.value:.10g}", f"{e.error:.1e}", str(e.kind))
            spectrum.add_row(*(("0", "0", "exact null vector") if known else shown))
        if len(names) > _WIDEST:
            spectrum.add_row(f"... {len(names) - _WIDEST} more", "", "")
        console.print(spectrum)
        console.print(bold(result.verdict.outcome) + f": {result.verdict.reason}")
        console.print(str(result.proof))
        if result.enclosure is not None and result.enclosure.positive_definite:
            console.print(f"proved at these parameters: {result.enclosure.sentence}")

    payload = result.to_json() | {
        "condition_number": result.condition_number.to_json(),
        "seconds": seconds,
    }
    report(payload, as_json, show)
