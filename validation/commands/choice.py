"""From options to kernels and tasks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kernels import (
    Activation,
    AttentionEstimator,
    Automatic,
    InvalidInputError,
    Kernel,
    MLPKernel,
    MonteCarlo,
    ProductRule,
    Quadrature,
    QuasiMonteCarlo,
    TensorNetwork,
    TransformerKernel,
    activations,
)
from theory import Template, TemplateTask, catalogue
from validation.commands.options import KernelName, KernelOptions, Method


@dataclass(frozen=True)
class KernelChoice:
    """The kernel that a command was asked for.

    Attributes:
        options: the kernel and the method.
        samples: of Monte Carlo, None for its default.
        seed: of Monte Carlo.
    """

    options: KernelOptions
    samples: int | None
    seed: int

    def kernel(self, name: KernelName) -> Kernel:
        """The kernel of this name.

        Raises:
            InvalidInputError: an option out of range, or one that the choice does not take.
        """
        if name is KernelName.MLP:
            return self.mlp()
        if self.options.depth is not None:
            raise InvalidInputError("depth", self.options.depth, "only the MLP kernel has a depth")
        return self.transformer()

    def transformer(self) -> TransformerKernel:
        """The transformer kernel."""
        beta, gamma = self.options.beta, self.options.gamma
        return TransformerKernel(beta, gamma, self._activation(), self._attention())

    def mlp(self) -> MLPKernel:
        """The MLP kernel."""
        depth = self.options.depth
        return MLPKernel(self._activation(), 1 if depth is None else depth)

    def _activation(self) -> Activation:
        given = {"b1": self.options.b1, "b2": self.options.b2}
        chosen = {name: value for name, value in given.items() if value is not None}
        try:
            return activations.find(self.options.activation, **chosen)
        except InvalidInputError as error:
            if error.value is not None:
                raise
            # A parameter that is needed and that no option gives.
            remedy = f"its {error.argument} can only be given from Python"
            raise InvalidInputError("activation", self.options.activation, remedy) from None

    def _attention(self) -> AttentionEstimator:
        method, tolerance = self.options.method, self.options.tolerance
        sampled = method in (Method.MONTE_CARLO, Method.QUASI_MONTE_CARLO)
        if sampled and tolerance is not None:
            raise InvalidInputError(
                "tolerance", tolerance, f"the method {method} takes a number of samples"
            )
        if not sampled and self.samples is not None:
            raise InvalidInputError(
                "samples", self.samples, f"the method {method} takes a tolerance"
            )
        tolerance = 1e-10 if tolerance is None else tolerance
        match method:
            case Method.AUTO:
                return Automatic(tolerance, seed=self.seed)
            case Method.QUADRATURE:
                return Quadrature(tolerance)
            case Method.PRODUCT_RULE:
                return ProductRule(tolerance)
            case Method.TENSOR_NETWORK:
                return TensorNetwork(tolerance)
            case Method.MONTE_CARLO:
                return MonteCarlo(1_000_000 if self.samples is None else self.samples, self.seed)
            case Method.QUASI_MONTE_CARLO:
                points = 2**16 if self.samples is None else self.samples
                try:
                    return QuasiMonteCarlo(points, seed=self.seed)
                except InvalidInputError as error:
                    argument = "samples" if error.argument == "points" else error.argument
                    raise InvalidInputError(argument, error.value, error.remedy) from None


def chosen_task(name: str | None, templates: list[str], *, labelled: bool) -> TemplateTask:
    """The task that a command was given, by name or by its templates.

    Args:
        name: of the catalogue.
        templates: written templates, with labels (``αα=1``) where ``labelled``.
        labelled: whether the templates carry labels; else all labels are 0.

    Raises:
        InvalidInputError: both or neither were given, or the task is not well-formed.
    """
    if name is not None:
        if templates:
            raise InvalidInputError("task", name, "give either templates or --task, not both")
        return catalogue.find(name)
    if labelled:
        return TemplateTask.parse(templates)
    parsed = unlabelled(templates)
    return TemplateTask(parsed, (0.0,) * len(parsed))


def unlabelled(templates: list[str]) -> tuple[Template, ...]:
    """Templates for a command to which labels mean nothing.

    Raises:
        InvalidInputError: one is not well-formed, or ends in a label, which would else be read as
            regular tokens.
    """
    for written in templates:
        template, separator, label = written.rpartition("=")
        if separator and re.fullmatch(r"[-+]?[0-9.]+(e[-+]?[0-9]+)?", label):
            raise InvalidInputError(
                "templates", written, f"this command takes no labels; write {template!r}"
            )
    return tuple(Template.parse(template) for template in templates)
