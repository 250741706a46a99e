"""``template-kernels matrix``: the template matrix N of templates or of a task."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from validation.commands import options
from validation.commands.frame import naming, report

_WIDEST = 8
"""Templates up to which the matrix is printed for people; --json always has it."""


@options.with_kernel_options
def matrix(
    templates: Annotated[
        list[str] | None, typer.Argument(metavar="T1 T2 ...", help="Templates, such as αα αβ.")
    ] = None,
    task: options.Task = None,
    chosen: options.Chosen = options.KernelName.TRANSFORMER,
    *,
    kernel_options: options.KernelOptions,
    samples: options.Samples = None,
    seed: options.Seed = 0,
    as_json: options.Json = False,
) -> None:
    """Print the template matrix N, its eigenvalues, and whether it is nonsingular."""
    # Slow, and --help waits for them.
    from theory import template_matrix  # noqa: PLC0415
    from validation.commands.choice import KernelChoice, chosen_task  # noqa: PLC0415

    started = perf_counter()
    with naming(templates="T1 T2 ...", template="T1 T2 ..."):
        found = chosen_task(task, templates or [], labelled=False)
        choice = KernelChoice(kernel_options, samples, seed)
        result = template_matrix(choice.kernel(chosen), found, progress=not as_json)
    seconds = perf_counter() - started

    def show(console: Console) -> None:
        names = [str(template) for template in result.templates]
        if len(names) <= _WIDEST:
            table = Table("N", *names, title=f"errors up to {result.entries.largest_error:.1e}")
            for name, row in zip(names, result.values, strict=True):
                table.add_row(name, *(f"{value:.10g}" for value in row))
            console.print(table)
        spectrum = Table("eigenvalue", "error", "kind")
        for i in range(min(len(names), _WIDEST)):
            e = result.eigenvalues.at(i)
            spectrum.add_row(f"{e.value:.10g}", f"{e.error:.1e}", str(e.kind))
        if len(names) > _WIDEST:
            spectrum.add_row(f"... {len(names) - _WIDEST} more", "", "")
        console.print(spectrum)
        console.print(f"[bold]{result.verdict.outcome}[/bold]: {result.verdict.reason}")

    payload = result.to_json() | {
        "condition_number": result.condition_number.to_json(),
        "seconds": seconds,
    }
    report(payload, as_json, show)
