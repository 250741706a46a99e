"""Canonical forms of multigraphs: symmetric families, and all labellings by force."""

from __future__ import annotations

import itertools
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.attention.symmetry.canonical import Arcs, canonical_arcs
from kernels.attention.symmetry.multigraph import multigraph_key
from kernels.strings.patterns import Pattern
from tests import tolerances

small_arcs = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 2), min_size=1, max_size=9
).map(lambda graph: tuple(sorted((a, b, n) for (a, b), n in graph.items())))


def _renamed(arcs: Arcs, image: dict[int, int]) -> Arcs:
    return tuple(sorted((image[a], image[b], n) for a, b, n in arcs))


def _tokens(arcs: Arcs) -> list[int]:
    return sorted({token for a, b, _ in arcs for token in (a, b)})


def _by_force(arcs: Arcs) -> Arcs:
    """The least of all relabellings."""
    tokens = _tokens(arcs)
    return min(
        _renamed(arcs, dict(zip(tokens, image, strict=True)))
        for image in itertools.permutations(range(len(tokens)))
    )


def _both_ways(pairs: list[tuple[int, int]]) -> Arcs:
    return tuple(sorted((a, b, 1) for pair in pairs for a, b in (pair, pair[::-1])))


def _crown(n: int) -> Arcs:
    """Every pair x_a y_b but a = b: n! labellings look alike."""
    return tuple((a, n + b, 1) for a in range(n) for b in range(n) if a != b)


def _hub(kinds: str) -> Arcs:
    """A token joined to six others for each kind: in one cycle (6), or in two triangles (3)."""
    arcs: list[tuple[int, int, int]] = []
    for copy, kind in enumerate(kinds):
        size = int(kind)
        for i in range(6):
            here, start = 1 + 6 * copy + i, 1 + 6 * copy + size * (i // size)
            following = start + (i + 1) % size
            arcs += [(0, here, 1), (here, following, 1), (following, here, 1)]
    return tuple(sorted(arcs))


ROOK = _both_ways(
    [(a, b) for a in range(16) for b in range(a) if (a // 4 == b // 4) != (a % 4 == b % 4)]
)
SHRIKHANDE = _both_ways(
    [
        (a, b)
        for a in range(16)
        for b in range(a)
        if ((a // 4 - b // 4) % 4, (a - b) % 4) in {(0, 1), (0, 3), (1, 0), (3, 0), (1, 1), (3, 3)}
    ]
)
"""Two graphs of 16 tokens that refinement cannot tell apart: the strongly regular (16, 6, 2, 2)."""

SYMMETRIC = {
    "crown of 8": _crown(8),
    "crown of 9": _crown(9),
    "crown of 10": _crown(10),
    "complete": tuple((a, b, 1) for a in range(10) for b in range(10) if a != b),
    "hypercube": _both_ways([(i, i ^ 1 << k) for i in range(16) for k in range(4)]),
    "rook": ROOK,
    "Shrikhande": SHRIKHANDE,
    "hub": _hub("6363"),
}


@given(small_arcs, small_arcs)
def test_forms_agree_exactly_when_some_labelling_does(first: Arcs, second: Arcs) -> None:
    same = canonical_arcs(first) == canonical_arcs(second)
    assert same == (_by_force(first) == _by_force(second))


@given(small_arcs, st.permutations(range(5)))
def test_a_form_is_a_relabelling_and_sees_no_names(arcs: Arcs, image: list[int]) -> None:
    found = canonical_arcs(arcs)
    assert _by_force(found) == _by_force(arcs)
    assert canonical_arcs(_renamed(arcs, dict(enumerate(image)))) == found


@pytest.mark.parametrize("name", SYMMETRIC)
def test_symmetric_graphs_have_one_form_and_quickly(name: str) -> None:
    arcs = SYMMETRIC[name]
    rng = random.Random(0)
    start = time.perf_counter()
    forms = set()
    for _ in range(10):
        tokens = _tokens(arcs)
        image = rng.sample(range(1000), len(tokens))
        forms.add(canonical_arcs(_renamed(arcs, dict(zip(tokens, image, strict=True)))))
    assert len(forms) == 1
    assert time.perf_counter() - start < tolerances.TEN_CANONICAL_FORMS


def test_graphs_that_refinement_takes_for_the_same_differ() -> None:
    assert canonical_arcs(ROOK) != canonical_arcs(SHRIKHANDE)
    assert canonical_arcs(_hub("6633")) == canonical_arcs(_hub("3636"))
    assert canonical_arcs(_hub("6633")) != canonical_arcs(_hub("6663"))


@pytest.mark.parametrize("n", [8, 9, 10])
def test_all_pairs_of_different_tokens_have_a_key_at_once(n: int) -> None:
    """Searching all n! labellings takes a minute at n = 8."""
    pairs = [(a, n + b) for a in range(n) for b in range(n) if a != b]
    shuffled = random.Random(n).sample(pairs, len(pairs))
    start = time.perf_counter()
    keys = {
        multigraph_key(Pattern.of_codes([a for a, _ in order], [b for _, b in order]))
        for order in (pairs, shuffled, [(b, a) for a, b in shuffled])
    }
    assert len(keys) == 1
    assert time.perf_counter() - start < tolerances.TEN_CANONICAL_FORMS
