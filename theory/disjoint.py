"""Disjoint templates (Def. 4.1), decided exactly by unification."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

from kernels.partition import Partition
from kernels.strings.tokens import untokenize
from theory.template import Template, is_wildcard

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def fresh_tokens(avoid: Sequence[str]) -> Iterator[str]:
    """Tokens that are not among those given: letters, then ``u1``, ``u2``, ...

    >>> tokens = fresh_tokens(["A", "C"])
    >>> next(tokens), next(tokens)
    ('B', 'D')
    >>> next(fresh_tokens(_LETTERS)), next(fresh_tokens([*_LETTERS, "u1"]))
    ('u1', 'u2')
    """
    taken = set(avoid)
    yield from (letter for letter in _LETTERS if letter not in taken)
    yield from (word for i in count(1) if (word := f"u{i}") not in taken)


def common_string(z1: Template, z2: Template) -> str | None:
    """A string that matches both templates, None if they are disjoint (Def. 4.1).

    The verdict is exact. Reading a common string position by position forces equalities between
    the wildcards of the two templates and their regular tokens; the classes of the smallest such
    equivalence are found by union-find. Def. 3.1 then allows in a class at most one token, at
    most one wildcard of each template, and no wildcard together with a regular token of its own
    template. If every class obeys, giving each class without a token a new one yields a string
    that matches both; if one does not, no string can.

    >>> common_string(Template.parse("aα"), Template.parse("βb"))
    'ab'
    >>> common_string(Template.parse("aα"), Template.parse("ββ")) is None  # aa is not of aα
    True
    """
    if z1.length != z2.length:
        return None

    def node(side: int, token: str) -> tuple[int, str]:
        return (side if is_wildcard(token) else 0, token)  # both templates share their tokens

    equal = Partition[tuple[int, str]]()
    for a, b in zip(z1.tokens, z2.tokens, strict=True):
        equal.merge(node(1, a), node(2, b))
    regular = {1: z1.regular_tokens, 2: z2.regular_tokens}
    fresh = fresh_tokens(z1.regular_tokens + z2.regular_tokens)
    image: dict[tuple[int, str], str] = {}
    for members in equal.classes():
        by_side: dict[int, str] = {}
        for side, token in members:
            if by_side.setdefault(side, token) != token:
                return None
        shared = by_side.get(0)
        if any(shared in regular[side] for side in by_side if side):
            return None
        image[equal.find(members[0])] = next(fresh) if shared is None else shared
    return untokenize([image[equal.find(node(1, token))] for token in z1.tokens])


def first_overlap(templates: Sequence[Template]) -> tuple[int, int, str] | None:
    """Two templates that are not disjoint, with a witness; None if there are none.

    Returns:
        The two indices and a string that matches both templates.

    >>> first_overlap([Template.parse(z) for z in ("ab", "αα", "αβ", "βα")])
    (0, 2, 'ab')
    """
    # Without regular tokens a string determines its template, so disjoint means different: a
    # look-up, which keeps thousands of templates affordable. The others are compared in pairs.
    seen: dict[Template, int] = {}
    with_tokens: list[int] = []
    for j, z in enumerate(templates):
        if z.regular_tokens:
            candidates = list(range(j))
            with_tokens.append(j)
        else:
            candidates = [*with_tokens, seen[z]] if z in seen else with_tokens
            seen.setdefault(z, j)
        for i in candidates:
            witness = common_string(templates[i], z)
            if witness is not None:
                return i, j, witness
    return None
