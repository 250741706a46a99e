"""The parameters of a transformer, as plain trees of arrays, and how they start."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from jax import Array
from jaxtyping import Float

from kernels.boundary.checks import whole
from theory.networks.trained.architecture import Architecture, HeadSum


class Norm(NamedTuple):
    """What a layer norm multiplies by and adds, coordinate by coordinate."""

    scale: Float[np.ndarray | Array, " d"]
    shift: Float[np.ndarray | Array, " d"]


class Attention(NamedTuple):
    """The heads of one layer; a and b are there always, and used where the architecture says."""

    norm: Norm | None
    keys: Float[np.ndarray | Array, "h d d_head"]
    queries: Float[np.ndarray | Array, "h d d_head"]
    values: Float[np.ndarray | Array, "h d d_head"]
    outputs: Float[np.ndarray | Array, "h d_head d"]
    a: Float[np.ndarray | Array, " h"]
    b: Float[np.ndarray | Array, " h"]


class Mlp(NamedTuple):
    """The MLP of one layer: W_B into the hidden layer, W_A out of it."""

    norm: Norm | None
    into: Float[np.ndarray | Array, "d d_mlp"]
    into_bias: Float[np.ndarray | Array, " d_mlp"] | None
    out: Float[np.ndarray | Array, "d_mlp d"]
    out_bias: Float[np.ndarray | Array, " d"] | None


class Layer(NamedTuple):
    """One layer."""

    attention: Attention
    mlp: Mlp | None


class Parameters(NamedTuple):
    """All parameters; also the shape of their gradients.

    Attributes:
        embedding: one row a token.
        positions: one row a place.
        layers: in their order.
        norm: of what is read.
        read_out: w_U; None where the embedding is tied.
    """

    embedding: Float[np.ndarray | Array, "m d"]
    positions: Float[np.ndarray | Array, "k d"]
    layers: tuple[Layer, ...]
    norm: Norm | None
    read_out: Float[np.ndarray | Array, " d"] | None


def initial_parameters(
    architecture: Architecture, *, tokens: int, length: int, seed: int
) -> Parameters:
    """Independent Gaussian weights of variance 1 / (number of inputs); see `HeadSum` for W_O.

    They are drawn in float64, by NumPy: each call of JAX's generator takes a second to compile.

    Args:
        architecture: the network.
        tokens: m, how many codes there are.
        length: k, places of a string.
        seed: of the draw.

    Raises:
        InvalidInputError: a number that is not a whole number in its range.

    >>> small = Architecture(depth=1, heads=2, embedding=8, head=4, mlp=16)
    >>> start = initial_parameters(small, tokens=5, length=3, seed=0)
    >>> start.embedding.shape, start.layers[0].attention.keys.shape
    ((5, 8), (2, 8, 4))
    """
    whole("tokens", tokens, least=1)
    whole("length", length, least=1)
    rng = np.random.default_rng(whole("seed", seed))
    d, h, d_head, width = (
        architecture.embedding, architecture.heads, architecture.head, architecture.mlp
    )  # fmt: skip

    def gaussian(*shape: int, inputs: int) -> Float[np.ndarray, "..."]:
        return rng.standard_normal(shape) / math.sqrt(inputs)

    def norm() -> Norm | None:
        return Norm(np.ones(d), np.zeros(d)) if architecture.norms else None

    def bias(size: int) -> Float[np.ndarray, " d"] | None:
        return np.zeros(size) if architecture.biases else None

    def layer() -> Layer:
        shared = h if architecture.head_sum is HeadSum.PLAIN else 1
        attention = Attention(
            norm=norm(),
            keys=gaussian(h, d, d_head, inputs=d),
            queries=gaussian(h, d, d_head, inputs=d),
            values=gaussian(h, d, d_head, inputs=d),
            outputs=gaussian(h, d_head, d, inputs=shared * d_head),
            a=np.zeros(h),
            b=np.zeros(h),
        )
        if not width:
            return Layer(attention, None)
        mlp = Mlp(
            norm=norm(),
            into=gaussian(d, width, inputs=d),
            into_bias=bias(width),
            out=gaussian(width, d, inputs=width),
            out_bias=bias(d),
        )
        return Layer(attention, mlp)

    inputs = d if architecture.unit_norm else 1
    return Parameters(
        embedding=gaussian(tokens, d, inputs=inputs),
        positions=gaussian(length, d, inputs=inputs),
        layers=tuple(layer() for _ in range(architecture.depth)),
        norm=norm(),
        read_out=None if architecture.tied else gaussian(d, inputs=d),
    )
