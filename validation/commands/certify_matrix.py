"""``template-kernels certify-matrix``: a proof that N is nonsingular, for anyone to check."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console

from validation.commands.frame import options
from validation.commands.frame.command import naming
from validation.commands.frame.output import report


def certify_matrix(
    templates: Annotated[
        list[str] | None, typer.Argument(metavar="T1 T2 ...", help="Templates, such as αα αβ.")
    ] = None,
    task: options.Task = None,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the certificate there, as JSON.")
    ] = None,
    coq: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it there for the proof assistant Coq, as .v."),
    ] = None,
    *,
    chosen: options.ChosenKernel,
    seed: options.Seed = 0,
    as_json: options.Json = False,
) -> None:
    """Prove that the template matrix N is nonsingular, at these parameters.

    The certificate holds proved balls around the kernel's values and a factorization with whole
    numbers. To check it, one file is enough, theory/enclosure/verifier.py: it needs Python and
    python-flint, and nothing of this package. From the balls on, Coq checks it too.
    """
    # Slow, and --help waits for them.
    from kernels.atomic_write import write_aside  # noqa: PLC0415
    from kernels.boundary.exceptions import InvalidInputError  # noqa: PLC0415
    from theory.enclosure.certificate import certify_matrix as certified  # noqa: PLC0415
    from theory.enclosure.coq import coq_file, require_name  # noqa: PLC0415
    from validation.commands.frame.chosen_task import chosen_task  # noqa: PLC0415

    if coq is not None:
        with naming(path="--coq"):
            require_name(coq)
    if save is not None and coq is not None and save.resolve() == coq.resolve():
        raise InvalidInputError("coq", str(coq), "give another file than --save, which is JSON")
    started = perf_counter()
    with naming(templates="T1 T2 ...", template="T1 T2 ..."):
        found = chosen_task(task, templates or [], labelled=False)
        result = certified(chosen.parameters(seed).proved(), found)
    seconds = perf_counter() - started
    if save is not None:
        with naming(path="--save"):
            result.save(save)
    if coq is not None:
        with naming(path="--coq", certificate="--coq"):
            write_aside(coq, coq_file(result))

    def show(console: Console) -> None:
        console.print(str(result))
        if save is not None:
            from theory.enclosure import verifier  # noqa: PLC0415 - slow, and --help waits

            console.print(
                f"to check it, with python-flint alone: python {verifier.__file__} {save}",
                soft_wrap=True,
            )
        if coq is not None:
            console.print(f"to check it, with Coq alone: coqc {coq}", soft_wrap=True)

    payload = {
        "smallest_eigenvalue": result.smallest_eigenvalue,
        "templates": [str(template) for template in found.templates],
        "kernel": result.content["kernel"],
        "seconds": seconds,
    }
    report(payload, as_json, show)
