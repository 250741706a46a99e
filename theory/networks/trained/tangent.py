"""The tangent kernel of a whole network at its start, all of its parameters trained.

With theta the parameters as they are drawn, and f the network's value on a string, it is

    K(x, y) = sum over theta of (df(x) / dtheta) (df(y) / dtheta),

the kernel by which gradient flow with one learning rate moves a network whose parameters hardly
move (Jacot, Gabriel and Hongler 2018). It is that of one finite network: it varies with the draw,
less the wider the network is, and is positive semidefinite always.
"""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float, Float64, Int, Int32

from kernels.boundary.checks import positive
from kernels.boundary.exceptions import InvalidInputError
from kernels.boundary.jax_settings import plain_jax
from kernels.boundary.memory import require_memory
from theory.networks.trained.network import Network, Trainable

_AT_ONCE = 64
"""Strings whose derivatives are formed together; more would not be faster."""


def tangent_gram(
    network: Network, codes: Int32[np.ndarray, "n k"], *, tokens: int, seed: int
) -> Float64[np.ndarray, "n n"]:
    """The tangent kernel of all pairs of strings, in float64 up to its rounding.

    Args:
        network: with one number as output.
        codes: the strings.
        tokens: how many codes there are.
        seed: of the parameters.

    Raises:
        InvalidInputError: a network that has a logit for each token; codes out of range.
        TooLargeError: the derivatives would not fit in memory.

    >>> from theory.networks.trained.incidence import PerceptronShape
    >>> from theory.networks.trained.network import Perceptron
    >>> strings = np.array([[1, 1, 0], [2, 2, 0]], dtype=np.int32)
    >>> found = tangent_gram(Perceptron(PerceptronShape(width=4)), strings, tokens=3, seed=0)
    >>> found.shape, bool(np.linalg.eigvalsh(found)[0] > 0.0)
    ((2, 2), True)
    """
    if network.symbolic:
        raise InvalidInputError("network", network, "give one with one number as output")
    n, length = codes.shape
    if codes.min() < 0 or codes.max() >= tokens:
        raise InvalidInputError("codes", codes, f"give codes from 0 to {tokens - 1}")
    size = network.size(tokens=tokens, length=length)
    require_memory("network", network, 16.0 * n * size, "give a narrower one, or fewer strings")
    with plain_jax():
        start = jax.tree.map(jnp.asarray, network.start(tokens=tokens, length=length, seed=seed))
        # Cut into equal parts, as each length would be compiled anew; the last strings stand twice.
        filled = np.concatenate([codes, codes[:1].repeat(-n % _AT_ONCE, axis=0)])
        parts = [
            jax.tree.map(np.asarray, _derivatives(start, network, jnp.asarray(part)))
            for part in filled.reshape(-1, _AT_ONCE, length)
        ]
    gram = np.zeros((n, n))
    for leaves in zip(*map(jax.tree.leaves, parts), strict=True):
        rows = np.concatenate([leaf.reshape(_AT_ONCE, -1) for leaf in leaves])[:n]
        gram += rows @ rows.T
    return gram


def tangent_ridge(
    gram: Float64[np.ndarray, "m m"], labels: Float[np.ndarray, " n"], ridge: float
) -> Float64[np.ndarray, " u"]:
    """Ridge regression on the first n strings of a Gram matrix, predicted on the others.

    The kernel is scaled to 1 in the mean of its diagonal over the first n strings, so that a
    weight decay means the same at each width.

    Raises:
        InvalidInputError: the ridge is not positive.

    >>> gram = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.0], [0.5, 0.0, 1.0]])
    >>> tangent_ridge(gram, np.array([1.0, -1.0]), 1.0).tolist()
    [0.25]
    """
    n = len(labels)
    scaled = gram / gram.diagonal()[:n].mean()
    system = scaled[:n, :n] + positive("ridge", ridge) * np.eye(n)
    predictions: Float64[np.ndarray, " u"]
    predictions = scaled[n:, :n] @ np.linalg.solve(system, labels.astype(float))
    return predictions


@partial(jax.jit, static_argnames="network")
def _derivatives(parameters: Trainable, network: Network, codes: Int[Array, "n k"]) -> Trainable:
    """By each parameter, one row a string."""

    def value(at: Trainable, string: Int[Array, " k"]) -> Array:
        return network.outputs(at, string[None])[0]

    return jax.vmap(jax.grad(value), in_axes=(None, 0))(parameters, codes)
