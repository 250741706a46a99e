"""``template-kernels statements``: the paper's statements, checked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from validation.commands import options
from validation.commands.frame import naming, report

if TYPE_CHECKING:
    from rich.console import Console

    from theory.statements import Statement

_FEW = 3
"""Up to so many checks, starting processes would take longer than they save."""

_WIDE = 120
"""Columns of a terminal from which on title and figure stand side by side."""

_STYLES = {
    "holds": "green",
    "violated": "bold red",
    "inconclusive": "yellow",
    "says nothing here": "dim",
}


def statements(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID ...] [T1=Y1 T2=Y2 ...]",
            help="Numbers, such as 'Lemma 4.7' or 4.7; none for all. Templates to check them on, "
            "such as αα=1 αβ=-1; without labels these are 1, 2, ...",
            show_default=False,
        ),
    ] = None,
    task: options.Task = None,
    quick: Annotated[bool, typer.Option("--quick", help="Smaller checks.")] = False,
    seed: options.Seed = 0,
    jobs: Annotated[int, typer.Option(help="Processes; 0 for one a core.")] = 0,
    listed: Annotated[
        bool, typer.Option("--list", help="List the statements and what they take; check none.")
    ] = False,
    keep: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Store each verdict there at once; the same command goes on from there.",
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Check statements of the paper, on tasks of the paper or on one of yours.

    With a task and no numbers, all statements about tasks are checked on it.
    """
    # Slow, and --help waits for them.
    from kernels import InvalidInputError  # noqa: PLC0415
    from kernels.checks import whole  # noqa: PLC0415
    from validation.experiments.run import measure_all  # noqa: PLC0415
    from validation.experiments.statement_check import StatementCheck  # noqa: PLC0415
    from validation.experiments.store import PointStore  # noqa: PLC0415

    whole("jobs", jobs)
    whole("seed", seed)
    ids, templates = _divided(words or [])
    given = "--task" if task else "T1=Y1 T2=Y2 ..."
    if task is not None and templates:
        raise InvalidInputError("task", task, "give either templates or --task, not both")
    chosen = _chosen(ids, about_tasks=bool(task or templates))
    if listed:
        report([_entry(one) for one in chosen], as_json, lambda c: c.print(_contents(chosen)))
        return
    points = [StatementCheck(one.id, task or "", tuple(templates), quick, seed) for one in chosen]
    for one in chosen:
        if (task or templates) and not one.takes_task:
            remedy = f"{one.id} is not about a task; leave either out"
            raise InvalidInputError(given, task or templates, remedy)
    if keep is not None:
        try:
            keep.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            remedy = f"give a folder that can be written ({error.strerror})"
            raise InvalidInputError("keep", str(keep), remedy) from None
    with naming(templates="T1=Y1 T2=Y2 ...", template="T1=Y1 T2=Y2 ...", name="--task"):
        points[0].given_task()  # refused before any work
    interrupted = False
    with ExitStack() as stack:
        folder = keep or Path(stack.enter_context(TemporaryDirectory()))
        workers = 1 if len(points) <= _FEW else jobs or -1
        try:
            measure_all(points, folder, title="statements", n_jobs=workers, progress=not as_json)
        except KeyboardInterrupt:
            interrupted = True
        found = [PointStore(folder / "points").find(point) for point in points]
    results: list[dict[str, Any]] = [measured.result for measured in found if measured]
    refused = [result["refusal"] for result in results if ids and result["refusal"]]
    shown = [result for result in results if not (ids and result["refusal"])]
    if shown:
        report([result["verdict"] for result in shown], as_json, lambda c: _print(c, shown))
    if interrupted:
        again = "the same command goes on from there" if keep else "--keep FOLDER would store them"
        print(
            f"template-kernels: interrupted with {len(results)} of {len(points)} verdicts; {again}",
            file=sys.stderr,
        )
        raise typer.Exit(130)
    for refusal in refused[:1]:
        with naming(task=given):
            raise InvalidInputError(refusal["argument"], refusal["value"], refusal["remedy"])


def _divided(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The numbers, their words put together, and the labelled templates.

    >>> _divided(["Lemma", "4.7", "Definition 3.1", "Appendix", "H", "αα", "αβ"])
    (['Lemma 4.7', 'Definition 3.1', 'Appendix H'], ['αα=1', 'αβ=2'])
    """
    from theory.template import is_wildcard  # noqa: PLC0415

    ids, templates, begun = [], [], ""
    for word in words:
        if "=" in word or any(is_wildcard(letter) for letter in word):
            templates.append(word)
            continue
        begun = f"{begun} {word}".strip()
        if not word.strip() or _known(begun) or any(letter.isdigit() for letter in word):
            ids.append(begun)
            begun = ""
    if begun:
        ids.append(begun)
    if not any("=" in template for template in templates):
        templates = [f"{template}={i}" for i, template in enumerate(templates, start=1)]
    return ids, templates


def _known(name: str) -> bool:
    from kernels import InvalidInputError  # noqa: PLC0415
    from theory import statements as paper  # noqa: PLC0415

    try:
        paper.find(name)
    except InvalidInputError:
        return False
    return True


def _chosen(ids: Sequence[str], *, about_tasks: bool) -> list[Statement]:
    """The statements of these numbers, each once, or all there are.

    Args:
        ids: the numbers.
        about_tasks: of all there are, those about tasks only.
    """
    from theory import statements as paper  # noqa: PLC0415

    if ids:
        return list(dict.fromkeys(paper.find(one) for one in ids))
    return [one for one in paper.all() if one.takes_task or not about_tasks]


def _entry(one: Statement) -> dict[str, object]:
    """A statement as ``--list --json`` has it."""
    return {
        "ids": list(one.ids),
        "title": one.title,
        "takes_task": one.takes_task,
        "takes_kernel": one.takes_kernel,
        "hypotheses": [hypothesis.name for hypothesis in one.hypotheses],
    }


def _contents(chosen: Sequence[Statement]) -> Table:
    table = Table("ids", "title", "takes")
    for one in chosen:
        takes = [("a task", one.takes_task), ("a kernel", one.takes_kernel)]
        shown = ", ".join(what for what, taken in takes if taken)
        table.add_row(escape(" = ".join(one.ids)), escape(one.title), shown)
    return table


def _print(console: Console, results: Sequence[dict[str, Any]]) -> None:
    """The table, and below it why a verdict is not a plain yes."""
    from theory import statements as paper  # noqa: PLC0415
    from validation.report.statements.evidence import described  # noqa: PLC0415

    console.print(_table(results, console.width))
    for result in results:
        verdict = result["verdict"]
        reason = verdict["counterexample"] or verdict["evidence"].get("would_settle")
        if reason is not None:
            words = "counterexample" if verdict["counterexample"] else "what would settle it"
            line = f"{verdict['id']}, {words}: {described(reason)}"
            console.print(line, markup=False, highlight=False)
        finding = paper.find(verdict["id"]).finding
        if finding:
            line = f"{verdict['id']}, finding: {finding}"
            console.print(line, markup=False, highlight=False)


def _table(results: Sequence[dict[str, Any]], width: int) -> Table:
    """One row a statement; where there is not the width for it, the figure below the title."""
    wide = width >= _WIDE
    table = Table(show_lines=not wide)
    titled = (
        ("title", "verdict", "kind", "figure") if wide else ("title, figure", "verdict", "kind")
    )
    for name in ("id", *titled, "s"):
        folds = name == "figure" or name.startswith("title")
        table.add_column(name, no_wrap=not folds and name != "id", min_width=len(name))
    for result in results:
        verdict, figure = result["verdict"], escape(result["figure"])
        outcome = f"[{_STYLES[verdict['verdict']]}]{verdict['verdict']}[/]"
        title = escape(verdict["title"])
        if not wide:
            title = f"[bold]{title}[/]\n{figure}"
        last = (figure,) if wide else ()
        seconds = f"{verdict['seconds']:.1f}"
        table.add_row(escape(verdict["id"]), title, outcome, verdict["kind"], *last, seconds)
    return table
