"""``template-kernels kernel``: the kernels of two strings."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console

from validation.commands.frame import options
from validation.commands.frame.command import naming
from validation.commands.frame.output import report, table


def kernel(
    x: Annotated[str, typer.Argument(metavar="X", help="A string, such as AA.")],
    y: Annotated[str, typer.Argument(metavar="Y", help="A string of the same length.")],
    *,
    chosen: options.KernelOptions,
    seed: options.Seed = 0,
    as_json: options.Json = False,
) -> None:
    """Print the attention, transformer and MLP kernels of two strings, with their errors."""
    started = perf_counter()
    with naming(x="X", y="Y"):
        parameters = chosen.parameters(seed)
        transformer, mlp = parameters.transformer(), parameters.mlp()
        value = transformer(x, y)
        attention = {
            name: transformer.attention_kernel(*pair)
            for name, pair in {"xx": (x, x), "xy": (x, y), "yy": (y, y)}.items()
        }
        perceptron = mlp(x, y)
    seconds = perf_counter() - started

    def show(console: Console) -> None:
        shown = table("kernel", "value", "error", "kind", "method")
        rows = {f"attention {name}": e for name, e in attention.items()}
        for name, e in (rows | {"transformer xy": value, "MLP xy": perceptron}).items():
            shown.add_row(name, f"{e.value:.15g}", f"{e.error:.1e}", str(e.kind), e.method)
        console.print(shown)

    payload = {
        "attention": {name: e.to_json() for name, e in attention.items()},
        "transformer": value.to_json(),
        "mlp": perceptron.to_json(),
        "seconds": seconds,
    }
    report(payload, as_json, show)
