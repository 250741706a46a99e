"""The perceptron of Appendix I on one-hot vectors, and the one that is shown ``X X^T`` as well.

The first layer of the second also reads the k^2 entries of the incidence matrix ``X X^T``, which
say which places hold equal tokens: all that a token-symmetric function of one string can know.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float, Int

from kernels.boundary.checks import whole


class PerceptronParameters(NamedTuple):
    """The parameters.

    Attributes:
        first: the first layer, one row of weights for each place and token.
        incidence: its weights of the entries of ``X X^T``, for each pair of places; or None.
        hidden: of the later hidden layers.
        biases: of all hidden layers.
        last: the read-out.
    """

    first: Float[np.ndarray | Array, "k m w"]
    incidence: Float[np.ndarray | Array, "k k w"] | None
    hidden: tuple[Float[np.ndarray | Array, "w w"], ...]
    biases: tuple[Float[np.ndarray | Array, " w"], ...]
    last: Float[np.ndarray | Array, " w"]


@dataclass(frozen=True)
class PerceptronShape:
    """A perceptron with ReLU.

    Attributes:
        width: of each hidden layer.
        depth: hidden layers.
        incidence: whether it is shown ``X X^T``.

    Raises:
        InvalidInputError: the width or the depth is not a whole number of at least 1.
    """

    width: int = 256
    depth: int = 2
    incidence: bool = False

    def __post_init__(self) -> None:
        whole("width", self.width, least=1)
        whole("depth", self.depth, least=1)


def initial_perceptron(
    shape: PerceptronShape, *, tokens: int, length: int, seed: int
) -> PerceptronParameters:
    """Independent Gaussian weights of variance 2 / (number of active inputs), biases 0.

    Raises:
        InvalidInputError: a number that is not a whole number in its range.
    """
    whole("tokens", tokens, least=1)
    whole("length", length, least=1)
    rng = np.random.default_rng(whole("seed", seed))
    w = shape.width
    active = length + (length * length if shape.incidence else 0)
    root, hidden_root = math.sqrt(2.0 / active), math.sqrt(2.0 / w)
    pairs = root * rng.standard_normal((length, length, w)) if shape.incidence else None
    return PerceptronParameters(
        root * rng.standard_normal((length, tokens, w)),
        pairs,
        tuple(hidden_root * rng.standard_normal((w, w)) for _ in range(shape.depth - 1)),
        tuple(np.zeros(w) for _ in range(shape.depth)),
        rng.standard_normal(w) / math.sqrt(w),
    )


def perceptron_outputs(
    parameters: PerceptronParameters, codes: Int[Array, "n k"]
) -> Float[Array, " n"]:
    """The network's value on each string.

    A one-hot vector times a matrix is a row of it, so the first layer adds up one row a place.
    """
    places = jnp.arange(codes.shape[1])
    x = parameters.first[places, codes].sum(axis=1)
    if parameters.incidence is not None:
        equal = codes[:, :, None] == codes[:, None, :]
        x = x + jnp.einsum("nij,ijw->nw", equal.astype(x.dtype), parameters.incidence)
    x = jax.nn.relu(x + parameters.biases[0])
    for weights, bias in zip(parameters.hidden, parameters.biases[1:], strict=True):
        x = jax.nn.relu(x @ weights + bias)
    return x @ parameters.last
