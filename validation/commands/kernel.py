"""``template-kernels kernel``: the kernels of two strings."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from validation.commands import options
from validation.commands.frame import naming, report


@options.with_kernel_options
def kernel(
    x: Annotated[str, typer.Argument(metavar="X", help="A string, such as AA.")],
    y: Annotated[str, typer.Argument(metavar="Y", help="A string of the same length.")],
    *,
    kernel_options: options.KernelOptions,
    samples: options.Samples = None,
    seed: options.Seed = 0,
    as_json: options.Json = False,
) -> None:
    """Print the attention, transformer and MLP kernels of two strings, with their errors."""
    from validation.commands.choice import KernelChoice  # noqa: PLC0415 - slow, and --help waits

    started = perf_counter()
    with naming(x="X", y="Y"):
        choice = KernelChoice(kernel_options, samples, seed)
        transformer, mlp = choice.transformer(), choice.mlp()
        value = transformer(x, y)
        attention = {
            name: transformer.attention_kernel(*pair)
            for name, pair in {"xx": (x, x), "xy": (x, y), "yy": (y, y)}.items()
        }
        perceptron = mlp(x, y)
    seconds = perf_counter() - started

    def show(console: Console) -> None:
        table = Table("kernel", "value", "error", "kind", "method")
        rows = {f"attention {name}": e for name, e in attention.items()}
        for name, e in (rows | {"transformer xy": value, "MLP xy": perceptron}).items():
            table.add_row(name, f"{e.value:.15g}", f"{e.error:.1e}", str(e.kind), e.method)
        console.print(table)

    payload = {
        "attention": {name: e.to_json() for name, e in attention.items()},
        "transformer": value.to_json(),
        "mlp": perceptron.to_json(),
        "seconds": seconds,
    }
    report(payload, as_json, show)
