"""When a template matrix is singular whatever values the kernel takes: an exact certificate."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from flint import fmpz_mat

from theory.matrix.null_vector import null_vector

_LARGEST = 5 * 10**7
"""Entries of the linear system above which it is not set up: 400 MB."""


def common_null_vector(keys: Sequence[Sequence[Hashable]]) -> tuple[int, ...] | None:
    """Integers v, not all 0, with N v = 0 for every matrix N with N_ij = f(keys_ij).

    N is a sum of f(c) A_c over the distinct keys c, A_c marking the entries with key c. So N v is
    0 for every function f exactly when every A_c v is: within each row, the v_j of the entries
    with one key sum to 0. Two columns with equal keys, the case of an MLP kernel on templates
    without regular tokens, are the simplest solution. The system is solved in exact arithmetic, so
    a vector returned is proof. None where the system has no solution, or is so large that equal
    columns alone were looked for.

    >>> common_null_vector([["a", "a", "b"], ["a", "a", "b"], ["b", "b", "c"]])
    (-1, 1, 0)
    >>> common_null_vector([["a", "b"], ["b", "a"]]) is None
    True
    """
    first: dict[tuple[Hashable, ...], int] = {}
    for j, column in enumerate(zip(*keys, strict=True)):
        if first.setdefault(column, j) != j:
            return tuple((i == j) - (i == first[column]) for i in range(len(keys[0])))
    conditions = {members for row in keys for members in _places(row)}
    size = len(keys[0])
    if len(conditions) * size > _LARGEST:
        return None
    system = fmpz_mat(len(conditions), size)
    for row, members in enumerate(sorted(conditions)):
        for j in members:
            system[row, j] = 1
    return null_vector(system)


def _places(row: Sequence[Hashable]) -> list[tuple[int, ...]]:
    """Where each key of a row stands."""
    places: dict[Hashable, list[int]] = {}
    for j, key in enumerate(row):
        places.setdefault(key, []).append(j)
    return [tuple(members) for members in places.values()]
