"""The optimizers of Appendix I as pure functions of parameters and a state."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from kernels.boundary.exceptions import InvalidInputError
from theory.networks.perceptron import Parameters

Gradient = Callable[[Parameters], Parameters]
"""The gradient of the loss on the batch of a step, at given parameters."""

State = tuple[Parameters, ...]
"""What an optimizer remembers between steps."""


@dataclass(frozen=True)
class Optimizer(ABC):
    """How one step moves the parameters.

    Attributes:
        rate: the learning rate; for a flow, the time that a step spans.
        batch: samples in a batch, drawn with replacement; None for all of them, always.
        one_pass: whether batches are taken in order instead, so that each sample is used once.

    Raises:
        InvalidInputError: one pass without a batch.
    """

    name: ClassVar[str]
    """What to call it in evidence."""

    rate: float = 0.1
    batch: int | None = None
    one_pass: bool = False

    def __post_init__(self) -> None:
        if self.one_pass and self.batch is None:
            raise InvalidInputError("one_pass", True, "give a batch, or leave it out")

    def samples(self, steps: int) -> int:
        """How many samples so many steps of one pass use; 0 where samples may be used again.

        >>> SGD(batch=4, one_pass=True).samples(10), SGD(batch=4).samples(10)
        (40, 0)
        """
        return steps * self.batch if self.one_pass and self.batch is not None else 0

    def start(self, parameters: Parameters) -> State:
        """The state before the first step."""
        del parameters
        return ()

    @abstractmethod
    def step(
        self, gradient: Gradient, parameters: Parameters, state: State
    ) -> tuple[Parameters, State]:
        """The parameters and the state after one step."""


@dataclass(frozen=True)
class SGD(Optimizer):
    """``theta - rate * gradient``: one sample a step, or a minibatch."""

    name: ClassVar[str] = "SGD"

    batch: int | None = 1

    def step(
        self, gradient: Gradient, parameters: Parameters, state: State
    ) -> tuple[Parameters, State]:
        """See `Optimizer`."""
        return _moved(parameters, gradient(parameters), self.rate), state


@dataclass(frozen=True)
class Adam(Optimizer):
    """Adam with its usual constants 0.9, 0.999 and 1e-8: each coordinate has its own scale."""

    name: ClassVar[str] = "Adam"

    rate: float = 0.01
    batch: int | None = 8

    def start(self, parameters: Parameters) -> State:
        """Two running means, and the running products of their decays."""
        zero = jax.tree.map(jnp.zeros_like, parameters)
        one = jax.tree.map(jnp.ones_like, parameters)
        return zero, zero, one, one

    def step(
        self, gradient: Gradient, parameters: Parameters, state: State
    ) -> tuple[Parameters, State]:
        """See `Optimizer`."""
        found = gradient(parameters)
        mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, state[0], found)
        square = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, state[1], found)
        first = jax.tree.map(lambda p: 0.9 * p, state[2])
        second = jax.tree.map(lambda p: 0.999 * p, state[3])
        update = jax.tree.map(
            lambda m, v, p, q: m / (1.0 - p) / (jnp.sqrt(v / (1.0 - q)) + 1e-8),
            mean,
            square,
            first,
            second,
        )
        return _moved(parameters, update, self.rate), (mean, square, first, second)


@dataclass(frozen=True)
class GradientFlow(Optimizer):
    """``d theta / dt = -gradient`` over all samples, by the classical Runge-Kutta rule."""

    name: ClassVar[str] = "gradient flow"

    def step(
        self, gradient: Gradient, parameters: Parameters, state: State
    ) -> tuple[Parameters, State]:
        """See `Optimizer`."""
        one = gradient(parameters)
        two = gradient(_moved(parameters, one, 0.5 * self.rate))
        three = gradient(_moved(parameters, two, 0.5 * self.rate))
        four = gradient(_moved(parameters, three, self.rate))
        mean = jax.tree.map(
            lambda a, b, c, d: (a + 2.0 * b + 2.0 * c + d) / 6.0, one, two, three, four
        )
        return _moved(parameters, mean, self.rate), state


def _moved(parameters: Parameters, direction: Parameters, rate: float) -> Parameters:
    return jax.tree.map(lambda p, g: p - rate * g, parameters, direction)
