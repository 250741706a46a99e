"""Sets of tokens that several strings have in common, order by order.

An *atom* of order s is a set of s tokens that some string has among its symbols. The *role* of an
atom in a string says where it stands: the string's shape, and the symbol that holds the smallest
of the tokens, the next, and so on. Two strings that share an atom in roles p and q have the
interaction D(p, q) from it (see `kernels.regression.operator.matchings`). An atom in one string
alone adds nothing but D(p, p) to that string's diagonal entry, so the Gram operator needs only the
others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from jaxtyping import Int32, Int64

from kernels.boundary.exceptions import TooLargeError
from kernels.boundary.memory import require_memory
from kernels.regression.operator.samples import Arrangement, MergedStrings
from kernels.strings.keys import append_digit, distinct

Role = tuple[int, tuple[int, ...]]
"""The index of a shape, and the symbols that hold the atom's tokens in ascending order."""


_MOST_CHOICES = 50_000
"""Sets of so many symbols of a string that are looked at one after the other, at some ten
microseconds each."""

_BYTES_PER_SET = 16.0
"""What finding the atoms of one order takes for each set of so many tokens of each row."""


@dataclass(frozen=True, eq=False)
class SharedAtoms:
    """The atoms of one order that enough rows have, and where they occur.

    Attributes:
        order: tokens of an atom.
        keys: one integer an atom, ascending, see `atom_keys`.
        roles: the roles that occur.
        atom: the atom of each occurrence; row by row.
        role: the role of each occurrence.
        starts: where the occurrences of each row begin, and where those of the last row end.
    """

    order: int
    keys: Int64[np.ndarray, " a"]
    roles: list[Role]
    atom: Int32[np.ndarray, " o"]
    role: Int32[np.ndarray, " o"]
    starts: Int64[np.ndarray, " v"]


def shared_atoms(strings: MergedStrings, *, least: int = 2) -> Iterator[SharedAtoms]:
    """The atoms of order 1, 2, ..., up to the last order that has any.

    A set that several strings share has all its subsets shared, so each order looks only at what
    the one before it has left.

    Args:
        strings: the distinct strings.
        least: list the atoms that at least so many rows have.

    Raises:
        TooLargeError: the sets of some order would not fit in memory, or a string has too many.
    """
    tokens, keys = _number([block.tokens.astype(np.int64) for block in strings.blocks], least)
    found, order = tokens, 1
    while len(keys):
        yield _located(strings, order, keys, found)
        order += 1
        if all(block.symbols < order for block in strings.blocks):
            return
        ways = sum(comb(block.symbols, order) for block in strings.blocks)
        if ways > _MOST_CHOICES:
            raise TooLargeError(
                "strings",
                f"{max(block.symbols for block in strings.blocks)} different symbols in one",
                f"they have {ways} sets of {order} tokens; use the dense route",
            )
        sets = sum(len(block.tokens) * comb(block.symbols, order) for block in strings.blocks)
        require_memory("strings", strings.rows, _BYTES_PER_SET * sets, "use fewer strings")
        extended = [
            atom_keys(block.symbols, order, before, token)
            for block, before, token in zip(strings.blocks, found, tokens, strict=True)
        ]
        found, keys = _number(extended, least)


def choices(symbols: int, order: int) -> list[tuple[int, ...]]:
    """The ways to choose an atom of a row's ascending tokens, in the order used everywhere."""
    return list(combinations(range(symbols), order))


def atom_keys(
    symbols: int, order: int, before: Int32[np.ndarray, "u b"], token: Int32[np.ndarray, "u w"]
) -> Int64[np.ndarray, "u c"]:
    """Keys of the atoms of a block, -1 where some subset of the atom is not listed.

    A token's key is its code. The key of any other atom joins the number of the atom without its
    largest token and the number of that token.

    Args:
        symbols: symbols of each row of the block.
        order: tokens of an atom, at least 2.
        before: the numbers of the atoms of the order before, -1 where not listed.
        token: likewise of order 1.
    """
    place = {choice: i for i, choice in enumerate(choices(symbols, order - 1))}
    chosen = choices(symbols, order)
    keys = np.full((len(token), len(chosen)), -1, dtype=np.int64)
    for c, choice in enumerate(chosen):
        parts = [place[part] for part in combinations(choice, order - 1)]
        live = before[:, parts[0]] >= 0
        for part in parts[1:]:
            live &= before[:, part] >= 0
        rows = np.flatnonzero(live)
        prefix = before[rows, place[choice[:-1]]].astype(np.int64)
        keys[rows, c] = prefix << 32 | token[rows, choice[-1]]
    return keys


def _number(
    keys: Sequence[Int64[np.ndarray, "_ _"]], least: int
) -> tuple[list[Int32[np.ndarray, "_ _"]], Int64[np.ndarray, " a"]]:
    """Number the keys that occur often enough, ascending; -1 for the others. And these keys."""
    top = 1 + max(int(key.max(initial=-1)) for key in keys)
    if top <= 8 * sum(key.size for key in keys) + 1024:
        counts = np.zeros(top + 1, dtype=np.int64)  # the last place is for -1
        for key in keys:
            counts += np.bincount(key.ravel() % (top + 1), minlength=top + 1)
        often = counts >= least
        often[top] = False
        number = np.cumsum(often, dtype=np.int32) - np.int32(1)
        number[~often] = -1
        return [number[key] for key in keys], np.flatnonzero(often)
    live = [np.flatnonzero(key.ravel() >= 0) for key in keys]
    flat = np.concatenate([key.ravel()[at] for key, at in zip(keys, live, strict=True)])
    values, inverse, counts = np.unique(flat, return_inverse=True, return_counts=True)
    often = counts >= least
    number = np.cumsum(often, dtype=np.int32) - np.int32(1)
    number[~often] = -1
    flat_numbers, start, result = number[inverse], 0, []
    for key, at in zip(keys, live, strict=True):
        numbers = np.full(key.size, -1, dtype=np.int32)
        numbers[at] = flat_numbers[start : start + len(at)]
        result.append(numbers.reshape(key.shape))
        start += len(at)
    return result, values[often]


def _located(
    strings: MergedStrings,
    order: int,
    keys: Int64[np.ndarray, " a"],
    numbers: Sequence[Int32[np.ndarray, "_ _"]],
) -> SharedAtoms:
    """The occurrences of numbered atoms, row by row."""
    roles: dict[Role, int] = {}
    atom_parts, role_parts = [], []
    starts = np.zeros(strings.rows + 1, dtype=np.int64)
    for block, number in zip(strings.blocks, numbers, strict=True):
        live = number >= 0
        starts[1:][block.rows] = live.sum(axis=1)
        table = role_table(strings.arrangements, roles, block.symbols, order)
        atom_parts.append(number[live])
        role_parts.append(table[block.arrangement][live])
    np.cumsum(starts, out=starts)
    return SharedAtoms(
        order, keys, list(roles), np.concatenate(atom_parts), np.concatenate(role_parts), starts
    )


def role_table(
    arrangements: Sequence[Arrangement], roles: dict[Role, int], symbols: int, order: int
) -> Int32[np.ndarray, "a c"]:
    """The role of each choice in each arrangement; new roles are added to ``roles``."""
    chosen = choices(symbols, order)
    table = np.full((len(arrangements), len(chosen)), -1, dtype=np.int32)
    own = [i for i, found in enumerate(arrangements) if len(found.symbols) == symbols]
    if not own or not chosen:
        return table
    holders = np.array([arrangements[i].symbols for i in own], dtype=np.int64)
    picked = holders[:, np.array(chosen, dtype=np.intp)]
    shape = np.array([arrangements[i].shape for i in own], dtype=np.int64)
    key = np.repeat(shape[:, None], len(chosen), axis=1)
    for rank in range(order):
        key = append_digit(key, picked[:, :, rank], symbols)
    first, number = distinct(key)
    names = np.empty(len(first), dtype=np.int32)
    for name, place in enumerate(first.tolist()):
        i, c = divmod(place, len(chosen))
        role = arrangements[own[i]].shape, tuple(picked[i, c].tolist())
        names[name] = roles.setdefault(role, len(roles))
    table[own] = names[number].reshape(len(own), len(chosen))
    return table
