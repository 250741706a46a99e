"""The inner products that the copying network's tangent kernel is made of, at any width.

Computed from weights, or drawn directly from their law. The second way costs d_emb times the
number of tokens, not d_emb^2: outside the span of the m embeddings and p, V_h and O_h are
independent Gaussians of which only the images of a few vectors matter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from kernels.boundary.checks import whole
from kernels.boundary.exceptions import InvalidInputError
from kernels.boundary.memory import require_memory
from theory.networks.copying import Copying, Weights


@dataclass(frozen=True, eq=False)
class Signals:
    """Inner products of forward and backward signals at b = 0.

    With z_x the input of token x, e_j its embedding, r_j = A e_j and l_x = A^T z_x:

    Attributes:
        inputs: ``<z_x, z_y>``.
        mixed: ``<z_x, e_j>``.
        embeddings: ``<e_j, e_l>``.
        values: ``<z_x V_h, z_y V_h>`` for each head.
        outputs: ``<O_h e_j, O_h e_l>`` for each head.
        right: ``<r_j, r_l>``.
        left: ``<l_x, l_y>``.
        right_left: ``<r_j, l_x>``.
        logits: f.
    """

    inputs: Float64[np.ndarray, "m m"]
    mixed: Float64[np.ndarray, "m m"]
    embeddings: Float64[np.ndarray, "m m"]
    values: Float64[np.ndarray, "h m m"]
    outputs: Float64[np.ndarray, "h m m"]
    right: Float64[np.ndarray, "m m"]
    left: Float64[np.ndarray, "m m"]
    right_left: Float64[np.ndarray, "m m"]
    logits: Float64[np.ndarray, "m m"]


def signals_of(weights: Weights, model: Copying) -> Signals:
    """The signals of given weights."""
    e, p, v, o = (np.asarray(w, dtype=np.float64) for w in weights[:4])
    z = e + model.weight * p
    value, output = z @ v, np.einsum("hed,jd->hje", o, e)
    right = np.einsum("hde,hje->jd", v, output) / model.heads
    left = np.einsum("hxe,hed->xd", value, o) / model.heads
    return _signals(z, e, value, output, right, left)


def draw_signals(model: Copying, width: int, *, seed: int) -> Signals:
    """Signals of freshly drawn weights, with d_emb = ``width``, in law exactly.

    Let Q be an orthonormal basis of the span of the e_j and p. Q^T V_h and O_h Q are Gaussian and
    give z V_h and O_h e. Given those, the parts of r_j outside the span are Gaussian with
    covariance sum_h <O_h e_j, O_h e_l> / (H^2 d_emb), independent over the width - m - 1 other
    directions, and those of l_x likewise, with sum_h <z_x V_h, z_y V_h> / (H^2 d_head).

    Raises:
        InvalidInputError: the width has no room for the m + 1 vectors.
        TooLargeError: the vectors would not fit in memory.

    >>> draw_signals(Copying(heads=2), 2**12, seed=0).values.shape
    (2, 8, 8)
    """
    m, heads = model.tokens, model.heads
    if whole("width", width) < m + 1:
        raise InvalidInputError("width", width, f"give at least {m + 1}, one more than tokens")
    require_memory("width", width, 8.0 * 12 * (m + 1) * width, "use a narrower network")
    rng = np.random.default_rng(whole("seed", seed))
    d_head = model.head_width(width)
    frame = width**-0.5 * rng.standard_normal((m + 1, width))
    inside = _root(frame @ frame.T)  # coordinates in the span: frame = inside @ Q^T
    e = inside[:-1]
    z = e + model.weight * inside[-1]
    v = width**-0.5 * rng.standard_normal((heads, m + 1, d_head))
    o = d_head**-0.5 * rng.standard_normal((heads, d_head, m + 1))
    value, output = z @ v, np.einsum("hed,jd->hje", o, e)
    right_in = np.einsum("hde,hje->jd", v, output) / heads
    left_in = np.einsum("hxe,hed->xd", value, o) / heads
    outside = width - m - 1
    right_out = _correlated(output, rng, outside) / (heads * width**0.5)
    left_out = _correlated(value, rng, outside) / (heads * d_head**0.5)
    right = np.concatenate([right_in, right_out], axis=1)
    left = np.concatenate([left_in, left_out], axis=1)
    return _signals(z, e, value, output, right, left)


def _correlated(
    vectors: Float64[np.ndarray, "h m d_head"], rng: np.random.Generator, count: int
) -> Float64[np.ndarray, "m count"]:
    """``count`` Gaussian columns whose covariance is the vectors' Gram matrix summed over heads."""
    gram = (vectors @ vectors.transpose(0, 2, 1)).sum(axis=0)
    return _root(gram) @ rng.standard_normal((len(gram), count))


def _root(gram: Float64[np.ndarray, "m m"]) -> Float64[np.ndarray, "m m"]:
    """A root R of a Gram matrix, ``R R^T = gram``; it may be of low rank."""
    squares, directions = np.linalg.eigh(gram)
    return directions * np.sqrt(np.maximum(squares, 0.0))


def _signals(
    z: Float64[np.ndarray, "m c"],
    e: Float64[np.ndarray, "m c"],
    value: Float64[np.ndarray, "h m d_head"],
    output: Float64[np.ndarray, "h m d_head"],
    right: Float64[np.ndarray, "m d"],
    left: Float64[np.ndarray, "m d"],
) -> Signals:
    """Inner products; z and e may be given in the first c of the d coordinates."""
    return Signals(
        inputs=z @ z.T,
        mixed=z @ e.T,
        embeddings=e @ e.T,
        values=value @ value.transpose(0, 2, 1),
        outputs=output @ output.transpose(0, 2, 1),
        right=right @ right.T,
        left=left @ left.T,
        right_left=right @ left.T,
        logits=z @ right[:, : z.shape[1]].T,
    )
