"""The transformer as a function of its parameters.

With z_l = e_{x_l} + gamma p_l, one row a place, a layer computes for each head h and place i

    logits_ij = beta z_i (W_Q W_K^T + a_h I) z_j^T / sqrt(d_head),
    r_i       = factor * sum_h sum_j smax(logits_i)_j z_j (W_V W_O + b_h I),

and then W_A phi(W_B r) of what it found. Which place reads which is the transpose of the paper's
W_K W_Q^T, in which columns are the places that read.
"""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax import Array
from jaxtyping import Float, Int

from theory.networks.trained.architecture import Architecture, Nonlinearity
from theory.networks.trained.parameters import Attention, Layer, Mlp, Norm, Parameters

ACTIVATIONS: dict[Nonlinearity, Callable[[Array], Array]] = {
    Nonlinearity.GELU: jax.nn.gelu,
    Nonlinearity.RELU: jax.nn.relu,
    Nonlinearity.TANH: jnp.tanh,
    Nonlinearity.COS: jnp.cos,
}

_SMALLEST_VARIANCE = 1e-5
"""Added to the variance in a layer norm, as is usual."""


def outputs(
    parameters: Parameters, architecture: Architecture, codes: Int[Array, "n k"]
) -> Float[Array, " n"] | Float[Array, "n m"]:
    """The number of each string, or, with a tied embedding, the logit of each token.

    Args:
        parameters: of a network of this architecture, for strings of at least this length.
        architecture: the network.
        codes: the strings; the output is read at the last place.
    """
    read = last_place(parameters, architecture, codes)
    if parameters.read_out is None:
        return read @ parameters.embedding.T
    return read @ parameters.read_out


def last_place(
    parameters: Parameters, architecture: Architecture, codes: Int[Array, "n k"]
) -> Float[Array, "n d"]:
    """The vector at the last place, as the read-out sees it."""
    x = _started(parameters, architecture, codes)
    for number, layer in enumerate(parameters.layers):
        # Nothing reads the other places of the last layer.
        last = number == architecture.depth - 1
        x = _layer(layer, architecture, x[:, -1:] if last else x, x)
    return normalized(parameters.norm, x[:, -1])


def every_place(
    parameters: Parameters, architecture: Architecture, codes: Int[Array, "n k"]
) -> Float[Array, "n k d"]:
    """The vectors at all places, as the read-out sees them, none of which reads a later place."""
    x = _started(parameters, architecture, codes)
    for layer in parameters.layers:
        x = _layer(layer, architecture, x, x, causal=True)
    return normalized(parameters.norm, x)


def _started(
    parameters: Parameters, architecture: Architecture, codes: Int[Array, "n k"]
) -> Float[Array, "n k d"]:
    x = parameters.embedding[codes]
    return x + architecture.gamma * parameters.positions[: codes.shape[1]]


def _layer(
    layer: Layer,
    architecture: Architecture,
    reading: Float[Array, "n i d"],
    x: Float[Array, "n k d"],
    *,
    causal: bool = False,
) -> Float[Array, "n i d"]:
    attended = _attention(layer.attention, architecture, reading, x, causal=causal)
    x = reading + attended if architecture.skips else attended
    if layer.mlp is not None:
        found = _mlp(layer.mlp, architecture, x)
        x = x + found if architecture.skips else found
    return x


def _attention(
    heads: Attention,
    architecture: Architecture,
    reading: Float[Array, "n i d"],
    x: Float[Array, "n k d"],
    *,
    causal: bool = False,
) -> Float[Array, "n i d"]:
    reading, z = normalized(heads.norm, reading), normalized(heads.norm, x)
    queries = jnp.einsum("nid,hde->nhie", reading, heads.queries)
    keys = jnp.einsum("njd,hde->nhje", z, heads.keys)
    logits = jnp.einsum("nhie,nhje->nhij", queries, keys)
    if architecture.a:
        equal = jnp.einsum("nid,njd->nij", reading, z)
        logits = logits + heads.a[:, None, None] * equal[:, None]
    if causal:
        logits = jnp.where(jnp.tri(x.shape[1], dtype=bool), logits, -jnp.inf)
    weights = jax.nn.softmax(architecture.beta * architecture.head**-0.5 * logits, axis=-1)
    values = jnp.einsum("njd,hde->nhje", z, heads.values)
    found = jnp.einsum("nhij,nhje,hed->nid", weights, values, heads.outputs)
    if architecture.b:
        found = found + jnp.einsum("nhij,h,njd->nid", weights, heads.b, z)
    return architecture.head_factor * found


def _mlp(mlp: Mlp, architecture: Architecture, x: Float[Array, "n i d"]) -> Float[Array, "n i d"]:
    hidden = normalized(mlp.norm, x) @ mlp.into
    if mlp.into_bias is not None:
        hidden = hidden + mlp.into_bias
    out = ACTIVATIONS[architecture.activation](hidden) @ mlp.out
    return out if mlp.out_bias is None else out + mlp.out_bias


def normalized(norm: Norm | None, x: Float[Array, "*n d"]) -> Float[Array, "*n d"]:
    """Each vector with mean 0 and variance 1, then scaled and shifted; as it is without a norm."""
    if norm is None:
        return x
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = (centred * centred).mean(axis=-1, keepdims=True)
    return centred * jax.lax.rsqrt(variance + _SMALLEST_VARIANCE) * norm.scale + norm.shift
