"""Orders of contraction: as cheap as the cheapest where that can be found, and found at once."""

from __future__ import annotations

import random
import time
from itertools import chain
from typing import Any

import numpy as np
import pytest
from jaxtyping import Float
from opt_einsum.paths import dynamic_programming

from kernels import AttentionKernel, Automatic
from kernels.attention.tensor_network.order import Axes, cost, find_path
from tests import tolerances

OUTPUT = ("i", "j")


def _random_network(seed: int, tokens: int, edges: int) -> list[Axes]:
    """Tensors as a component has them: each joins two tokens and the two shifts.

    Of each token there are two at least, as a component's leaves have no axis.
    """
    rng = random.Random(seed)
    pairs = {tuple(sorted(rng.choices(range(tokens), k=2))) for _ in range(edges)}
    pairs |= {tuple(sorted((token, (token + 1) % tokens))) for token in range(tokens)}
    return [(*OUTPUT, *dict.fromkeys(f"z{token}" for token in pair)) for pair in sorted(pairs)]


def _sizes(tensors: list[Axes]) -> dict[str, int]:
    return {name: 40 if name in OUTPUT else 30 for axes in tensors for name in axes}


def _contracted(
    arrays: list[Float[np.ndarray, "..."]], tensors: list[Axes], path: Any
) -> Float[np.ndarray, "i j"]:
    letters = {name: chr(97 + i) for i, name in enumerate(sorted({*OUTPUT, *chain(*tensors)}))}
    terms = ",".join("".join(letters[name] for name in axes) for axes in tensors)
    return np.einsum(f"{terms}->{letters['i']}{letters['j']}", *arrays, optimize=path)


@pytest.mark.parametrize("seed", range(8))
def test_an_order_is_nearly_the_cheapest(seed: int) -> None:
    tensors = _random_network(seed, 8, 6)
    sizes = _sizes(tensors)
    best = dynamic_programming([frozenset(a) for a in tensors], frozenset(OUTPUT), sizes)
    least, _ = cost(tensors, OUTPUT, tuple(tuple(pair) for pair in best), sizes)
    found, _ = cost(tensors, OUTPUT, find_path(tensors, OUTPUT, sizes), sizes)
    assert least * (1.0 - 1e-12) <= found <= tolerances.ORDER_OVER_CHEAPEST * least


@pytest.mark.parametrize(("tokens", "edges"), [(3, 4), (4, 30), (6, 12), (6, 24)])
def test_an_order_multiplies_everything_once(tokens: int, edges: int) -> None:
    tensors = [*_random_network(0, tokens, edges), ("z0",), ("i", "z1")]
    path = find_path(tensors, OUTPUT, _sizes(tensors))
    assert len(path) == len(tensors) - 1
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=(2,) * len(axes)) for axes in tensors]
    expected = _contracted(arrays, tensors, False)
    np.testing.assert_allclose(
        _contracted(arrays, tensors, ["einsum_path", *path]), expected, rtol=1e-9
    )


@pytest.mark.parametrize(("tokens", "edges"), [(5, 20), (8, 20), (16, 56), (30, 45)])
def test_an_order_of_many_tensors_is_found_at_once(tokens: int, edges: int) -> None:
    """All orders of these take from a minute to forever."""
    start = time.perf_counter()
    tensors = _random_network(1, tokens, edges)
    find_path(tensors, OUTPUT, _sizes(tensors))
    assert time.perf_counter() - start < tolerances.ONE_ORDER


def test_all_pairs_of_different_tokens_have_a_value_at_once() -> None:
    pairs = [(a, b) for a in range(8) for b in range(8) if a != b]
    x, y = ("".join(chr(start + pair[i]) for pair in pairs) for i, start in ((0, 65), (1, 97)))
    start = time.perf_counter()
    found = AttentionKernel(attention=Automatic(points=2**8, scrambles=4))(x, y)
    assert time.perf_counter() - start < tolerances.ONE_LONG_VALUE
    assert 0.0 < found.value < 1.0
