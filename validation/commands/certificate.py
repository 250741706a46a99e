"""``template-kernels certificate``: the exact error of a fit at all strings of unseen symbols."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from validation.commands import options
from validation.commands.frame import naming, report


@options.with_kernel_options
def certificate(
    samples: Annotated[int, typer.Option(help="Training samples, n.")],
    alphabet: Annotated[int, typer.Option(help="Equally likely symbols, m.")],
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
    chosen: options.Chosen = options.KernelName.TRANSFORMER,
    *,
    kernel_options: options.KernelOptions,
    kernel_samples: options.KernelSamples = None,
    as_json: options.Json = False,
) -> None:
    """Fit kernel ridge regression and certify its error at all strings of unseen symbols."""
    # Slow, and --help waits for them.
    from kernels.checks import positive  # noqa: PLC0415
    from theory import certify  # noqa: PLC0415
    from theory.unseen.fitted import fit_ridge  # noqa: PLC0415
    from validation.commands.choice import KernelChoice, chosen_task  # noqa: PLC0415

    written = "T1=Y1 T2=Y2 ..."
    with naming(templates=written, template=written, labels=written):
        found = chosen_task(task, templates or [], labelled=True)
        positive("ridge", ridge)
        with naming(samples="--kernel-samples"):
            kernel = KernelChoice(kernel_options, kernel_samples, seed).kernel(chosen)
    with naming(n="--samples", strings="--samples", model="--samples", symbols="--alphabet"):
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
            "bias": result.bias.at(i).to_json(),
            "noise": result.noise.at(i).to_json(),
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
        table = Table("template", "label", "bias", "noise", f"bound, up to {delta:g}")
        for i, row in enumerate(rows):
            bias, deviation = result.bias.at(i), result.noise.at(i)
            numbers = (f"{row['label']:g}", f"{bias.value:.6g}", f"{deviation.value:.3g}")
            table.add_row(str(row["template"]), *numbers, f"{bounds[i]:.6g}")
        console.print(table)
        console.print(
            f"n = {samples}, residual {result.residual:.1e}, {result.iterations} iterations; fit "
            f"{fitted:.2f} s, certificate {result.seconds:.2f} s"
        )

    report(payload, as_json, show)
