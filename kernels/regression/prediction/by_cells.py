"""Predictions from dual coefficients, in time that does not depend on the training set."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from threading import RLock

import numpy as np
from jaxtyping import Float64, Int32, Int64

from kernels.boundary.memory import require_memory
from kernels.regression.arrays.groups import Groups
from kernels.regression.arrays.sums import sum_by
from kernels.regression.contract import Predictions
from kernels.regression.operator.atoms import (
    Role,
    SharedAtoms,
    atom_keys,
    role_table,
    shared_atoms,
)
from kernels.regression.operator.cells import cells_of
from kernels.regression.operator.matchings import MatchingTable
from kernels.regression.operator.samples import MergedStrings, merge
from kernels.strings.encoding import EncodedStrings

_PAIRS_AT_ONCE = 2**22
"""Pairs of an atom of a new string and a cell of the training strings, handled at once."""

_BYTES_PER_OCCURRENCE = 40.0
"""What a table takes for each set of tokens of each training string, at its making."""


class SumsOverCells(Predictions):
    """Sums of a kernel over the training strings, weighted: f(x) = sum over i of b_i K(x_i, x).

    The weights are summed over shapes and over the cells of each order once, on first need; then a
    string of w different symbols takes 2^w look-ups. Strings without a token of the training
    strings, fixed ones aside, need the sums over shapes alone.

    Args:
        strings: the distinct training strings.
        fixed: the codes of the fixed tokens.
        values: V and D of the kernel.
        weights: b, one row for each distinct training string.
    """

    def __init__(
        self,
        strings: MergedStrings,
        fixed: tuple[int, ...],
        values: MatchingTable,
        weights: Float64[np.ndarray, "u t"],
    ) -> None:
        self._strings = strings
        self._fixed = fixed
        self._values = values
        self._weights = weights
        self._by_shape = Groups.of(strings.lengths).sums(weights)
        self._tables: list[_Table] = []
        self._atoms: Iterator[SharedAtoms] | None = None
        self._lock = RLock()  # threads may predict at the same time

    @cached_property
    def _known(self) -> Int64[np.ndarray, " a"]:
        """The codes of the training strings' symbols, ascending."""
        blocks = self._strings.blocks
        top = 1 + max(int(block.tokens.max(initial=0)) for block in blocks)
        if top > 8 * self._strings.rows + 1024:  # a huge vocabulary of which little is used
            return np.unique(np.concatenate([block.tokens.ravel() for block in blocks])).astype(
                np.int64
            )
        used = np.zeros(top, dtype=bool)
        for block in blocks:
            used[block.tokens] = True
        return np.flatnonzero(used)

    def _table(self, order: int) -> _Table | None:
        """The sums of one order, made when a string first has a token that leads there.

        An exception, or an interruption, leaves the orders that are done; the next call begins
        again after them.
        """
        with self._lock:
            try:
                while len(self._tables) < order:
                    if not self._make_next():
                        return None
            except BaseException:
                self._atoms = None
                raise
            return self._tables[order - 1]

    def _make_next(self) -> bool:
        """Make the sums of one order more; False where there is none."""
        strings, done = self._strings, len(self._tables)
        if self._atoms is None:
            self._atoms = islice(shared_atoms(strings, least=1), done, None)
        atoms = next(self._atoms, None)
        if atoms is None:
            self._atoms = None
            return False
        needed = _BYTES_PER_OCCURRENCE * len(atoms.atom)
        require_memory("strings", strings.rows, needed, "use fewer strings")
        self._tables.append(_Table(atoms, self._weights))
        return True

    def __getstate__(self) -> dict[str, object]:
        # An iterator and a lock cannot be copied, but made again.
        return {k: v for k, v in self.__dict__.items() if k not in ("_atoms", "_lock")}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._atoms, self._lock = None, RLock()

    def __call__(self, strings: EncodedStrings) -> Float64[np.ndarray, "m t"]:
        """The sums at each string."""
        new = merge(strings.codes, self._fixed)
        old_shapes, table = self._strings.shapes, self._values
        pairs = ((x, z, ()) for x in new.shapes for z in old_shapes)
        table.require(pairs, "predictions, nothing in common")
        apart = np.array([[table.value(x, z, ()) for z in old_shapes] for x in new.shapes])
        result = (apart @ self._by_shape)[new.shape]
        tokens = [_look_up(self._known, block.tokens) for block in new.blocks]
        order, numbers = 1, tokens
        while any(np.any(number >= 0) for number in numbers):
            sums = self._table(order)
            assert sums is not None  # or no token would have a number
            roles: dict[Role, int] = {}
            for block, number in zip(new.blocks, numbers, strict=True):
                places = role_table(new.arrangements, roles, block.symbols, order)
                role = places[block.arrangement]
                self._add(result[block.rows], new, number, role, list(roles), sums)
            order += 1
            if all(block.symbols < order for block in new.blocks):
                break
            deeper = self._table(order)
            if deeper is None:
                break
            keys = deeper.keys
            numbers = [
                _look_up(keys, atom_keys(block.symbols, order, number, token))
                for block, number, token in zip(new.blocks, numbers, tokens, strict=True)
            ]
        return result[new.row]

    def _add(
        self,
        result: Float64[np.ndarray, "v t"],
        new: MergedStrings,
        number: Int32[np.ndarray, "v c"],
        role: Int32[np.ndarray, "v c"],
        roles: list[Role],
        table: _Table,
    ) -> None:
        """Add the interactions of one order to a block of results."""
        row, choice = np.nonzero(number >= 0)
        if not len(row):
            return
        atom = number[row, choice]
        widths = np.diff(table.starts)[atom]
        cuts = np.searchsorted(
            np.cumsum(widths), np.arange(_PAIRS_AT_ONCE, widths.sum(), _PAIRS_AT_ONCE)
        )
        for part in np.split(np.arange(len(row)), np.unique(cuts)):
            if len(part):
                self._add_pairs(
                    result, new, row[part], atom[part], role[row, choice][part], roles, table
                )

    def _add_pairs(
        self,
        result: Float64[np.ndarray, "v t"],
        new: MergedStrings,
        row: Int64[np.ndarray, " o"],
        atom: Int32[np.ndarray, " o"],
        role: Int32[np.ndarray, " o"],
        roles: list[Role],
        table: _Table,
    ) -> None:
        width = np.diff(table.starts)[atom]
        ends = np.cumsum(width)
        cell = np.arange(ends[-1]) + np.repeat(table.starts[atom] - ends + width, width)
        pair = np.repeat(role.astype(np.int64), width) * len(table.roles) + table.role[cell]
        kinds, kind = np.unique(pair, return_inverse=True)
        wanted = []
        for p, q in zip(*np.divmod(kinds, len(table.roles)), strict=True):
            (shape, symbols), (other, others) = roles[p], table.roles[q]
            matching = tuple(sorted(zip(symbols, others, strict=True)))
            wanted.append((new.shapes[shape], self._strings.shapes[other], matching))
        self._values.require(wanted, "predictions, tokens in common")
        values = np.array([self._values.interaction(*key) for key in wanted])
        rows = np.repeat(row, width)
        for t in range(result.shape[1]):
            terms = values[kind] * table.sums[cell, t]
            result[:, t] += np.bincount(rows, weights=terms, minlength=len(result))


class _Table:
    """Sums of weights over the cells of one order.

    Attributes:
        keys: the atoms, see `atom_keys`; ascending.
        roles: the roles of the training strings.
        role: the role of each cell, atom by atom.
        starts: the first cell of each atom, and the number of cells.
        sums: the sum of the weights over the rows of each cell.
    """

    def __init__(self, atoms: SharedAtoms, weights: Float64[np.ndarray, "u t"]) -> None:
        self.keys = atoms.keys
        self.roles = atoms.roles
        cells, of = cells_of(atoms.atom, atoms.role, len(atoms.keys), len(atoms.roles))
        self.role = cells.role
        self.starts = np.searchsorted(cells.atom, np.arange(len(atoms.keys) + 1))
        terms = np.repeat(weights, np.diff(atoms.starts), axis=0)
        self.sums: Float64[np.ndarray, "c t"] = sum_by(of, terms, len(cells))


def _look_up(
    keys: Int64[np.ndarray, " a"], wanted: Int64[np.ndarray, "v c"] | Int32[np.ndarray, "v c"]
) -> Int32[np.ndarray, "v c"]:
    """The place of each wanted key, -1 where it is not among the keys."""
    if not len(keys):
        return np.full(wanted.shape, -1, dtype=np.int32)
    place = np.searchsorted(keys, wanted).clip(max=len(keys) - 1)
    return np.where(keys[place] == wanted, place, -1).astype(np.int32)
