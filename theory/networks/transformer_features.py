"""The random features of a finite depth-1 transformer, whose kernel tends to K_trans (Appendix H).

With a token embedding E (one row a token), a positional embedding P, all entries standard
Gaussian, and z_l = E_{x_l} + gamma P_l, the network is

    k_{h,l} = W_{K,h} z_l,  q_h = W_{Q,h} z_[CLS],  a_h = smax(beta <k_{h,l}, q_h> / sqrt(d_head)),
    r = H^{-1/2} sum_h W_{O,h} W_{V,h} (sum_l a_{h,l} z_l),
    features = phi(W_B r),   kernel = <features(X), features(Y)> / d_mlp.

Each weight has variance 1 / (its number of inputs), so every coordinate is of order 1.

Why the limit is K_trans, and in which scaling. Given q_h, the keys are Gaussian over W_{K,h}, so
the logits of both strings are jointly Gaussian with covariance

    beta^2 (|q_h|^2 / d_head) <z_l, z_l'> / d_emb  ->  beta^2 v (1[x_l = x_l'] + gamma^2 1[l = l']),

v being the variance of a coordinate of q_h. Both strings share q_h, because both end with [CLS]
at the same place. The input of W_{Q,h} has coordinates of variance 1 + gamma^2, and so has q_h:
v = 1 + gamma^2, the scaling of Appendix H. Queries brought to variance 1, by dividing W_{Q,h} by
sqrt(1 + gamma^2), give v = 1, the scaling of Section 4.1. Over W_V and W_O, r is Gaussian with
covariance the mean over heads of a_h(X)^T (Z Z'^T / d_emb) a_h(Y), which tends to K_attn; and the
features are phi of that.
"""

from __future__ import annotations

import math
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import Float64, Int32

from kernels.activations import Activation
from kernels.attention.sampling.moments import normals
from kernels.boundary.checks import nonnegative, whole
from kernels.boundary.jax_settings import plain_jax
from kernels.boundary.memory import require_memory
from kernels.strings.encoding import EncodedStrings
from kernels.transformer import Scaling
from theory.networks.compiling import QUICKLY
from theory.transformer_law import Widths


def kernel_draws(
    strings: EncodedStrings,
    *,
    widths: Widths,
    beta: float,
    gamma: float,
    activation: Activation,
    scaling: Scaling = "section-4.1",
    draws: int,
    seed: int,
) -> Float64[np.ndarray, "draws n n"]:
    """Kernel matrices of independently initialized transformers.

    Args:
        strings: the n strings.
        widths: of each network.
        beta: inverse temperature.
        gamma: positional weight.
        activation: phi.
        scaling: the variance of the queries, see above.
        draws: the number of networks.
        seed: of all weights.

    Raises:
        InvalidInputError: a parameter out of range.
        TooLargeError: a network would not fit in memory.

    >>> from kernels import Cosine, encode
    >>> kernel_draws(encode(["AA", "AB"]), widths=Widths.scaled(8), beta=1.0, gamma=1.0,
    ...              activation=Cosine(), draws=3, seed=0).shape
    (3, 2, 2)
    """
    beta, gamma = nonnegative("beta", beta), nonnegative("gamma", gamma)
    whole("draws", draws, least=1)
    n, length = strings.shape
    largest = max(4 * widths.head, widths.mlp, n * length) * widths.embedding
    needed = 4 * largest + 3 * draws * n * widths.mlp
    require_memory("widths", widths, 8.0 * needed, "use a narrower network, or fewer")
    # Only tokens that occur matter: the others' embeddings are never read.
    used, codes = np.unique(strings.codes, return_inverse=True)
    codes = codes.reshape(strings.shape).astype(np.int32)
    query_scale = 1.0 if scaling == "appendix-H" else 1.0 / math.sqrt(1.0 + gamma**2)
    with plain_jax():
        key = jax.random.key(whole("seed", seed))
        keys = jax.vmap(partial(jax.random.fold_in, key))(jnp.arange(draws))
        arrays = jnp.asarray(codes), jnp.asarray(beta * query_scale), jnp.asarray(gamma)
        u = _preactivations(keys, *arrays, tokens=len(used), widths=widths)
        features = activation(np.asarray(u))
    return features @ features.transpose(0, 2, 1) / widths.mlp


@partial(jax.jit, static_argnames=("tokens", "widths"), compiler_options=QUICKLY)
def _preactivations(
    keys: Array,
    codes: Int32[Array, "n k"],
    inverse_temperature: Float64[Array, ""],
    gamma: Float64[Array, ""],
    *,
    tokens: int,
    widths: Widths,
) -> Float64[Array, "draws n d_mlp"]:
    """``W_B r`` of each string in each network, one network after the other."""
    arrays = codes, inverse_temperature, gamma
    return lax.map(lambda key: _of_one(key, *arrays, tokens=tokens, widths=widths), keys)


def _of_one(
    key: Array,
    codes: Int32[Array, "n k"],
    inverse_temperature: Float64[Array, ""],
    gamma: Float64[Array, ""],
    *,
    tokens: int,
    widths: Widths,
) -> Float64[Array, "n d_mlp"]:
    """``W_B r`` of each string, with all weights drawn afresh."""
    d, d_head = widths.embedding, widths.head
    for_heads, for_others = jax.random.split(key)
    # All matrices with d columns at once: each call of the generator costs a second to compile.
    others = _gaussian(for_others, tokens + codes.shape[1] + widths.mlp, d)
    embedding, places, w_b = jnp.split(others, [tokens, tokens + codes.shape[1]])
    z = embedding[codes] + gamma * places

    def add_head(total: Array, head_key: Array) -> tuple[Array, None]:
        first, second = jnp.split(_gaussian(head_key, 4 * d_head, d), 2)
        (w_k, w_q), (w_v, w_o) = jnp.split(first, 2), jnp.split(second, 2)
        query = z[:, -1] @ w_q.T / math.sqrt(d)
        # Queries first, so that the keys of all positions need not be formed.
        logits = jnp.einsum("nkd,nd->nk", z, query @ w_k) / math.sqrt(d * d_head)
        weights = jax.nn.softmax(inverse_temperature * logits, axis=1)
        mixed = jnp.einsum("nk,nkd->nd", weights, z)
        return total + (mixed @ w_v.T) @ w_o / math.sqrt(d * d_head), None

    start = jnp.zeros((codes.shape[0], d), dtype=jnp.float64)
    read_out, _ = lax.scan(add_head, start, jax.random.split(for_heads, widths.heads))
    read_out = read_out / math.sqrt(widths.heads)
    return read_out @ w_b.T / math.sqrt(d)


def _gaussian(key: Array, rows: int, columns: int) -> Float64[Array, "rows columns"]:
    """Independent standard Gaussians."""
    odd, even = normals(key, -(-rows // 2), columns)
    return jnp.concatenate([odd, even])[:rows]
