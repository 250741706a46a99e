"""Setting up one order's part of the Gram operator: what sharing s tokens adds to sharing fewer.

With P the indicator of which row has which *cell* (an atom in a role), the part is P C P^T, where
C couples the cells of one atom with the interactions of their roles. It is positive semidefinite
for every order: D of order s is the kernel's covariance under alternating sums over s tokens, all
others averaged out over an infinite alphabet.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float64, Int32, Int64
from scipy.sparse import csr_array

from kernels.boundary.memory import require_memory
from kernels.progress import bar
from kernels.regression.arrays.incidence import Incidence
from kernels.regression.arrays.repeated import Repeated
from kernels.regression.operator.atoms import SharedAtoms
from kernels.regression.operator.blocks import Interaction
from kernels.regression.operator.cells import Cells, cells_of
from kernels.regression.operator.matchings import MatchingTable
from kernels.regression.operator.samples import MergedStrings
from kernels.strings.keys import append_digit, distinct

_PAIRS_PER_TERM = 16
"""Pairs of roles that are compared in the time that one term of inclusion-exclusion takes."""

_SOME = 1_000
"""Equality patterns that are done before anyone could read a progress bar."""

_CUBED_PER_TERM = 40_000
"""Likewise for the eigenvectors of D, of which preconditioners are made: the cube of its size."""


def interaction(
    strings: MergedStrings, shared: SharedAtoms, table: MatchingTable
) -> Interaction | None:
    """The part of the operator that belongs to the atoms of one order; None where it is 0.

    Raises:
        TooLargeError: it would not fit in memory.
    """
    require_memory("strings", strings.rows, 60.0 * len(shared.atom), "use fewer strings")
    roles = len(shared.roles)
    table.charge(roles + roles**3 // _CUBED_PER_TERM)
    require_memory("strings", strings.rows, 12.0 * roles**2, "use fewer strings")
    cells, of = cells_of(shared.atom, shared.role, len(shared.keys), roles)
    meet = _meetings(cells, of)
    between = _between_roles(strings, shared, table, meet)
    keep: Bool[np.ndarray, " p"] = np.asarray(between.any(axis=1))
    if not keep.any():
        return None
    starts, names = shared.starts, shared.roles
    if not keep.all():  # leave out the occurrences that interact with nothing
        live = keep[shared.role]
        starts = np.concatenate([[0], np.cumsum(live)])[starts]
        number = np.cumsum(keep, dtype=np.int32) - np.int32(1)
        atom, role = shared.atom[live], number[shared.role[live]]
        names = [name for name, kept in zip(names, keep.tolist(), strict=True) if kept]
        between = np.ascontiguousarray(between[np.ix_(keep, keep)])
        cells, of = cells_of(atom, role, len(shared.keys), len(between))
    indicator = Incidence.of(of, starts, len(cells))
    coupling = Repeated(between) if cells.full else _coupling(cells, between)
    shapes = np.array([shape for shape, _ in names], dtype=np.int32)
    return Interaction(indicator, between, coupling, shared.order, cells, shapes)


def _meetings(cells: Cells, of: Int32[np.ndarray, " o"]) -> Bool[np.ndarray, "p p"]:
    """Which roles some atom has at once."""
    roles = cells.roles
    if cells.full:
        present = np.zeros(len(cells), dtype=np.float32)
        present[of] = 1.0
        grid = present.reshape(-1, roles)
        return grid.T @ grid > 0.0
    _, first, second = _pairs(cells)
    meet = np.zeros((roles, roles), dtype=bool)
    meet[first, second] = True
    return meet


def _pairs(
    cells: Cells,
) -> tuple[Int64[np.ndarray, " d"], Int32[np.ndarray, " e"], Int32[np.ndarray, " e"]]:
    """All pairs of cells of one atom, cell by cell: where each cell's begin, and the two roles."""
    width = np.bincount(cells.atom)[cells.atom]
    starts = np.concatenate([[0], np.cumsum(width)])
    require_memory("strings", len(cells), 40.0 * starts[-1], "use fewer strings")
    return starts, np.repeat(cells.role, width), cells.role[_partners(cells, starts)]


def _partners(cells: Cells, starts: Int64[np.ndarray, " d"]) -> Int32[np.ndarray, " e"]:
    """The second cell of each pair."""
    width = np.diff(starts)
    atom = cells.atom
    leading = np.searchsorted(atom, atom)  # the first cell of the same atom
    shift = leading - starts[:-1]
    return (np.arange(starts[-1]) + np.repeat(shift, width)).astype(np.int32)


def _coupling(cells: Cells, between: Float64[np.ndarray, "p p"]) -> csr_array[np.float64]:
    starts, first, second = _pairs(cells)
    wide = np.int64 if starts[-1] > np.iinfo(np.int32).max else np.int32
    size = len(cells)
    data = between[first, second]
    del first, second
    coupling = csr_array((data, _partners(cells, starts), starts.astype(wide)), shape=(size, size))
    coupling.eliminate_zeros()
    return coupling


def _between_roles(
    strings: MergedStrings,
    shared: SharedAtoms,
    table: MatchingTable,
    meet: Bool[np.ndarray, "p p"],
) -> Float64[np.ndarray, "p p"]:
    """D for the pairs of roles that meet.

    Two pairs of roles that differ in the order of the tokens alone have one matching, so there are
    far fewer matchings than pairs.
    """
    order = shared.order
    pairs = int(np.count_nonzero(meet))
    table.charge(pairs // _PAIRS_PER_TERM)
    require_memory("strings", strings.rows, 60.0 * pairs, "use fewer strings")
    p, q = np.nonzero(np.tril(meet))
    shape = np.array([name for name, _ in shared.roles], dtype=np.int64)
    symbols = np.array([held for _, held in shared.roles], dtype=np.int64)
    width = int(symbols.max()) + 1
    partner = np.zeros((len(p), width), dtype=np.int16)  # 1 + the symbol of the other shape, or 0
    for rank in range(order):
        partner[np.arange(len(p)), symbols[p, rank]] = 1 + symbols[q, rank]
    key = append_digit(shape[p], shape[q], len(strings.shapes))
    for symbol in range(width):
        key = append_digit(key, partner[:, symbol], width + 1)
    first, number = distinct(key)
    table.charge(len(first) * 2**order)
    wanted = []
    for i in first.tolist():
        matching = [(a, int(b) - 1) for a, b in enumerate(partner[i]) if b]
        pair = strings.shapes[shape[p[i]]], strings.shapes[shape[q[i]]]
        wanted.append((*pair, tuple(matching)))
    what = f"{order} token{'s' if order > 1 else ''} in common"
    shown = table.progress and len(wanted) > _SOME
    table.require(bar(wanted, f"equality patterns: {what}", shown=shown), what)
    values = np.array([table.interaction(*key) for key in wanted])
    between = np.zeros(meet.shape)
    between[p, q] = between[q, p] = values[number]
    between[np.abs(between) <= table.floor(order)] = 0.0
    return between
