"""The options that several commands share, each defined once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import wraps
from inspect import Parameter, signature
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any

import typer

from validation.commands.frame.whole_numbers import whole
from validation.experiments.kernel_names import KernelName, Method

if TYPE_CHECKING:
    from validation.experiments.kernel_parameters import KernelParameters


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
Seed = Annotated[int, whole(help="The same seed gives the same result.")]
Jobs = Annotated[int, whole(help="Processes; 0 for one a core.")]


_SAMPLES: dict[str, str] = {
    "help": "Draws of monte-carlo, or points of each scramble of quasi-monte-carlo.",
    "show_default": "1000000, or 65536 points",
    "rich_help_panel": _KERNEL,
}
KernelSamples = Annotated[int | None, whole("--kernel-samples", **_SAMPLES)]
Samples = Annotated[int | None, whole("--samples", "--kernel-samples", **_SAMPLES)]
"""The same where the command has no other samples."""


@dataclass(frozen=True)
class KernelOptions:
    """The parameters of kernels; None leaves a default to its taker.

    A command takes all of them by one parameter of this type, or of a subclass.
    """

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
        whole(help="Hidden layers of the MLP kernel.", show_default="1", rich_help_panel=_KERNEL),
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
    kernel_samples: KernelSamples = None

    def parameters(self, seed: int) -> KernelParameters:
        """The kernel that was asked for.

        Args:
            seed: of a method that is sampled.
        """
        from validation.experiments.kernel_parameters import (  # noqa: PLC0415 - --help waits
            KernelParameters,
        )

        return KernelParameters(
            beta=self.beta,
            gamma=self.gamma,
            b1=self.b1,
            b2=self.b2,
            tolerance=self.tolerance,
            activation=self.activation,
            depth=self.depth,
            method=self.method.value,
            kernel_samples=self.kernel_samples,
            seed=seed,
        )


@dataclass(frozen=True)
class ChosenKernel(KernelOptions):
    """The parameters, and which of the kernels."""

    kernel: Annotated[
        KernelName, typer.Option("--kernel", help="Which kernel.", rich_help_panel=_KERNEL)
    ] = KernelName.TRANSFORMER

    def parameters(self, seed: int) -> KernelParameters:
        """The kernel that was asked for."""
        return replace(super().parameters(seed), name=self.kernel.value)


def expanded(command: Callable[..., None]) -> Callable[..., None]:
    """The command with one option a field in place of its parameter of kernel options.

    Typer reads the options off a signature, and has no other way to share a list of them. Where
    the parameter may be None, it is if none of the options were written.
    """
    own = signature(command, eval_str=True)
    taking = {p.name: kind for p in own.parameters.values() if (kind := _taken(p)) is not None}
    if not taking:
        return command
    ((name, kind),) = taking.items()
    fields = dict(signature(kind, eval_str=True).parameters)
    if "samples" not in own.parameters:
        fields["kernel_samples"] = fields["kernel_samples"].replace(annotation=Samples)

    @wraps(command)
    def with_options(context: Any, **given: Any) -> None:  # typer.Context, private to typer
        chosen = kind(**{field: given.pop(field) for field in fields})
        written = any(_written(context, field) for field in fields)
        optional = own.parameters[name].default is None
        command(**given, **{name: None if optional and not written else chosen})

    lists = (fields.values() if p.name == name else (p,) for p in own.parameters.values())
    options = [p.replace(kind=Parameter.KEYWORD_ONLY) for p in chain.from_iterable(lists)]
    context = Parameter("context", Parameter.KEYWORD_ONLY, annotation=typer.Context)
    shown = own.replace(parameters=[context, *options])
    with_options.__signature__ = shown  # type: ignore[attr-defined] # inspect reads it
    return with_options


def _taken(parameter: Parameter) -> type[KernelOptions] | None:
    """The class of kernel options that a parameter is of."""
    kinds = (ChosenKernel, KernelOptions)
    return next((k for k in kinds if parameter.annotation in (k, k | None)), None)


def _written(context: Any, name: str) -> bool:
    """Whether an option was given by the user."""
    source = context.get_parameter_source(name)
    return source is not None and source.name != "DEFAULT"
