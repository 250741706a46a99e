"""``template-kernels separate``: a proof of Lemma 4.6's premise for given templates."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console

from validation.commands.frame import options
from validation.commands.frame.command import naming
from validation.commands.frame.output import report, table


def separate(
    templates: Annotated[
        list[str] | None, typer.Argument(metavar="T1 T2 ...", help="Templates, such as αα αβ.")
    ] = None,
    task: options.Task = None,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the certificate there, as JSON.")
    ] = None,
    verify: Annotated[
        bool, typer.Option(help="Check the certificate without the search, by other derivatives.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Prove the premise of Lemma 4.6 for given templates, by derivatives at (0, 0).

    It says that the sum of attention kernels K(z_i, z_i) over templates differs from that of
    K(z_i, z_p(i)) for every permutation p but the identity.

    Counts are of competitors: for each ordered pair of templates, the best permutation that takes
    one to the other. Each is counted at the first of the five orders of Claims F.2 to F.6 at which
    it loses; the margin is the least loss there.
    """
    # Slow, and --help waits for them.
    from kernels import InvalidInputError  # noqa: PLC0415
    from theory import catalogue, derivatives  # noqa: PLC0415
    from validation.commands.frame.chosen_task import unlabelled  # noqa: PLC0415

    if task is not None and templates:
        raise InvalidInputError("task", task, "give either templates or --task, not both")
    started = perf_counter()
    with naming(templates="T1 T2 ...", template="T1 T2 ..."):
        given = unlabelled(templates or []) if task is None else catalogue.find(task)
        found = derivatives.separate(given)
    seconds = perf_counter() - started
    problems = derivatives.verify(found) if verify else None
    if save is not None:
        with naming(path="--save"):
            found.save(save)

    def show(console: Console) -> None:
        stages = table("stage", "order", "separated", "least loss", "closest competitor")
        for number, stage in enumerate(found.stages, start=1):
            cycle = " -> ".join(found.templates[i] for i in (*stage.closest, *stage.closest[:1]))
            margin = "" if stage.margin is None else str(stage.margin)
            stages.add_row(str(number), str(stage.order), str(stage.count), margin, cycle)
        console.print(stages)
        console.print(str(found), soft_wrap=True)
        for problem in problems or ():
            console.print(f"not verified: {problem}")
        if problems == ():
            console.print("verified without the search")

    payload: dict[str, object] = {
        "separated": found.separated,
        "stages": found.counts,
        "margin": {s: None if m is None else str(m) for s, m in found.margins.items()},
        "templates": list(found.templates),
        "explanation": found.explanation,
        "seconds": seconds,
    }
    if problems is not None:
        payload["verified"] = not problems
        payload["problems"] = list(problems)
    report(payload, as_json, show)
