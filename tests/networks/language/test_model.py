"""The language model: its mask, its loss, and what it learns."""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from kernels.boundary.exceptions import InvalidInputError, TooLargeError
from tests import tolerances
from theory.networks.language.model import (
    LanguageModel,
    Reading,
    language_architecture,
    next_byte_loss,
    train_language,
)
from theory.networks.trained.architecture import Architecture
from theory.networks.trained.parameters import Parameters, initial_parameters
from theory.networks.trained.transformer import every_place, outputs

SMALL = language_architecture(depth=2, heads=2, embedding=6, head=3, mlp=5, scalings=True)
WINDOWS = np.array([[1, 2, 0, 3, 1], [2, 2, 1, 0, 0]], dtype=np.int32)
TINY = language_architecture(depth=1, heads=1, embedding=4, head=4, mlp=0, scalings=True)
TEXT = np.frombuffer(b"abcd" * 40, np.uint8)


def start() -> Parameters:
    drawn = initial_parameters(SMALL, tokens=4, length=5, seed=0)
    rng = np.random.default_rng(1)
    return jax.tree.map(lambda x: x + 0.3 * rng.standard_normal(x.shape), drawn)


def test_each_place_is_the_last_of_a_shorter_string() -> None:
    """At depth 1 the last place reads all others: what it finds is what each place finds."""
    one = language_architecture(depth=1, heads=2, embedding=6, head=3, mlp=5, scalings=True)
    parameters = start()._replace(layers=start().layers[:1])
    with jax.enable_x64(True):
        arrays = jax.tree.map(jnp.asarray, parameters)
        found = np.asarray(every_place(arrays, one, jnp.asarray(WINDOWS)) @ arrays.embedding.T)
        for end in (2, 5):
            shorter = np.asarray(outputs(arrays, one, jnp.asarray(WINDOWS[:, :end])))
            np.testing.assert_allclose(
                found[:, end - 1], shorter, atol=tolerances.NETWORK_GRADIENTS
            )


def test_no_place_reads_a_later_one_and_the_loss_is_that_of_the_next_byte() -> None:
    with jax.enable_x64(True):
        arrays = jax.tree.map(jnp.asarray, start())
        found = np.asarray(every_place(arrays, SMALL, jnp.asarray(WINDOWS)))
        changed = WINDOWS.copy()
        changed[:, 3] = 2
        other = np.asarray(every_place(arrays, SMALL, jnp.asarray(changed)))
        logits = found[:, :-1] @ np.asarray(arrays.embedding).T
        loss = float(next_byte_loss(arrays, SMALL, jnp.asarray(WINDOWS)))
    assert np.array_equal(found[:, :3], other[:, :3])
    assert not np.isclose(found[:, 3:], other[:, 3:]).all(axis=2).any()
    shares = np.exp(logits) / np.exp(logits).sum(axis=2, keepdims=True)
    right = np.take_along_axis(shares, WINDOWS[:, 1:, None], axis=2)
    assert loss == pytest.approx(-np.log(right).mean(), rel=1e-12)


def test_learns_a_period_and_repeats_itself() -> None:
    reading = Reading(window=6, rate=3e-2, batch=4, steps=60, looks=3)
    found = train_language(TINY, TEXT, TEXT, reading, seed=0)
    assert found.steps.tolist() == [20, 40, 60]
    assert found.perplexities[-1] < 2.0 < found.perplexities[0]
    assert found.perplexities[-1] == pytest.approx(math.exp(found.held_out[-1]), rel=1e-5)
    again = train_language(TINY, TEXT, TEXT, reading, seed=0)
    assert np.array_equal(found.held_out, again.held_out)
    for seed, held_out in ((1, TEXT), (0, TEXT[::-1])):
        other = train_language(TINY, TEXT, held_out, reading, seed=seed)
        assert not np.array_equal(found.held_out, other.held_out)
        assert np.array_equal(found.losses, other.losses) == (seed == 0)  # held out is not learnt
    scalings = found.parameters.layers[0].attention
    assert scalings.a.any()
    assert scalings.b.any()


def test_without_scalings_there_are_none() -> None:
    plain = language_architecture(depth=3, heads=2, embedding=6, head=3, mlp=5, scalings=False)
    assert (plain.a, plain.b, plain.depth, plain.heads) == (False, False, 3, 2)
    assert (plain.embedding, plain.head, plain.mlp, plain.tied) == (6, 3, 5, True)


def test_perplexity_that_overflows_is_infinite() -> None:
    losses = np.array([1e3, 0.0], dtype=np.float32)
    found = LanguageModel(np.array([1, 2]), losses, losses, start())
    assert found.perplexities.tolist() == [math.inf, 1.0]


def test_bad_input() -> None:
    for settings, message in (
        ({"window": 0}, "window = 0"),
        ({"rate": 0.0}, "rate = 0"),
        ({"batch": 0}, "batch = 0"),
        ({"looks": 0}, "looks = 0"),
        ({"steps": 15}, "steps = 15: give a multiple of 10 looks"),
    ):
        with pytest.raises(InvalidInputError, match=message):
            Reading(**settings)  # type: ignore[arg-type]
    reading = Reading(window=6, steps=1, looks=1)
    with pytest.raises(InvalidInputError, match="text = '6 bytes': give more than 6 bytes"):
        train_language(TINY, TEXT[:6], TEXT, reading, seed=0)
    with pytest.raises(InvalidInputError, match="held_out = '0 bytes'"):
        train_language(TINY, TEXT, TEXT[:0], reading, seed=0)
    with pytest.raises(InvalidInputError, match="tied embeddings"):
        train_language(Architecture(), TEXT, TEXT, reading, seed=0)
    wide = language_architecture(depth=1, heads=1, embedding=10**8, head=4, mlp=0, scalings=False)
    with pytest.raises(TooLargeError, match="train a smaller one"):
        train_language(wide, TEXT, TEXT, reading, seed=0)
