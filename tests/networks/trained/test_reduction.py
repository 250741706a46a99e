"""The trained transformer against the networks of Sections 2 and 5, and against plain loops."""

from __future__ import annotations

import math
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from kernels import Cosine, TransformerKernel, encode
from kernels.boundary.exceptions import InvalidInputError
from tests import tolerances
from theory.networks import copying, transformer_features
from theory.networks.trained.architecture import Architecture, HeadSum, Nonlinearity, ReadAt
from theory.networks.trained.incidence import PerceptronShape
from theory.networks.trained.network import Network, Perceptron, Transformer
from theory.networks.trained.parameters import Parameters, initial_parameters
from theory.networks.trained.transformer import last_place, outputs

CODES = np.array([[1, 2, 1, 0], [1, 2, 2, 0], [3, 3, 4, 0]], dtype=np.int32)
TOKENS, LENGTH = 6, 4
SMALL = Architecture(depth=2, heads=3, embedding=8, head=5, mlp=7, a=True, b=True)


def found(architecture: Architecture, parameters: Parameters, codes: np.ndarray) -> np.ndarray:
    with jax.enable_x64(True):
        arrays = jax.tree.map(jnp.asarray, parameters)
        return np.asarray(outputs(arrays, architecture, jnp.asarray(codes)))


def start(architecture: Architecture, seed: int = 0) -> Parameters:
    """Parameters in which nothing is 0 or 1."""
    drawn = initial_parameters(architecture, tokens=TOKENS, length=LENGTH, seed=seed)
    rng = np.random.default_rng(seed)
    return jax.tree.map(lambda x: x + 0.3 * rng.standard_normal(x.shape), drawn)


def test_section_2_with_the_weights_of_the_random_features() -> None:
    beta, gamma, widths = 1.3, 0.7, transformer_features.Widths(6, 4, 3, 10)
    architecture = Architecture.section_2(
        heads=4, embedding=6, head=3, mlp=10, beta=beta, gamma=gamma
    )
    with jax.enable_x64(True):
        key = jax.random.key(5)
        scalars = jnp.asarray(beta), jnp.asarray(gamma)
        expected = np.asarray(
            transformer_features._preactivations(
                key[None], jnp.asarray(CODES), *scalars, tokens=TOKENS, widths=widths
            )[0]
        )
        for_heads, for_others = jax.random.split(key)
        others = transformer_features._gaussian(for_others, TOKENS + LENGTH + 10, 6)
        heads = [
            np.split(np.asarray(transformer_features._gaussian(k, 12, 6)), 4)
            for k in jax.random.split(for_heads, 4)
        ]
    embedding, places, w_b = np.split(np.asarray(others), [TOKENS, TOKENS + LENGTH])
    drawn = initial_parameters(architecture, tokens=TOKENS, length=LENGTH, seed=0)
    layer = drawn.layers[0]
    assert layer.mlp is not None
    w_k, w_q, w_v, w_o = (np.stack([head[i] for head in heads]) for i in range(4))
    attention = layer.attention._replace(
        keys=w_k.transpose(0, 2, 1) / math.sqrt(6),
        queries=w_q.transpose(0, 2, 1) / math.sqrt(6),
        values=w_v.transpose(0, 2, 1) / math.sqrt(6),
        outputs=w_o / math.sqrt(3),
    )
    mlp = layer.mlp._replace(into=w_b.T / math.sqrt(6))
    parameters = drawn._replace(
        embedding=embedding,
        positions=places,
        layers=(layer._replace(attention=attention, mlp=mlp),),
    )
    assert drawn.read_out is not None
    wanted = np.cos(expected) @ mlp.out @ drawn.read_out
    np.testing.assert_allclose(
        found(architecture, parameters, CODES), wanted, atol=tolerances.NETWORK_RENAMING
    )


@pytest.mark.parametrize("b", [True, False])
def test_section_5_is_the_copying_network(b: bool) -> None:
    model = copying.Copying(tokens=5, seen=3, heads=2, gamma=0.7)
    weights = copying.initial_weights(model, 6, seed=1)
    if b:
        weights = weights._replace(identities=np.array([0.4, -1.1]))
    architecture = Architecture.section_5(heads=2, embedding=6, head=3, gamma=0.7, b=b)
    drawn = initial_parameters(architecture, tokens=5, length=1, seed=0)
    attention = drawn.layers[0].attention._replace(
        values=weights.values, outputs=weights.outputs, b=weights.identities
    )
    parameters = drawn._replace(
        embedding=weights.embedding,
        positions=np.asarray(weights.position)[None],
        layers=(drawn.layers[0]._replace(attention=attention),),
    )
    with jax.enable_x64(True):
        expected = np.asarray(copying.logits(jax.tree.map(jnp.asarray, weights), 0.7))
    every = np.arange(5, dtype=np.int32)[:, None]
    np.testing.assert_allclose(
        found(architecture, parameters, every), expected, atol=tolerances.NETWORK_RENAMING
    )


def by_loops(p: Parameters, own: Architecture, string: np.ndarray) -> np.ndarray:
    """One string through the network, place by place and head by head."""

    def norm(of: object, x: np.ndarray) -> np.ndarray:
        if of is None:
            return x
        y = (x - x.mean()) / math.sqrt(x.var() + 1e-5)
        return y * of.scale + of.shift  # type: ignore[attr-defined]

    phi = {"relu": lambda t: np.maximum(t, 0.0), "tanh": np.tanh, "cos": np.cos}[own.activation]
    factor = {"plain": 1.0, "root": own.heads**-0.5, "mean": 1.0 / own.heads}[own.head_sum]
    x = np.array([p.embedding[c] + own.gamma * p.positions[i] for i, c in enumerate(string)])
    for attention, mlp in p.layers:
        z = np.array([norm(attention.norm, row) for row in x])
        new = []
        for i in range(len(z)):
            total = np.zeros(own.embedding)
            for h in range(own.heads):
                form = attention.queries[h] @ attention.keys[h].T
                form = form + (attention.a[h] if own.a else 0.0) * np.eye(own.embedding)
                logits = own.beta * np.array([z[i] @ form @ other for other in z])
                weights = np.exp(logits / math.sqrt(own.head))
                out = attention.values[h] @ attention.outputs[h]
                out = out + (attention.b[h] if own.b else 0.0) * np.eye(own.embedding)
                total = total + (weights / weights.sum()) @ z @ out
            row = factor * total + (x[i] if own.skips else 0.0)
            if mlp is not None:
                hidden = norm(mlp.norm, row) @ mlp.into
                made = phi(hidden + (mlp.into_bias if own.biases else 0.0)) @ mlp.out
                made = made + (mlp.out_bias if own.biases else 0.0)
                row = made + (row if own.skips else 0.0)
            new.append(row)
        x = np.array(new)
    read = norm(p.norm, x[-1])
    return p.embedding @ read if p.read_out is None else np.array(p.read_out @ read)


@pytest.mark.parametrize(
    "architecture",
    [
        replace(SMALL, activation=Nonlinearity.RELU),
        replace(SMALL, activation=Nonlinearity.TANH, a=False, head_sum=HeadSum.ROOT),
        replace(SMALL, activation=Nonlinearity.COS, b=False, norms=False, beta=1.7),
        replace(SMALL, activation=Nonlinearity.TANH, skips=False, biases=False, gamma=0.4),
        replace(SMALL, activation=Nonlinearity.TANH, depth=1, mlp=0, tied=True, unit_norm=True),
        replace(SMALL, activation=Nonlinearity.RELU, read=ReadAt.LAST, head_sum=HeadSum.MEAN),
    ],
    ids=["relu", "no-a", "no-b", "no-skips", "tied", "mean"],
)
def test_outputs_are_those_of_plain_loops(architecture: Architecture) -> None:
    parameters = start(architecture)
    expected = np.array([by_loops(parameters, architecture, string) for string in CODES])
    np.testing.assert_allclose(
        found(architecture, parameters, CODES), expected, atol=tolerances.NETWORK_GRADIENTS
    )


@pytest.mark.parametrize("switch", ["a", "b"])
def test_switches_decide_whether_a_and_b_count(switch: str) -> None:
    parameters = start(SMALL)

    def moved(architecture: Architecture) -> float:
        other = tuple(
            layer._replace(
                attention=layer.attention._replace(
                    **{switch: getattr(layer.attention, switch) + 0.5}
                )
            )
            for layer in parameters.layers
        )
        pair = (
            found(architecture, p, CODES) for p in (parameters, parameters._replace(layers=other))
        )
        return float(np.abs(next(pair) - next(pair)).max())

    assert moved(SMALL) > 1e-3
    assert moved(replace(SMALL, **{switch: False})) == 0.0


@pytest.mark.parametrize(("gamma", "tied"), [(1.0, False), (0.0, True)])
def test_starts_with_the_variances_that_it_states(gamma: float, tied: bool) -> None:
    wide = Architecture(
        depth=1, heads=8, embedding=64, head=32, mlp=128, gamma=gamma, tied=tied, unit_norm=tied
    )
    drawn = initial_parameters(wide, tokens=100, length=9, seed=3)
    layer = drawn.layers[0]
    assert layer.mlp is not None
    expected = {
        "embedding": (drawn.embedding, 1 / 64 if tied else 1.0),
        "keys": (layer.attention.keys, 1 / 64),
        "queries": (layer.attention.queries, 1 / 64),
        "values": (layer.attention.values, 1 / 64),
        "outputs": (layer.attention.outputs, 1 / (8 * 32)),
        "into": (layer.mlp.into, 1 / 64),
        "out": (layer.mlp.out, 1 / 128),
    }
    for name, (weights, variance) in expected.items():
        error = variance * math.sqrt(2.0 / np.size(weights))
        assert abs(np.var(weights) - variance) < tolerances.STANDARD_ERRORS * error, name
    assert (drawn.read_out is None) == tied
    assert not layer.attention.a.any()
    assert not layer.attention.b.any()
    root = replace(wide, head_sum=HeadSum.ROOT)
    same = initial_parameters(root, tokens=100, length=9, seed=3).layers[0].attention.outputs
    np.testing.assert_allclose(same, math.sqrt(8) * np.asarray(layer.attention.outputs))


def test_read_out_part_of_the_tangent_kernel_tends_to_k_trans() -> None:
    # The derivative by w_U is W_A^T phi(W_B r), so its part is d_emb K_trans, up to 1 / width.
    beta, gamma, d, draws = 1.0, 1.0, 128, 24
    strings = encode(["ABA", "ABB", "CDD"])
    kernel = TransformerKernel(beta, gamma, Cosine(1.0, 0.0))
    expected = np.array([[kernel(x, y).value for x in strings] for y in strings])
    own = Architecture.section_2(heads=32, embedding=d, head=64, mlp=4 * d, beta=beta, gamma=gamma)

    def part(seed: int) -> np.ndarray:
        drawn = initial_parameters(own, tokens=5, length=4, seed=seed)
        with jax.enable_x64(True):
            arrays = jax.tree.map(jnp.asarray, drawn)
            read = np.asarray(last_place(arrays, own, jnp.asarray(strings.codes)))
        return read @ read.T / d

    # Queries have variance 1 + gamma^2 here, the scaling of Appendix H.
    hot = TransformerKernel(beta * math.sqrt(1 + gamma**2), gamma, Cosine(1.0, 0.0))
    wanted = np.array([[hot(x, y).value for x in strings] for y in strings])
    many = np.array([part(seed) for seed in range(draws)])
    error = many.std(axis=0) / math.sqrt(draws) + 2.0 / d
    assert (np.abs(many.mean(axis=0) - wanted) <= tolerances.STANDARD_ERRORS * error).all()
    assert np.abs(many.mean(axis=0) - expected).max() > np.abs(many.mean(axis=0) - wanted).max()


def test_whole_tangent_kernel_is_more_than_its_read_out_part() -> None:
    own = Architecture.section_2(heads=3, embedding=8, head=4, mlp=12)
    drawn = initial_parameters(own, tokens=TOKENS, length=LENGTH, seed=0)
    with jax.enable_x64(True):
        arrays = jax.tree.map(jnp.asarray, drawn)
        by_parameter = jax.jacrev(lambda p: outputs(p, own, jnp.asarray(CODES)))(arrays)
        rows = [np.asarray(leaf).reshape(len(CODES), -1) for leaf in jax.tree.leaves(by_parameter)]
        read = np.asarray(by_parameter.read_out)
    whole = sum(row @ row.T for row in rows)
    others = whole - read @ read.T
    assert (np.linalg.eigvalsh(others) > -tolerances.NETWORK_GRADIENTS).all()
    assert np.trace(others) > 0.1 * np.trace(whole)


@pytest.mark.parametrize(
    "network",
    [
        Transformer(SMALL),
        Transformer(replace(SMALL, depth=1, mlp=0, tied=True)),
        Transformer(replace(SMALL, norms=False, biases=False)),
        Perceptron(PerceptronShape(width=5, depth=3)),
        Perceptron(PerceptronShape(width=5, depth=1, incidence=True)),
    ],
)
def test_size_counts_all_parameters(network: Network) -> None:
    drawn = network.start(tokens=TOKENS, length=LENGTH, seed=0)
    counted = sum(np.size(leaf) for leaf in jax.tree.leaves(drawn))
    assert network.size(tokens=TOKENS, length=LENGTH) == counted
    assert network.activity(tokens=TOKENS, length=LENGTH) > 0


@pytest.mark.parametrize("incidence", [False, True])
def test_perceptron_is_that_of_written_out_inputs(incidence: bool) -> None:
    network = Perceptron(PerceptronShape(width=5, depth=2, incidence=incidence))
    drawn = network.start(tokens=TOKENS, length=LENGTH, seed=1)
    one_hot = np.eye(TOKENS)[CODES]
    x = one_hot.reshape(3, -1) @ np.asarray(drawn.first).reshape(-1, 5)
    if incidence:
        gram = one_hot @ one_hot.transpose(0, 2, 1)
        x = x + gram.reshape(3, -1) @ np.asarray(drawn.incidence).reshape(-1, 5)
    x = np.maximum(x + drawn.biases[0], 0.0)
    x = np.maximum(x @ drawn.hidden[0] + drawn.biases[1], 0.0)
    with jax.enable_x64(True):
        values = network.outputs(jax.tree.map(jnp.asarray, drawn), jnp.asarray(CODES))
    np.testing.assert_allclose(
        np.asarray(values), x @ drawn.last, atol=tolerances.NETWORK_GRADIENTS
    )


def test_bad_architectures() -> None:
    with pytest.raises(InvalidInputError, match="heads = 0: give a whole number of at least 1"):
        Architecture(heads=0)
    with pytest.raises(InvalidInputError, match="mlp = -1"):
        Architecture(mlp=-1)
    with pytest.raises(InvalidInputError, match="beta = nan"):
        Architecture(beta=math.nan)
    with pytest.raises(InvalidInputError, match="embedding = 1: a norm needs at least 2"):
        Architecture(embedding=1)
    with pytest.raises(InvalidInputError, match="width = 0"):
        PerceptronShape(width=0)
    with pytest.raises(InvalidInputError, match="depth = 0"):
        PerceptronShape(depth=0)
