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
    from theory import catalogue  # noqa: PLC0415 - slow, and --help waits

    if name is None:
        families = dict(zip(catalogue.names(), catalogue.FAMILIES, strict=True))

        def list_all(console: Console) -> None:
            tasks = table("name", "what it asks")
            for known, family in families.items():
                tasks.add_row(known, family.summary)
            console.print(tasks)

        report({"tasks": list(families)}, as_json, list_all)
        return
    with naming(task="NAME"):
        found = catalogue.find(name)

    def show(console: Console) -> None:
        templates = table("template", "label", "weight", title=found.name)
        for z, label, weight in zip(found.templates, found.labels, found.weights, strict=True):
            templates.add_row(str(z), f"{label:g}", f"{weight:.4g}")
        console.print(templates)

    rows = zip(found.templates, found.labels, found.weights, strict=True)
    payload = {
        "name": found.name,
        "length": found.length - 1,
        "regular_tokens": list(found.regular_tokens),
        "templates": [
            {"template": str(z), "label": label, "weight": weight} for z, label, weight in rows
        ],
    }
    report(payload, as_json, show)
