"""The options that several commands share, each defined once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from inspect import signature
from itertools import chain
from typing import Annotated, Any

import typer


class KernelName(StrEnum):
    """The kernels to choose from."""

    TRANSFORMER = "transformer"
    MLP = "mlp"


class Method(StrEnum):
    """The ways to compute the attention kernel."""

    AUTO = "auto"
    QUADRATURE = "quadrature"
    PRODUCT_RULE = "product-rule"
    TENSOR_NETWORK = "tensor-network"
    MONTE_CARLO = "monte-carlo"
    QUASI_MONTE_CARLO = "quasi-monte-carlo"


class Route(StrEnum):
    """The ways to solve for the coefficients."""

    AUTO = "auto"
    DENSE = "dense"
    STRUCTURED = "structured"


_KERNEL = "Kernel"

Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else.")]
Task = Annotated[
    str | None, typer.Option("--task", metavar="NAME", help="A task of the catalogue.")
]
Chosen = Annotated[
    KernelName, typer.Option("--kernel", help="Which kernel.", rich_help_panel=_KERNEL)
]
_SAMPLES = "Draws of monte-carlo, or points of each scramble of quasi-monte-carlo."
Samples = Annotated[
    int | None,
    typer.Option(help=_SAMPLES, show_default="1000000, or 65536 points", rich_help_panel=_KERNEL),
]
KernelSamples = Annotated[
    int | None,
    typer.Option(
        "--kernel-samples",
        help=_SAMPLES,
        show_default="1000000, or 65536 points",
        rich_help_panel=_KERNEL,
    ),
]
Seed = Annotated[int, typer.Option(help="The same seed gives the same result.")]


@dataclass(frozen=True)
class KernelOptions:
    """The options of every command that computes a kernel; None leaves a default to its taker."""

    beta: Annotated[float, typer.Option(help="Inverse temperature.", rich_help_panel=_KERNEL)] = 1.0
    gamma: Annotated[float, typer.Option(help="Positional weight.", rich_help_panel=_KERNEL)] = 1.0
    activation: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="cos, sin, relu, erf, gelu, tanh, ...; an unknown name lists them all.",
            rich_help_panel=_KERNEL,
        ),
    ] = "cos"
    b1: Annotated[
        float | None,
        typer.Option(help="Frequency of cos and sin.", show_default="1.5", rich_help_panel=_KERNEL),
    ] = None
    b2: Annotated[
        float | None,
        typer.Option(help="Phase of cos and sin.", show_default="0.4", rich_help_panel=_KERNEL),
    ] = None
    depth: Annotated[
        int | None,
        typer.Option(
            help="Hidden layers of the MLP kernel.", show_default="1", rich_help_panel=_KERNEL
        ),
    ] = None
    method: Annotated[
        Method,
        typer.Option(help="How the attention kernel is computed.", rich_help_panel=_KERNEL),
    ] = Method.AUTO
    tolerance: Annotated[
        float | None,
        typer.Option(
            help="Absolute error of quadrature.", show_default="1e-10", rich_help_panel=_KERNEL
        ),
    ] = None


def with_kernel_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with one option a field in place of its parameter of type `KernelOptions`.

    Typer reads the options off a signature, and has no other way to share a list of them.
    """
    fields = signature(KernelOptions, eval_str=True).parameters
    own = signature(command, eval_str=True)
    (taking,) = (p for p in own.parameters.values() if p.annotation is KernelOptions)

    @wraps(command)
    def expanded(**given: Any) -> None:  # each option has a type of its own
        chosen = KernelOptions(**{name: given.pop(name) for name in fields})
        command(**given, **{taking.name: chosen})

    lists = (fields.values() if p is taking else (p,) for p in own.parameters.values())
    options = [p.replace(kind=p.KEYWORD_ONLY) for p in chain.from_iterable(lists)]
    expanded.__signature__ = own.replace(parameters=options)  # type: ignore[attr-defined] # inspect reads it
    return expanded
