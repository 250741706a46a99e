"""Attention with tied embeddings that copies one symbol: the architecture of Appendix J, in JAX.

Template ``α`` labelled ``α``, strings of one token. With E the embedding (a row e_x a token), p
the positional embedding and z_x = e_x + gamma p, the logit of token j on the string x is

    f(x)_j = < z_x A , e_j >,   A = (1/H) sum_h (V_h O_h + b_h I).

The softmax over one position is 1. All entries are Gaussian at the start, of variance 1 / d_emb
in E, p and V_h and 1 / d_head in O_h, so that |e_x|, |z_x V_h O_h| are of order 1 and f is of order
d_emb^(-1/2): the mean-field scaling. The b_h start at 0. Without them, they stay there.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float, Float64

from kernels.boundary.checks import nonnegative, whole
from kernels.boundary.exceptions import InvalidInputError
from kernels.boundary.jax_settings import plain_jax


@dataclass(frozen=True)
class Copying:
    """The task and the shape of the network.

    Attributes:
        tokens: m, the size of the alphabet, all of whose tokens have a logit.
        seen: n, how many of them (the first ones) are trained on; the last one is tested.
        heads: H.
        gamma: positional weight; a fraction where limits are to be exact.

    Raises:
        InvalidInputError: no token is left unseen, or a parameter is out of range.
    """

    tokens: int = 8
    seen: int = 4
    heads: int = 4
    gamma: float | Fraction = 0.0

    def __post_init__(self) -> None:
        whole("tokens", self.tokens, least=2)
        whole("seen", self.seen, least=1)
        whole("heads", self.heads, least=1)
        nonnegative("gamma", self.gamma)
        if self.seen >= self.tokens:
            raise InvalidInputError("seen", self.seen, "leave at least one token unseen")

    @property
    def weight(self) -> float:
        """The positional weight as a float.

        >>> Copying(gamma=Fraction(1, 4)).weight
        0.25
        """
        return float(self.gamma)

    def head_width(self, width: int) -> int:
        """d_head for a given d_emb: d_emb / H, so that it grows with d_emb.

        Raises:
            InvalidInputError: the width is not a whole number of at least 1.
        """
        return max(1, whole("width", width, least=1) // self.heads)


class Weights(NamedTuple):
    """The parameters; also the shape of their gradients."""

    embedding: Float[np.ndarray | Array, "m d"]
    position: Float[np.ndarray | Array, " d"]
    values: Float[np.ndarray | Array, "h d d_head"]
    outputs: Float[np.ndarray | Array, "h d_head d"]
    identities: Float[np.ndarray | Array, " h"]


def initial_weights(model: Copying, width: int, *, seed: int) -> Weights:
    """The parameters at the start, for d_emb = ``width``.

    Raises:
        InvalidInputError: the width or the seed is not a whole number in its range.

    >>> initial_weights(Copying(), 16, seed=0).values.shape
    (4, 16, 4)
    """
    rng = np.random.default_rng(whole("seed", seed))
    d_head = model.head_width(width)
    root, root_head = width**-0.5, d_head**-0.5
    return Weights(
        root * rng.standard_normal((model.tokens, width)),
        root * rng.standard_normal(width),
        root * rng.standard_normal((model.heads, width, d_head)),
        root_head * rng.standard_normal((model.heads, d_head, width)),
        np.zeros(model.heads),
    )


def logits(weights: Weights, gamma: float) -> Float64[Array, "m m"]:
    """f: one row a string, one column a token."""
    z = weights.embedding + gamma * weights.position
    mixed = jnp.einsum("xd,hde,hef->xf", z, weights.values, weights.outputs)
    mixed = (mixed + weights.identities.sum() * z) / len(weights.identities)
    return mixed @ weights.embedding.T


def losses(weights: Weights, model: Copying) -> tuple[Array, Array]:
    """Cross-entropy: the mean over the seen tokens, and that of the last, unseen one."""
    each = -jnp.diagonal(jax.nn.log_softmax(logits(weights, model.weight), axis=1))
    return each[: model.seen].mean(), each[-1]


@partial(jax.jit, static_argnames="model")
def _gradients(weights: Weights, model: Copying) -> tuple[Weights, Weights]:
    """The gradients of both losses."""
    return jax.jacrev(losses)(weights, model)


def derivatives_by_autodiff(weights: Weights, model: Copying) -> Float64[np.ndarray, "2 g"]:
    """What each parameter matrix adds to dL_train/dt and dL_test/dt, at learning rate 1.

    Gradient flow moves theta by -eta grad L_train, so a matrix adds -eta <grad L, grad L_train>
    to the derivative of a loss L.

    Returns:
        Row 0 for L_train, row 1 for L_test; a column for each of E, p, V_1 to V_H, O_1 to O_H,
        b_1 to b_H.

    >>> model = Copying(heads=2)
    >>> derivatives_by_autodiff(initial_weights(model, 8, seed=0), model).shape
    (2, 8)
    """
    with plain_jax():
        start = jax.tree.map(jnp.asarray, weights)
        train, test = _gradients(start, model)
        rows = []
        for gradient in (train, test):
            parts = [-jnp.vdot(gradient.embedding, train.embedding)]
            parts.append(-jnp.vdot(gradient.position, train.position))
            for name in ("values", "outputs", "identities"):
                of_heads = zip(getattr(gradient, name), getattr(train, name), strict=True)
                parts.extend(-jnp.vdot(a, b) for a, b in of_heads)
            rows.append([float(part) for part in parts])
    return np.array(rows)
