"""The copying network of Appendix J: tangent kernel, law of the signals, limits."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels import InvalidInputError
from tests import tolerances
from theory.networks.copying import (
    Copying,
    Weights,
    derivatives_by_autodiff,
    initial_weights,
    logits,
    losses,
)
from theory.networks.copying_kernel import contracted, derivatives, limits, matrices
from theory.networks.copying_signals import draw_signals, signals_of

MODELS = [
    Copying(tokens=5, seen=3, heads=2, gamma=0.0),
    Copying(tokens=4, seen=1, heads=3, gamma=0.7),
]


def tangent_features(weights: Weights, model: Copying, g: np.ndarray) -> list[np.ndarray]:
    """For each matrix, the gradients of <g_x, f(x)>, one row a string, by reverse mode."""
    with jax.enable_x64(True):
        start = jax.tree.map(jnp.asarray, weights)
        _, pull_back = jax.vjp(lambda w: logits(w, model.gamma), start)
        rows = [pull_back(jnp.asarray(np.diag(row) @ g))[0] for row in np.eye(model.tokens)]
    parts = [
        *([row.embedding for row in rows], [row.position for row in rows]),
        *([row.values[h] for row in rows] for h in range(model.heads)),
        *([row.outputs[h] for row in rows] for h in range(model.heads)),
        *([row.identities[h] for row in rows] for h in range(model.heads)),
    ]
    return [np.array([np.asarray(part).ravel() for part in of_matrix]) for of_matrix in parts]


@pytest.mark.parametrize("model", MODELS)
def test_tangent_kernel_is_that_of_reverse_mode(model: Copying) -> None:
    weights = initial_weights(model, 12, seed=1)
    g = np.random.default_rng(2).standard_normal((model.tokens, model.tokens))
    expected = [rows @ rows.T for rows in tangent_features(weights, model, g)]
    found = contracted(signals_of(weights, model), model, g)
    assert len(expected) == len(matrices(model)) == len(found)
    np.testing.assert_allclose(found, expected, rtol=0.0, atol=tolerances.NETWORK_GRADIENTS)


@settings(max_examples=5)  # JAX compiles anew for each shape
@given(
    tokens=st.integers(2, 6),
    heads=st.integers(1, 3),
    gamma=st.floats(0.0, 2.0),
    seed=st.integers(0, 2**16),
    data=st.data(),
)
def test_derivatives_are_those_of_automatic_differentiation(
    tokens: int, heads: int, gamma: float, seed: int, data: st.DataObject
) -> None:
    model = Copying(tokens, data.draw(st.integers(1, tokens - 1)), heads, gamma)
    weights = initial_weights(model, 8, seed=seed)
    found = derivatives(signals_of(weights, model), model)
    expected = derivatives_by_autodiff(weights, model)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=tolerances.NETWORK_GRADIENTS)
    assert (found[0] <= 0.0).all()  # each matrix alone makes the training loss fall


def test_derivatives_are_those_of_a_step_along_the_flow() -> None:
    model = MODELS[1]
    weights = initial_weights(model, 8, seed=0)
    with jax.enable_x64(True):
        start = jax.tree.map(jnp.asarray, weights)
        gradient = jax.grad(lambda w: losses(w, model)[0])(start)
        ahead, behind = (
            losses(jax.tree.map(lambda w, g, s=s: w - s * g, start, gradient), model)
            for s in (1e-4, -1e-4)
        )
        quotients = [float(a - b) / 2e-4 for a, b in zip(ahead, behind, strict=True)]
    np.testing.assert_allclose(
        derivatives_by_autodiff(weights, model).sum(axis=1),
        quotients,
        rtol=0.0,
        atol=tolerances.DIFFERENCE_QUOTIENT,
    )


@pytest.mark.parametrize("model", MODELS)
def test_drawn_signals_have_the_law_of_weights(model: Copying) -> None:
    draws, width = 1_000, 12
    first = np.array([derivatives(draw_signals(model, width, seed=s), model) for s in range(draws)])
    second = np.array(
        [
            derivatives(signals_of(initial_weights(model, width, seed=s + draws), model), model)
            for s in range(draws)
        ]
    )
    for power in (1, 2):
        a, b = first**power, second**power
        error = np.sqrt((a.var(axis=0) + b.var(axis=0)) / draws)
        gap = np.abs(a.mean(axis=0) - b.mean(axis=0))
        assert (gap <= tolerances.STANDARD_ERRORS * error).all()


def test_drawn_signals_fill_the_directions_that_there_are() -> None:
    """E |r_j|^2 = 1 / H and E |l_x|^2 = E |z_x|^2 / H, in d_emb = 3 directions with m = 2.

    Of these none is outside the span; one more would make r a third longer.
    """
    model, draws = Copying(tokens=2, seen=1, heads=1, gamma=1.0), 2_000
    signals = [draw_signals(model, 3, seed=s) for s in range(draws)]
    for values, expected in (
        ([s.right[0, 0] for s in signals], 1.0),
        ([s.left[0, 0] for s in signals], 2.0),
    ):
        error = np.std(values) / draws**0.5
        assert abs(np.mean(values) - expected) <= tolerances.STANDARD_ERRORS * error
        assert error <= 0.05 * expected


@pytest.mark.parametrize("model", [*MODELS, Copying(gamma=1.0)])
def test_limits_are_approached(model: Copying) -> None:
    limit = limits(model, 1.0 / model.heads)
    found = [
        np.array([derivatives(draw_signals(model, width, seed=s), model) for s in range(40)])
        for width in (2**8, 2**14)
    ]
    errors = [np.sqrt(((part - limit) ** 2).mean()) for part in found]
    # The width grows by 2^6: at the predicted rate, errors fall by 8.
    assert errors[1] < errors[0] / 4.0
    means = found[1].mean(axis=0)
    error = found[1].std(axis=0) / 40**0.5 + 40.0 / 2**14  # and the bias, of order 1 / width
    assert (np.abs(means - limit) <= tolerances.STANDARD_ERRORS * error).all()


def test_limit_on_the_unseen_token() -> None:
    model = Copying(tokens=8, seen=4, heads=4, gamma=1.5)
    test = limits(model, 0.25)[1]
    is_identity = np.array([name[0] == "b" for name in matrices(model)])
    assert (test[is_identity] == -((7 / 8 / 4) ** 2)).all()
    assert (test[~is_identity] > 0.0).all()  # with positions, the other matrices make it rise
    without = limits(Copying(tokens=8, seen=4, heads=4), 0.25)[1]
    assert (without[~is_identity] == 0.0).all()


def test_bad_input() -> None:
    with pytest.raises(InvalidInputError, match="seen = 8: leave at least one token unseen"):
        Copying(tokens=8, seen=8)
    with pytest.raises(InvalidInputError, match="width = 8: give at least 9"):
        draw_signals(Copying(), 8, seed=0)
