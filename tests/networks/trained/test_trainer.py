"""Training: Adam's recursion, determinism, kill and resume, divergence, bad input."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from kernels.boundary.exceptions import InvalidInputError, TooLargeError
from tests import tolerances
from theory import catalogue
from theory.networks.trained import trainer
from theory.networks.trained.architecture import Architecture, ReadAt
from theory.networks.trained.checkpoint import Checkpoint
from theory.networks.trained.incidence import PerceptronShape
from theory.networks.trained.network import Perceptron, Transformer
from theory.networks.trained.problem import problem
from theory.networks.trained.recipe import Plan, Recipe
from theory.networks.trained.trainer import State, Trained, train

NETWORK = Transformer(Architecture(depth=1, heads=2, embedding=6, head=4, mlp=8, a=True))
RECIPE = Recipe(rate=1e-2, batch=8, epochs=8, looks=4)
PROBLEM = problem(catalogue.same_different(), 19, seeds=[3, 4], held_out=10)
SEEDS = [5, 6]


def same(first: Trained, second: Trained) -> bool:
    pairs = zip(
        jax.tree.leaves((first.history, first.parameters)),
        jax.tree.leaves((second.history, second.parameters)),
        strict=True,
    )
    return all(np.array_equal(a, b) for a, b in pairs)


def test_one_seed_one_result_and_seeds_differ() -> None:
    once = train(NETWORK, PROBLEM, RECIPE, seeds=SEEDS)
    assert same(once, train(NETWORK, PROBLEM, RECIPE, seeds=SEEDS))
    assert once.history.shape == (4, 2, 4)
    assert once.history.dtype == np.float32
    assert not once.diverged.any()
    assert once.steps == 16
    assert not np.array_equal(once.history[:, 0], once.history[:, 1])
    other = train(NETWORK, PROBLEM, RECIPE, seeds=[5, 7])
    assert np.array_equal(other.history[:, 0], once.history[:, 0])  # runs do not see each other
    assert not np.array_equal(other.history[:, 1], once.history[:, 1])
    assert any(np.asarray(once.parameters.layers[0].attention.a).ravel())  # and a_h is trained


def test_killed_and_resumed_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = train(NETWORK, PROBLEM, RECIPE, seeds=SEEDS)
    kept = Checkpoint(tmp_path / "run.npz", seconds=0.0)
    look = trainer._look
    done: list[int] = []

    def killed(*given: object) -> State:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(1)
        return look(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(trainer, "_look", killed)
    with pytest.raises(KeyboardInterrupt):
        train(NETWORK, PROBLEM, RECIPE, seeds=SEEDS, checkpoint=kept)
    monkeypatch.setattr(trainer, "_look", look)
    assert kept.path.exists()

    def counted(*given: object) -> State:
        done.append(1)
        return look(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(trainer, "_look", counted)
    other = train(NETWORK, PROBLEM, RECIPE, seeds=[8, 9], checkpoint=Checkpoint(kept.path))
    assert len(done) == 2 + 4  # another run's state is not taken
    assert not same(other, whole)
    assert not kept.path.exists()


def test_resumed_takes_up_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = train(NETWORK, PROBLEM, RECIPE, seeds=SEEDS)
    kept = Checkpoint(tmp_path / "run.npz", seconds=0.0)
    look = trainer._look
    looks: list[int] = []

    def killed(*given: object) -> State:
        looks.append(int(given[2].looks))  # type: ignore[attr-defined]
        if len(looks) == 3:
            raise KeyboardInterrupt
        return look(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(trainer, "_look", killed)
    with pytest.raises(KeyboardInterrupt):
        train(NETWORK, PROBLEM, RECIPE, seeds=SEEDS, checkpoint=kept)
    resumed = train(NETWORK, PROBLEM, RECIPE, seeds=SEEDS, checkpoint=kept)
    assert looks == [0, 1, 2, 2, 3]
    assert same(resumed, whole)
    assert not list(tmp_path.iterdir()), "nothing is left, aside or in place"


def test_a_damaged_checkpoint_is_not_taken(tmp_path: Path) -> None:
    state = {"a": np.arange(3.0), "b": np.arange(2)}
    kept = Checkpoint(tmp_path / "run.npz", seconds=0.0)
    assert kept.load(state, "run") is None
    kept.save(state, "run")
    again = kept.load(state, "run")
    assert again is not None
    assert np.array_equal(again["a"], state["a"])
    assert kept.load(state, "another") is None
    assert kept.load({**state, "b": np.arange(3)}, "run") is None
    assert kept.load({**state, "c": np.arange(3)}, "run") is None
    content = kept.path.read_bytes()
    for damaged in (b"", content[: len(content) // 2], content[100:], b"PK" + content[2:50]):
        kept.path.write_bytes(damaged)
        assert kept.load(state, "run") is None
    late = Checkpoint(tmp_path / "late.npz", seconds=1e6)
    late.save(state, "run")
    assert not late.path.exists()  # not before so many seconds
    with pytest.raises(InvalidInputError, match="seconds = -1"):
        Checkpoint(tmp_path / "x", seconds=-1.0)


def test_a_run_that_diverges_is_marked_and_the_others_go_on() -> None:
    plain = train(NETWORK, PROBLEM, RECIPE, seeds=SEEDS)
    one = train(NETWORK, PROBLEM, RECIPE, seeds=SEEDS, rates=[1e-2, 1e38])
    assert one.diverged.tolist() == [False, True]
    assert np.array_equal(one.history[:, 0], plain.history[:, 0])
    assert np.isnan(one.at_best("test")[1])
    assert one.at_best("test")[0] == plain.at_best("test")[0]
    both = train(NETWORK, PROBLEM, RECIPE, seeds=SEEDS, rates=[1e38, 1e38])
    assert both.diverged.all()
    assert both.steps < plain.steps  # nothing is left to train


def test_the_best_epoch_is_that_of_validation() -> None:
    history = np.zeros((3, 2, 4), dtype=np.float32)
    history[:, 0, 1], history[:, 1, 1] = [3.0, 1.0, 2.0], [np.nan, 2.0, 2.0]
    history[:, 0, 2], history[:, 1, 2] = [0.1, 0.5, 0.2], [0.3, 0.4, 0.1]
    found = Trained(history, np.array([False, False]), 3, ())
    assert found.best.tolist() == [1, 1]
    np.testing.assert_array_equal(found.at_best("test"), np.float32([0.5, 0.4]))


def test_steps_are_those_of_the_published_recursion() -> None:
    """Full batches of a perceptron, by hand in float64."""
    network = Perceptron(PerceptronShape(width=4, depth=1))
    recipe = Recipe(rate=0.05, batch=64, epochs=3, looks=3)
    found = train(network, PROBLEM, recipe, seeds=SEEDS)
    rows = [leaf[1] for leaf in jax.tree.leaves(found.parameters)]
    codes, labels = PROBLEM.train.codes[1], PROBLEM.train.labels[1]
    drawn = network.start(tokens=PROBLEM.tokens, length=codes.shape[1], seed=SEEDS[1])
    leaves, shape = jax.tree.flatten(drawn)
    mean, square = ([np.zeros_like(x) for x in leaves] for _ in range(2))
    for t in range(1, 4):
        with jax.enable_x64(True):

            def loss(p: object) -> jax.Array:
                return jnp.mean((network.outputs(p, jnp.asarray(codes)) - labels) ** 2)

            gradient = jax.tree.leaves(jax.grad(loss)(jax.tree.unflatten(shape, leaves)))
        for i, g in enumerate(map(np.asarray, gradient)):
            mean[i] = 0.9 * mean[i] + 0.1 * g
            square[i] = 0.999 * square[i] + 0.001 * g * g
            up = mean[i] / (1 - 0.9**t)
            leaves[i] = leaves[i] - 0.05 * up / (np.sqrt(square[i] / (1 - 0.999**t)) + 1e-8)
    for own, expected in zip(rows, leaves, strict=True):
        np.testing.assert_allclose(own, expected, atol=tolerances.FLOAT32_STEPS)


def test_an_epoch_takes_each_string_once() -> None:
    plan = Recipe(batch=8, epochs=6, looks=3).plan(19)
    assert plan == Plan(batch=8, batches=2, epochs=2, looks=3)
    rows = trainer._batches(plan, 1, 19, seed=2)
    assert rows.shape == (4, 8)
    for epoch in rows.reshape(2, 16):
        assert len(set(epoch.tolist())) == 16
    assert not np.array_equal(rows, trainer._batches(plan, 2, 19, seed=2))
    assert not np.array_equal(rows, trainer._batches(plan, 1, 19, seed=3))
    assert Recipe(batch=1024, epochs=1000).plan(2**14).steps == 16_000  # the paper's
    assert Recipe(epochs=0, steps=100, batch=50, looks=7).plan(100).steps >= 100


def test_perceptron_needs_the_incidence_matrix_on_unseen_symbols() -> None:
    """An MLP is at chance there (Theorem I.2); shown X X^T, it is not."""
    data = problem(catalogue.same_different(), 200, seeds=[0], held_out=50)
    recipe = Recipe(rate=3e-3, batch=50, epochs=60, looks=10)
    blind, shown = (
        train(Perceptron(PerceptronShape(32, 2, given)), data, recipe, seeds=[0])
        for given in (False, True)
    )
    assert blind.history[-1, 0, 0] < 0.1  # it learns what it is trained on
    assert blind.at_best("test")[0] > 0.9
    assert shown.at_best("test")[0] < 0.3
    assert shown.at_best("accuracy")[0] > 0.95


@pytest.mark.long
def test_symbolic_labels_are_learnt_and_are_unknown_at_first() -> None:
    task = catalogue.copying(2)
    data = problem(task, 60, alphabet=12, seeds=[0], cls=False, held_out=10)
    network = Transformer(
        Architecture(
            depth=1,
            heads=2,
            embedding=8,
            head=4,
            mlp=0,
            b=True,
            read=ReadAt.LAST,
            tied=True,
            unit_norm=True,
        )
    )
    found = train(network, data, Recipe(rate=1e-2, batch=60, epochs=40, looks=4), seeds=[0])
    assert found.history[-1, 0, 0] < found.history[0, 0, 0]
    assert 0.0 <= found.at_best("accuracy")[0] <= 1.0
    # Cross-entropy in nats among so many tokens.
    assert found.history[0, 0, 1] == pytest.approx(math.log(data.tokens), rel=0.5)


def test_bad_input() -> None:
    with pytest.raises(InvalidInputError, match=r"seeds = \[1\]: give one for each of 2 runs"):
        train(NETWORK, PROBLEM, RECIPE, seeds=[1])
    with pytest.raises(InvalidInputError, match=r"rates = .*: give one for each of 2 runs"):
        train(NETWORK, PROBLEM, RECIPE, seeds=SEEDS, rates=[0.1])
    with pytest.raises(InvalidInputError, match=r"rates = -0\.1: give a number above 0"):
        train(NETWORK, PROBLEM, RECIPE, seeds=SEEDS, rates=[0.1, -0.1])
    own = NETWORK.architecture
    tied, last, wide = (
        Transformer(replace(own, **change))
        for change in ({"tied": True}, {"read": ReadAt.LAST}, {"embedding": 10**9})
    )
    with pytest.raises(InvalidInputError, match="these labels need one number"):
        train(tied, PROBLEM, RECIPE, seeds=SEEDS)
    with pytest.raises(InvalidInputError, match=r"give strings without \[CLS\]"):
        train(last, PROBLEM, RECIPE, seeds=SEEDS)
    with pytest.raises(TooLargeError, match=r"network = .*train a smaller one"):
        train(wide, PROBLEM, RECIPE, seeds=SEEDS)
    with pytest.raises(InvalidInputError, match=r"rate = 0.0: give a number above 0"):
        Recipe(rate=0.0)
    with pytest.raises(InvalidInputError, match="epochs = 0"):
        Recipe(epochs=0)
    with pytest.raises(InvalidInputError, match="looks = 0"):
        Recipe(looks=0)
    with pytest.raises(InvalidInputError, match="batch = 0"):
        Recipe(batch=0)


def test_scalings_have_a_learning_rate_of_their_own() -> None:
    copying = problem(catalogue.find_symbolic("copying-1"), 12, seeds=[0], cls=False, held_out=5)
    step = Recipe(rate=1e-2, batch=12, epochs=1)
    architecture = Architecture.section_5(heads=2, embedding=6, head=3, b=True)
    usual, fast = (
        train(Transformer(architecture, factor), copying, step, seeds=[1]).parameters
        for factor in (1.0, 30.0)
    )
    once, faster = (own.layers[0].attention.b for own in (usual, fast))
    np.testing.assert_allclose(np.abs(once), 1e-2, atol=tolerances.FLOAT32_STEPS)  # Adam's first
    np.testing.assert_allclose(faster, 30.0 * once, atol=tolerances.FLOAT32_STEPS)
    assert np.array_equal(usual.embedding, fast.embedding)
    assert np.array_equal(usual.layers[0].attention.values, fast.layers[0].attention.values)
    with pytest.raises(InvalidInputError, match="scaling_rate = 0"):
        Transformer(architecture, 0.0)
