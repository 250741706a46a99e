"""``template-kernels statements``: the paper's statements, checked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from validation.commands.frame import options
from validation.commands.frame.command import naming
from validation.commands.frame.output import report

if TYPE_CHECKING:
    from validation.experiments.statement_check import StatementCheck

_FEW = 3
"""Up to so many checks, starting processes would take longer than they save."""


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
    jobs: options.Jobs = 0,
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
    setting: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="What else the statements named let you set, as --list shows: --set samples=2e4.",
        ),
    ] = None,
    *,
    chosen: options.ChosenKernel | None = None,
    as_json: options.Json = False,
) -> None:
    """Check statements of the paper, on tasks and kernels of the paper or on yours.

    With a task and no numbers, all statements about tasks are checked on it; likewise with a
    kernel. Without options of a kernel, each statement has its own.
    """
    # Slow, and --help waits for them.
    from kernels import InvalidInputError  # noqa: PLC0415
    from kernels.boundary.checks import whole  # noqa: PLC0415
    from validation.commands.statements.printed import contents, entry, print_verdicts  # noqa: PLC0415
    from validation.commands.statements.words import (  # noqa: PLC0415
        chosen_statements,
        divided,
        settings,
    )
    from validation.experiments.statement_check import StatementCheck  # noqa: PLC0415

    whole("jobs", jobs)
    whole("seed", seed)
    ids, templates = divided(words or [])
    given = "--task" if task else "T1=Y1 T2=Y2 ..."
    if task is not None and templates:
        raise InvalidInputError("task", task, "give either templates or --task, not both")
    about = chosen_statements(
        ids, about_tasks=bool(task or templates), about_kernels=chosen is not None
    )
    if listed:
        report([entry(one) for one in about], as_json, lambda c: c.print(contents(about)))
        return
    parameters = None if chosen is None else chosen.parameters(seed)
    for one in about:
        if (task or templates) and not one.takes_task:
            remedy = f"{one.id} is not about a task; leave either out"
            raise InvalidInputError(given, task or templates, remedy)
        if parameters is not None and not one.takes_kernel:
            remedy = f"{one.id} is not about a kernel; leave the options of kernels out"
            raise InvalidInputError("--kernel", str(parameters), remedy)
    further = settings(setting or [])
    for name, value in further:
        for one in about:
            if name not in one.settings:
                known = ", ".join(one.settings) or "nothing"
                remedy = f"{one.id} lets you set {known}; say which statements you mean"
                raise InvalidInputError("--set", f"{name}={value}", remedy)
    points = [
        StatementCheck(one.id, task or "", tuple(templates), quick, seed, parameters, further)
        for one in about
    ]
    with naming(templates="T1=Y1 T2=Y2 ...", template="T1=Y1 T2=Y2 ...", name="--task"):
        points[0].given_task()  # refused before any work
        points[0].given_kernel()
    results, interrupted = _checked(points, keep, jobs, progress=not as_json)
    refused = [result["refusal"] for result in results if ids and result["refusal"]]
    shown = [result for result in results if not (ids and result["refusal"])]
    if shown:
        verdicts = [result["verdict"] for result in shown]
        report(verdicts, as_json, lambda c: print_verdicts(c, shown))
    if interrupted:
        again = "the same command goes on from there" if keep else "--keep FOLDER would store them"
        print(
            f"template-kernels: interrupted with {len(results)} of {len(points)} verdicts; {again}",
            file=sys.stderr,
        )
        raise typer.Exit(130)
    for refusal in refused[:1]:
        with naming(task=given, kernel="--kernel"):
            raise InvalidInputError(refusal["argument"], refusal["value"], refusal["remedy"])


def _checked(
    points: Sequence[StatementCheck], keep: Path | None, jobs: int, *, progress: bool
) -> tuple[list[dict[str, Any]], bool]:
    """The results that are there when all is done or Ctrl-C comes, and whether it came."""
    from kernels import InvalidInputError  # noqa: PLC0415
    from validation.experiments.storage.lock import sole_run  # noqa: PLC0415
    from validation.experiments.storage.run import measure_all  # noqa: PLC0415
    from validation.experiments.storage.store import PointStore  # noqa: PLC0415

    if keep is not None:
        try:
            keep.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            remedy = f"give a folder that can be written ({error.strerror})"
            raise InvalidInputError("keep", str(keep), remedy) from None
    interrupted = False
    with ExitStack() as stack:
        folder = keep or Path(stack.enter_context(TemporaryDirectory()))
        with naming(out="--keep"):
            stack.enter_context(sole_run(folder))
        workers = 1 if len(points) <= _FEW else jobs or -1
        try:
            measure_all(points, folder, title="statements", n_jobs=workers, progress=progress)
        except KeyboardInterrupt:
            interrupted = True
        found = [PointStore(folder / "points").find(point) for point in points]
    return [measured.result for measured in found if measured], interrupted
