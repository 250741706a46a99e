"""The canonical form of a pattern's multigraph, against isomorphism decided by force."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.attention.symmetry.multigraph import Component, components, multigraph_key
from kernels.strings.patterns import Pattern
from validation import strategies


def _isomorphic(first: Pattern, second: Pattern) -> bool:
    """Whether a renaming of tokens maps one pattern to the other or to its reverse."""
    arcs, target = (Counter(zip(p.x, p.y, strict=True)) for p in (first, second))
    tokens = sorted({*first.x, *first.y})
    if len(tokens) != len({*second.x, *second.y}):
        return False
    for image in itertools.permutations(sorted({*second.x, *second.y})):
        rename = dict(zip(tokens, image, strict=True))
        moved = Counter({(rename[a], rename[b]): n for (a, b), n in arcs.items()})
        if target in (moved, Counter({(b, a): n for (a, b), n in moved.items()})):
            return True
    return False


@given(
    strategies.patterns(min_length=3, max_length=3), strategies.patterns(min_length=3, max_length=3)
)
def test_keys_are_equal_exactly_when_isomorphic(first: Pattern, second: Pattern) -> None:
    assert (multigraph_key(first) == multigraph_key(second)) == _isomorphic(first, second)


@given(
    strategies.string_pairs(),
    st.randoms(use_true_random=False),
    strategies.permutations_of_tokens(),
)
def test_a_key_sees_neither_names_nor_positions(
    pair: tuple[str, str], random: object, permutation: dict[str, str]
) -> None:
    x, y = pair
    order = list(range(len(x)))
    random.shuffle(order)  # type: ignore[attr-defined] # Hypothesis gives a random.Random
    moved = ("".join(strategies.permuted(s, permutation)[i] for i in order) for s in pair)
    assert multigraph_key(Pattern.of(x, y)) == multigraph_key(Pattern.of(*moved))


def test_a_key_sees_what_differs() -> None:
    assert multigraph_key(Pattern.of("AAB", "CCD")) != multigraph_key(Pattern.of("AAB", "CDD"))


@pytest.mark.parametrize("length", [12, 30])
def test_symmetric_multigraphs_are_canonical_quickly(length: int) -> None:
    """Stars and cycles, whose many automorphisms a naive search would list one by one."""
    star = Pattern.of_codes([0] * length, range(1, length + 1))
    cycle = Pattern.of_codes(range(length), [*range(1, length), 0])
    for pattern in (star, cycle):
        (component,) = components(pattern)
        relabelled = Pattern.of_codes([-a for a in pattern.x[::-1]], [-b for b in pattern.y[::-1]])
        assert components(relabelled) == (component,)


def test_components_partition_the_positions() -> None:
    found = components(Pattern.of("AABC", "DEFF"))
    assert sum(n for c in found for _, _, n in c.arcs) == 5
    assert Component(((0, 0, 1),)) in found
