"""``template-kernels certificate``: the exact error of a fit at all strings of unseen symbols."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console

from validation.commands.frame import options
from validation.commands.frame.command import naming
from validation.commands.frame.output import report, table
from validation.commands.frame.whole_numbers import whole


def certificate(
    samples: Annotated[int, whole(help="Training samples, n.")],
    alphabet: Annotated[int, whole(help="Equally likely symbols, m.")],
    templates: Annotated[
        list[str] | None,
        typer.Argument(metavar="T1=Y1 T2=Y2 ...", help="Templates with labels: αα=1 αβ=-1."),
    ] = None,
    task: options.Task = None,
    ridge: Annotated[float, typer.Option(help="The paper's λ, not divided by n.")] = 1.0,
    noise: Annotated[float, typer.Option(help="Standard deviation of the labels.")] = 0.1,
    delta: Annotated[
        float, typer.Option(help="The bound may fail with this probability over label noise.")
    ] = 0.05,
    seed: options.Seed = 0,
    *,
    chosen: options.ChosenKernel,
    as_json: options.Json = False,
) -> None:
    """Fit kernel ridge regression and certify its error at all strings of unseen symbols."""
    # Slow, and --help waits for them.
    from kernels.boundary.checks import positive  # noqa: PLC0415
    from theory import certify  # noqa: PLC0415
    from theory.unseen.fitted import fit_ridge  # noqa: PLC0415
    from validation.commands.frame.chosen_task import chosen_task  # noqa: PLC0415

    written = "T1=Y1 T2=Y2 ..."
    with naming(templates=written, template=written, labels=written):
        found = chosen_task(task, templates or [], labelled=True)
        positive("ridge", ridge)
        kernel = chosen.parameters(seed).kernel()
    named = {"n": "--samples", "X": "--samples", "model": "--samples", "symbols": "--alphabet"}
    with naming(**named):
        sample = found.sample(samples, alphabet=alphabet, noise=noise, seed=seed)
        started = perf_counter()
        model = fit_ridge(kernel, sample.strings, sample.labels, ridge)
        fitted = perf_counter() - started
        result = certify(model, found, noise=noise)
        bounds = result.bound(delta).tolist()
    rows = [
        {
            "template": str(template),
            "label": label,
            "bias": result.bias[i].to_json(),
            "noise": result.noise[i].to_json(),
            "bound": bounds[i],
        }
        for i, (template, label) in enumerate(zip(found.templates, found.labels, strict=True))
    ]
    payload = {
        "n": samples,
        "alphabet": alphabet,
        "ridge": ridge,
        "delta": delta,
        "templates": rows,
        "iterations": result.iterations,
        "residual": result.residual,
        "seconds": fitted + result.seconds,
    }

    def show(console: Console) -> None:
        shown = table("template", "label", "bias", "noise", f"bound, up to {delta:g}")
        for i, row in enumerate(rows):
            bias, deviation = result.bias[i], result.noise[i]
            numbers = (f"{row['label']:g}", f"{bias.value:.6g}", f"{deviation.value:.3g}")
            shown.add_row(str(row["template"]), *numbers, f"{bounds[i]:.6g}")
        console.print(shown)
        console.print(
            f"n = {samples}, residual {result.residual:.1e}, {result.iterations} iterations; fit "
            f"{fitted:.2f} s, certificate {result.seconds:.2f} s"
        )

    report(payload, as_json, show)
