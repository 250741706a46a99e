"""The copying network's tangent kernel in closed form, and the derivatives of its losses at 0.

The tangent kernel is Theta(x, y)_{jl} = <grad f(x)_j, grad f(y)_l>, a sum over the parameter
matrices. With g_x the gradient of the cross-entropy of x in its logits, softmax(f(x)) - 1_x,
gradient flow with a learning rate eta for each matrix gives

    dL_train/dt = -(1/n^2) sum_{x, y seen} sum eta C(x, y),
    dL_test/dt  = -(1/n) sum_{y seen} sum eta C(t, y),    C(x, y) = g_x^T Theta(x, y) g_y.

Differentiating f(x)_j = z_x A e_j block by block gives the C of each matrix, see `contracted`.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from theory.networks.copying import Copying
from theory.networks.copying_signals import Signals


def matrices(model: Copying) -> list[str]:
    """The parameter matrices, in the order of the columns of `derivatives`.

    >>> matrices(Copying(heads=1))
    ['E', 'p', 'V_1', 'O_1', 'b_1']
    """
    heads = range(1, model.heads + 1)
    return ["E", "p", *(f"{name}_{h}" for name in "VOb" for h in heads)]


def contracted(
    signals: Signals, model: Copying, g: Float64[np.ndarray, "m m"]
) -> Float64[np.ndarray, "g m m"]:
    """``C(x, y) = g_x^T Theta(x, y) g_y`` of each matrix at b = 0, for any g.

    The gradient of f(x)_j is gamma A e_j in p; z_x (O_h e_j)^T / H in V_h; (z_x V_h)^T e_j / H in
    O_h; <z_x, e_j> / H in b_h; and in the embedding of token a, 1[a = x] r_j + 1[a = j] l_x.
    """
    s, scale = signals, model.heads**-2
    through = g @ s.right @ g.T
    crossed = g @ s.right_left  # sum_j g_x[j] <r_j, l_y>
    embedding = np.diag(np.diag(through)) + g.T * crossed + g * crossed.T + (g @ g.T) * s.left
    position = model.weight**2 * through
    values = scale * s.inputs * (g @ s.outputs @ g.T)
    outputs = scale * s.values * (g @ s.embeddings @ g.T)
    aligned = (g * s.mixed).sum(axis=1)
    identities = np.broadcast_to(scale * np.outer(aligned, aligned), values.shape)
    return np.concatenate([[embedding, position], values, outputs, identities])


def derivatives(signals: Signals, model: Copying) -> Float64[np.ndarray, "2 g"]:
    """What each matrix adds to dL_train/dt (row 0) and dL_test/dt (row 1), at learning rate 1.

    >>> from theory.networks.copying import derivatives_by_autodiff, initial_weights
    >>> from theory.networks.copying_signals import signals_of
    >>> model = Copying(gamma=1.0)
    >>> weights = initial_weights(model, 16, seed=0)
    >>> found = derivatives(signals_of(weights, model), model)
    >>> bool(abs(found - derivatives_by_autodiff(weights, model)).max() < 1e-14)
    True
    """
    top = np.exp(signals.logits - signals.logits.max(axis=1, keepdims=True))
    g = top / top.sum(axis=1, keepdims=True) - np.eye(model.tokens)
    return _sums(contracted(signals, model, g), model)


def limits(model: Copying, head_share: float) -> Float64[np.ndarray, "2 g"]:
    """The limits of `derivatives` as d_emb and d_head tend to infinity in a fixed ratio.

    Inner products of independent vectors vanish: <e_x, e_y> and H <A e_x, A e_y> tend to
    1[x = y], <z_x, z_y> and H <l_x, l_y> to 1[x = y] + gamma^2, <r_j, l_x> to 0, and g_x to
    1/m - 1_x. What is left of dL_test/dt is gamma^2 / m times a positive number for each of E, p,
    V_h, O_h, and -(1 - 1/m)^2 / H^2 for each b_h.

    Args:
        model: the network.
        head_share: d_head / d_emb.
    """
    m, h = model.tokens, model.heads
    same = np.eye(m)
    centred = same - 1.0 / m
    shared = same + model.weight**2
    per_head = shared * centred / h**2
    parts = [(same * centred + shared * centred) / h, model.weight**2 * centred / h]
    parts += [per_head] * h + [head_share * per_head] * h
    parts += [np.full((m, m), ((1.0 - 1.0 / m) / h) ** 2)] * h
    return _sums(np.array(parts), model)


def _sums(c: Float64[np.ndarray, "g m m"], model: Copying) -> Float64[np.ndarray, "2 g"]:
    """Minus the means over seen pairs, and over the pairs of the tested token with seen ones."""
    n = model.seen
    return -np.array([c[:, :n, :n].mean(axis=(1, 2)), c[:, -1, :n].mean(axis=1)])
