"""Multilayer perceptrons on concatenated one-hot vectors (Appendix I), in JAX."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float64, Int32, Num

from kernels.boundary.checks import whole
from kernels.boundary.exceptions import InvalidInputError


class Parameters(NamedTuple):
    """The parameters of a perceptron; also the shape of their gradients.

    Attributes:
        first: the first layer, one row of weights for each position and token.
        hidden: weights of the later hidden layers, inputs in rows.
        biases: of all hidden layers.
        last: the read-out.
    """

    first: Array
    hidden: tuple[Array, ...]
    biases: tuple[Array, ...]
    last: Array


ACTIVATIONS: Mapping[str, Callable[[Array], Array]] = {
    "tanh": jnp.tanh,
    "relu": jax.nn.relu,
    "gelu": jax.nn.gelu,
    "erf": jax.scipy.special.erf,
    "cosine": jnp.cos,
}
"""What a hidden layer may apply, by name."""


@dataclass(frozen=True)
class Initialization:
    """Independent Gaussian weights of variance 1 / (number of active inputs), biases 0.

    Attributes:
        width: of each hidden layer.
        depth: hidden layers.
        input_scales: a factor for the first-layer weights of each position and token; all 1 where
            left out. Others than equal ones break the symmetry that Lemma I.7 rests on.
        activation: of the hidden layers: a name of `ACTIVATIONS`, or a function of JAX arrays. The
            default is smooth, as gradient flow asks, and odd: outputs are centred at the start.

    Raises:
        InvalidInputError: the width or the depth is not a whole number of at least 1, or there is
            no such activation.
    """

    width: int = 32
    depth: int = 2
    input_scales: tuple[tuple[float, ...], ...] | None = None
    activation: str | Callable[[Array], Array] = "tanh"

    def __post_init__(self) -> None:
        whole("width", self.width, least=1)
        whole("depth", self.depth, least=1)
        if not callable(self.activation) and self.activation not in ACTIVATIONS:
            known = ", ".join(ACTIVATIONS)
            raise InvalidInputError(
                "activation", self.activation, f"give {known}, or a function of JAX arrays"
            )

    @property
    def phi(self) -> Callable[[Array], Array]:
        """The activation as a function."""
        named = self.activation
        return named if callable(named) else ACTIVATIONS[named]

    def scales(self, length: int, tokens: int) -> Float64[np.ndarray, "k m"]:
        """The standard deviation of the first-layer weights of each position and token.

        Raises:
            InvalidInputError: ``input_scales`` has another shape.
        """
        factors = np.ones((length, tokens)) if self.input_scales is None else None
        if factors is None:
            factors = np.array(self.input_scales, dtype=np.float64)
        if factors.shape != (length, tokens):
            raise InvalidInputError(
                "input_scales", factors.shape, f"give {length} rows of {tokens} factors"
            )
        return factors / np.sqrt(length)

    def draw(self, key: Array, length: int, tokens: int) -> Parameters:
        """Fresh parameters; call it under `plain_jax`."""
        scales = jnp.asarray(self.scales(length, tokens))
        sizes = [length * tokens] + [self.width] * (self.depth - 1) + [1]
        # All at once: each call of the generator takes a second to compile.
        rows = jax.random.normal(key, (sum(sizes), self.width), dtype=jnp.float64)
        first, *hidden, last = jnp.split(rows, np.cumsum(sizes)[:-1])
        first = scales[..., None] * first.reshape(length, tokens, self.width)
        biases = tuple(jnp.zeros(self.width, dtype=jnp.float64) for _ in range(self.depth))
        root = self.width**-0.5
        return Parameters(first, tuple(root * w for w in hidden), biases, root * last[0])


def outputs(
    parameters: Parameters,
    codes: Int32[Array, "n k"],
    phi: Callable[[Array], Array] = jnp.tanh,
) -> Num[Array, " n"]:
    """The network's value on each string, phi being applied in each hidden layer.

    A one-hot vector times a matrix is a row of it, so the first layer adds up one row a position.
    """
    rows = parameters.first[jnp.arange(codes.shape[1]), codes]
    active = phi(rows.sum(axis=1) + parameters.biases[0])
    for weights, bias in zip(parameters.hidden, parameters.biases[1:], strict=True):
        active = phi(active @ weights + bias)
    return active @ parameters.last


def square_loss(
    parameters: Parameters,
    codes: Int32[Array, "n k"],
    labels: Float64[Array, " n"],
    phi: Callable[[Array], Array] = jnp.tanh,
) -> Num[Array, ""]:
    """Half the mean squared error."""
    return 0.5 * jnp.mean((outputs(parameters, codes, phi) - labels) ** 2)
