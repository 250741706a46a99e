"""The law of a finite transformer's kernel, drawn without its weights.

The kernel of the network of `theory.networks.transformer_features` depends on its weights through
inner products alone, and their laws are known. With ``W_q(A)`` the Wishart law of ``F F^T / q``,
F's q columns independent Gaussians of covariance A:

* The embeddings of all tokens and places have inner products ``S ~ W_{d_emb}(I)`` (divided by
  d_emb), and those of the ``z_l = E_{x_l} + gamma P_l`` follow from S.
* Given S, the query of a head is Gaussian: ``|q|^2 / d_head`` is ``v S_zz chi^2 / d_head`` with
  d_head degrees of freedom, z the last place's, v the scaling. Given that, ``W_K^T q`` is
  Gaussian, so the logits of all places of all strings are, with covariance
  ``beta^2 (|q|^2 / d_head) <z_l, z_l'> / d_emb``.
* Given the attention of head h, with G_h the inner products of ``sum_l a_l z_l``, those of
  ``W_V`` times them are ``W_{d_head}(G_h)``. Given their mean Q over heads, those of the read-outs
  are ``C ~ W_{d_emb}(Q)``: the columns of the W_O are independent.
* Given C, the d_mlp arguments of phi are independent ``N(0, C)``.

Each step is exact at any width. A network of width w costs about w steps in place of w^3, so
widths in the hundreds, and many networks, are within reach: what no network drawn weight by weight
shows within seconds, a kernel that is a few per cent off, this does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from kernels.activations import Activation
from kernels.boundary.checks import nonnegative, whole
from kernels.boundary.memory import require_memory
from kernels.strings.encoding import EncodedStrings
from kernels.transformer import Scaling

_NUMBERS = 1 << 20
"""Numbers held at once: a few times a CPU's caches."""


@dataclass(frozen=True)
class Widths:
    """The widths of a transformer.

    Attributes:
        embedding: d_emb.
        heads: H.
        head: d_head.
        mlp: d_mlp.

    Raises:
        InvalidInputError: a width is not a whole number of at least 1.
    """

    embedding: int
    heads: int
    head: int
    mlp: int

    def __post_init__(self) -> None:
        for name in ("embedding", "heads", "head", "mlp"):
            whole(name, getattr(self, name), least=1)

    @classmethod
    def scaled(cls, width: int) -> Widths:
        """All widths in proportion, so that one number sends them to infinity together.

        Raises:
            InvalidInputError: the width is not a whole number of at least 1.

        >>> Widths.scaled(64)
        Widths(embedding=64, heads=32, head=32, mlp=256)
        """
        half = max(1, whole("width", width, least=1) // 2)
        return cls(width, half, half, 4 * width)


def kernels_in_law(
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
    """Kernel matrices with the law of `theory.networks.transformer_features.kernel_draws`.

    Args:
        strings: the n strings.
        widths: of each network.
        beta: inverse temperature.
        gamma: positional weight.
        activation: phi.
        scaling: the variance of the queries.
        draws: the number of networks.
        seed: of everything random.

    Raises:
        InvalidInputError: a parameter out of range.
        TooLargeError: a network would not fit in memory.

    >>> from kernels import Cosine, encode
    >>> kernels_in_law(encode(["AA", "AB"]), widths=Widths.scaled(8), beta=1.0, gamma=1.0,
    ...                activation=Cosine(), draws=3, seed=0).shape
    (3, 2, 2)
    """
    beta, gamma = nonnegative("beta", beta), nonnegative("gamma", gamma)
    rng = np.random.default_rng(whole("seed", seed))
    places = _places(strings, gamma)
    n, k, p = places.shape
    each = max(widths.heads * (p * p + n * (k + p)), widths.mlp * n)
    require_memory("widths", widths, 8.0 * 4 * each, "use a narrower network")
    scale = beta if scaling == "appendix-H" else beta / math.sqrt(1.0 + gamma**2)
    at_once = max(1, _NUMBERS // each)
    found = [
        _some(places, widths, scale, activation, min(at_once, draws - start), rng)
        for start in range(0, whole("draws", draws, least=1), at_once)
    ]
    return np.concatenate(found)


def _places(strings: EncodedStrings, gamma: float) -> Float64[np.ndarray, "n k p"]:
    """Each place of each string in the basis of the tokens that occur and the k places."""
    used, codes = np.unique(strings.codes, return_inverse=True)
    n, k = strings.shape
    found = np.zeros((n, k, len(used) + k))
    at = np.arange(k)
    found[np.arange(n)[:, None], at, codes.reshape(n, k)] = 1.0
    found[:, at, len(used) + at] = gamma
    return found


def _some(
    places: Float64[np.ndarray, "n k p"],
    widths: Widths,
    scale: float,
    activation: Activation,
    count: int,
    rng: np.random.Generator,
) -> Float64[np.ndarray, "count n n"]:
    """So many networks at once. Arrays begin with the network, and are then by string or head."""
    n, _, p = places.shape
    heads, at_heads = widths.heads, (count, widths.heads)
    z = np.einsum("nkp,cpq->cnkq", places, _wishart_root(rng, (count,), p, widths.embedding))
    length = np.einsum("cq,cq->c", z[:, 0, -1], z[:, 0, -1])
    query = length[:, None] * rng.chisquare(widths.head, size=at_heads) / widths.head
    keys = (scale * np.sqrt(query))[..., None] * rng.standard_normal((*at_heads, z.shape[-1]))
    logits = z @ keys.transpose(0, 2, 1)[:, None]
    weights = np.exp(logits - logits.max(axis=2, keepdims=True))
    weights /= weights.sum(axis=2, keepdims=True)
    mixed = weights.transpose(0, 1, 3, 2) @ z
    roots = _wishart_root(rng, at_heads, mixed.shape[-1], widths.head)
    values = mixed.transpose(0, 2, 1, 3) @ roots
    values = values.transpose(0, 2, 1, 3).reshape(count, n, -1) / math.sqrt(heads)
    outputs = _root(values @ values.transpose(0, 2, 1))
    read_outs = outputs @ _wishart_root(rng, (count,), n, widths.embedding)
    u = rng.standard_normal((count, widths.mlp, read_outs.shape[-1])) @ read_outs.transpose(0, 2, 1)
    features = activation(u)
    return features.transpose(0, 2, 1) @ features / widths.mlp


def _wishart_root(
    rng: np.random.Generator, shape: tuple[int, ...], size: int, degrees: int
) -> Float64[np.ndarray, "*shape size rank"]:
    """F with ``F F^T ~ W_degrees(I)``: Bartlett's triangle, or Gaussians where those are fewer."""
    if degrees < size:
        return rng.standard_normal((*shape, size, degrees)) / math.sqrt(degrees)
    found = np.zeros((*shape, size, size))
    rows, columns = np.tril_indices(size, -1)
    found[..., rows, columns] = rng.standard_normal((*shape, len(rows)))
    diagonal = np.arange(size)
    found[..., diagonal, diagonal] = np.sqrt(rng.chisquare(degrees - diagonal, size=(*shape, size)))
    return found / math.sqrt(degrees)


def _root(matrices: Float64[np.ndarray, "c n n"]) -> Float64[np.ndarray, "c n n"]:
    """B with ``B B^T`` the given ones, which may be singular."""
    values, vectors = np.linalg.eigh(matrices)
    return vectors * np.sqrt(np.maximum(values, 0.0))[:, None]
