"""``template-kernels task``: the tasks of the catalogue."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from validation.commands.frame import options
from validation.commands.frame.command import naming
from validation.commands.frame.output import report, table


def task(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A task; without it, all are listed.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Print a task of the catalogue: its templates, their labels and weights."""
    from theory import SymbolicTask, catalogue  # noqa: PLC0415 - slow, and --help waits

    if name is None:
        summaries = [
            *(family.summary for family in catalogue.FAMILIES),
            *(family.summary for family in catalogue.SYMBOLIC_FAMILIES),
        ]
        known = [*catalogue.names(), *catalogue.symbolic_names()]

        def list_all(console: Console) -> None:
            tasks = table("name", "what it asks")
            for name_and_summary in zip(known, summaries, strict=True):
                tasks.add_row(*name_and_summary)
            console.print(tasks)

        report({"tasks": known}, as_json, list_all)
        return
    with naming(task="NAME"):
        found = catalogue.find_any(name)
    weights = found.inputs.weights if isinstance(found, SymbolicTask) else found.weights
    rows = list(zip(found.templates, found.labels, weights, strict=True))

    def show(console: Console) -> None:
        templates = table("template", "label", "weight", title=found.name)
        for z, label, weight in rows:
            shown = label if isinstance(label, str) else f"{label:g}"
            templates.add_row(str(z), shown, f"{weight:.4g}")
        console.print(templates)

    payload = {
        "name": found.name,
        "length": found.length - 1,
        "regular_tokens": list(found.regular_tokens),
        "templates": [
            {"template": str(z), "label": label, "weight": weight} for z, label, weight in rows
        ],
    }
    report(payload, as_json, show)
