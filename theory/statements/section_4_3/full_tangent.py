"""What training a_h is worth where all weights of the layer are trained, embeddings aside.

In the limit of wide layers and many heads, with B = X Y^T + gamma^2 I, ``a_x`` the attention
weights of a head and ``J_x = beta (diag(a_x) - a_x a_x^T)`` their derivative by the logits, the
inner products of the network's derivatives are

    by the last layer      E[phi(u) phi(v)] = K_trans,
    by W_B, W_O and W_V    E[phi'(u) phi'(v)] E[a_x^T B a_y]                    each,
    by W_K and W_Q         E[phi'(u) phi'(v)] E[sum_ll' (J_x B J_y^T)_ll' B_ll'] each,
    by a_h                 E[phi'(u) phi'(v)] E[s_x^T B s_y],  s = (1 + gamma^2) J e_[CLS].

A gradient by the logits is J c, c Gaussian of covariance B over W_O W_V; the logits' own gradients
by W_K have the inner products B times those of the queries, which are 1, and by W_Q likewise.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float64

from kernels.activations import Cosine
from kernels.estimates import EstimateArray
from theory.statements.section_4_3.pushed_attention import PushedAttention


class LogitGradients(PushedAttention):
    """``E[sum_ll' (J_x B J_y^T)_ll' B_ll']`` in place of the attention kernel."""

    def combined(
        self,
        first: Float64[np.ndarray, "n k"],
        second: Float64[np.ndarray, "n k"],
        agree: Float64[np.ndarray, "k k"],
    ) -> Float64[np.ndarray, " n"]:
        """At given attention weights."""
        jacobians = [
            self.beta * (a[:, :, None] * np.eye(a.shape[1]) - a[:, :, None] * a[:, None, :])
            for a in (first, second)
        ]
        moved = jacobians[0] @ agree @ jacobians[1].transpose(0, 2, 1)
        found: Float64[np.ndarray, " n"] = np.einsum("nij,ij->n", moved, agree)
        return found


def full_tangent_ratios(
    phi: Cosine, strings: Sequence[tuple[str, str]], attention: PushedAttention
) -> list[float]:
    """The smallest eigenvalue of N over max d, without a_h among the trained and with it.

    Args:
        phi: the activation.
        strings: two strings of each template, which share no token.
        attention: the layer, a_h being 0.
    """
    beta, gamma = attention.beta, attention.gamma
    logits = LogitGradients(beta, gamma)
    push = PushedAttention(beta, gamma, tangent=True)
    derivative = Cosine(phi.b1, phi.b2 + math.pi / 2.0)  # phi' is b1 times it
    pairs = [(x, y) for i, (x, _) in enumerate(strings) for _, y in strings[: i + 1]]
    pairs += [(x, x) for x, _ in strings]
    sides = [
        EstimateArray.gather(attention.value(x, y) for x, y in chosen)
        for chosen in ([(x, x) for x, _ in pairs], pairs, [(y, y) for _, y in pairs])
    ]
    last = phi.dual(*(side.values for side in sides)).values
    slopes = phi.b1**2 * derivative.dual(*(side.values for side in sides)).values
    queries, pushes = (
        np.array([kernel.value(x, y).value for x, y in pairs]) for kernel in (logits, push)
    )
    without = last + slopes * (3.0 * sides[1].values + 2.0 * queries)
    return [_ratio(values, len(strings)) for values in (without, without + slopes * pushes)]


def _ratio(values: Float64[np.ndarray, " p"], r: int) -> float:
    """From the entries of N below and on its diagonal, row by row, and then K(x, x)."""
    rows, columns = np.tril_indices(r)
    n = np.empty((r, r))
    n[rows, columns] = n[columns, rows] = values[: len(rows)]
    return float(np.linalg.eigvalsh(n)[0] / (values[len(rows) :] - np.diag(n)).max())
