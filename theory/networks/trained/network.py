"""What the trainer asks of a network, and the two that there are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from jax import Array
from jaxtyping import Float, Int, PyTree

from kernels.boundary.checks import convert_fields, positive
from theory.networks.trained.architecture import Architecture, ReadAt
from theory.networks.trained.incidence import (
    PerceptronShape,
    initial_perceptron,
    perceptron_outputs,
)
from theory.networks.trained.parameters import Attention, Parameters, initial_parameters
from theory.networks.trained.transformer import outputs

Trainable: TypeAlias = PyTree[np.ndarray | Array]
"""The parameters of some network."""


class Network(ABC):
    """A network: frozen, so that equal ones share what JAX compiled."""

    symbolic: bool
    """Whether it has a logit a token, rather than one number."""

    cls: bool
    """Whether it reads strings with their ``[CLS]``."""

    @abstractmethod
    def start(self, *, tokens: int, length: int, seed: int) -> Trainable:
        """Fresh parameters for codes below ``tokens`` and strings of ``length`` places."""

    @abstractmethod
    def outputs(
        self, parameters: Trainable, codes: Int[Array, "n k"]
    ) -> Float[Array, " n"] | Float[Array, "n m"]:
        """The number of each string, or the logits."""

    def steered(self, direction: Trainable) -> Trainable:
        """A step of Adam, where some parameters have a learning rate of their own; here none has.

        Args:
            direction: of the step, which the learning rate multiplies afterwards.
        """
        return direction

    @abstractmethod
    def size(self, *, tokens: int, length: int) -> int:
        """How many parameters there are."""

    @abstractmethod
    def activity(self, *, tokens: int, length: int) -> int:
        """How many numbers one string makes on the way to its output; for the memory needed."""


@dataclass(frozen=True)
class Transformer(Network):
    """A transformer.

    Attributes:
        architecture: its shape.
        scaling_rate: how many times the learning rate of the other parameters a_h and b_h have.

    Raises:
        InvalidInputError: the scaling rate is not positive.

    >>> Transformer(Architecture(depth=1, heads=2, embedding=8, head=4, mlp=16)).size(
    ...     tokens=5, length=3
    ... )
    660
    """

    architecture: Architecture
    scaling_rate: float = 1.0

    def __post_init__(self) -> None:
        convert_fields(self, scaling_rate=positive)

    @property
    def symbolic(self) -> bool:  # type: ignore[override] # read only, as frozen fields are
        """See `Network`."""
        return self.architecture.tied

    @property
    def cls(self) -> bool:  # type: ignore[override]
        """See `Network`."""
        return self.architecture.read is ReadAt.CLS

    def start(self, *, tokens: int, length: int, seed: int) -> Trainable:
        """See `Network`."""
        return initial_parameters(self.architecture, tokens=tokens, length=length, seed=seed)

    def outputs(
        self, parameters: Trainable, codes: Int[Array, "n k"]
    ) -> Float[Array, " n"] | Float[Array, "n m"]:
        """See `Network`."""
        return outputs(parameters, self.architecture, codes)

    def steered(self, direction: Trainable) -> Trainable:
        """See `Network`."""
        if self.scaling_rate == 1.0:
            return direction

        def steered(of: Attention) -> Attention:
            return of._replace(a=self.scaling_rate * of.a, b=self.scaling_rate * of.b)

        own: Parameters = direction
        layers = (layer._replace(attention=steered(layer.attention)) for layer in own.layers)
        return own._replace(layers=tuple(layers))

    def size(self, *, tokens: int, length: int) -> int:
        """See `Network`."""
        own = self.architecture
        d, heads = own.embedding, own.heads
        bias, norm = int(own.biases), 2 * d * int(own.norms)
        attention = norm + 4 * heads * d * own.head + 2 * heads
        mlp = (norm + 2 * d * own.mlp + bias * (own.mlp + d)) if own.mlp else 0
        read_out = 0 if own.tied else d
        return (tokens + length) * d + own.depth * (attention + mlp) + norm + read_out

    def activity(self, *, tokens: int, length: int) -> int:
        """See `Network`."""
        own = self.architecture
        place = 6 * own.embedding + own.heads * (4 * own.head + 3 * length) + 3 * own.mlp
        return own.depth * length * place + (2 * tokens if own.tied else 0)


@dataclass(frozen=True)
class Perceptron(Network):
    """A perceptron, with ``X X^T`` appended to its input or without.

    Attributes:
        shape: its shape.
    """

    shape: PerceptronShape
    symbolic = False
    cls = True

    def start(self, *, tokens: int, length: int, seed: int) -> Trainable:
        """See `Network`."""
        return initial_perceptron(self.shape, tokens=tokens, length=length, seed=seed)

    def outputs(
        self, parameters: Trainable, codes: Int[Array, "n k"]
    ) -> Float[Array, " n"] | Float[Array, "n m"]:
        """See `Network`."""
        return perceptron_outputs(parameters, codes)

    def size(self, *, tokens: int, length: int) -> int:
        """See `Network`."""
        w, depth = self.shape.width, self.shape.depth
        pairs = length * length if self.shape.incidence else 0
        return w * (length * tokens + pairs + w * (depth - 1) + depth + 1)

    def activity(self, *, tokens: int, length: int) -> int:
        """See `Network`."""
        del tokens
        return self.shape.width * (length + 3 * self.shape.depth) + length * length
