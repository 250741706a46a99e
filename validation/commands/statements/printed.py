"""Statements and verdicts as the command prints them for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from theory import statements as paper
from theory.statements import Statement
from validation.commands.frame.output import bold, table
from validation.report.statements.evidence import described

_WIDE = 120
"""Columns of a terminal from which on title and figure stand side by side."""

_STYLES = {
    "holds": "green",
    "violated": "bold red",
    "inconclusive": "yellow",
    "says nothing here": "dim",
}


def entry(one: Statement) -> dict[str, object]:
    """A statement as ``--list --json`` has it."""
    return {
        "ids": list(one.ids),
        "title": one.title,
        "takes_task": one.takes_task,
        "takes_kernel": one.takes_kernel,
        "settings": list(one.settings),
        "hypotheses": [hypothesis.name for hypothesis in one.hypotheses],
    }


def contents(chosen: Sequence[Statement]) -> Table:
    """The statements as ``--list`` has them for people."""
    rows = table("ids", "title", "takes")
    for one in chosen:
        takes = [("a task", one.takes_task), ("a kernel", one.takes_kernel)]
        shown = ", ".join([what for what, taken in takes if taken] + list(one.settings))
        rows.add_row(" = ".join(one.ids), one.title, shown)
    return rows


def print_verdicts(console: Console, results: Sequence[dict[str, Any]]) -> None:
    """The table, and below it why a verdict is not a plain yes."""
    console.print(_table(results, console.width))
    for result in results:
        verdict = result["verdict"]
        reason = verdict["counterexample"] or verdict["evidence"].get("would_settle")
        if reason is not None:
            words = "counterexample" if verdict["counterexample"] else "what would settle it"
            line = f"{verdict['id']}, {words}: {described(reason)}"
            console.print(line, highlight=False)
        finding = paper.find(verdict["id"]).finding
        if finding:
            line = f"{verdict['id']}, finding: {finding}"
            console.print(line, highlight=False)


def _table(results: Sequence[dict[str, Any]], width: int) -> Table:
    """One row a statement; where there is not the width for it, the figure below the title."""
    wide = width >= _WIDE
    titled = (
        ("title", "verdict", "kind", "figure") if wide else ("title, figure", "verdict", "kind")
    )
    columns = []
    for name in ("id", *titled, "s"):
        folds = name in ("id", "figure") or name.startswith("title")
        columns.append(Column(name, no_wrap=not folds, min_width=len(name), overflow="fold"))
    rows = table(*columns)
    rows.show_lines = not wide
    for result in results:
        verdict, figure = result["verdict"], result["figure"]
        outcome = Text(verdict["verdict"], style=_STYLES.get(verdict["verdict"], ""))
        title = verdict["title"] if wide else bold(verdict["title"]) + f"\n{figure}"
        last = (figure,) if wide else ()
        seconds = f"{verdict['seconds']:.1f}"
        rows.add_row(verdict["id"], title, outcome, verdict["kind"], *last, seconds)
    return rows
