"""A component's contribution to the Laplace integrand, as the contraction of a tensor network.

Insertions at one position weigh ``gamma^2``; insertions at a token that occurs in both strings
weigh 1, whatever the positions.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from kernels.attention.symmetry.multigraph import Component
from kernels.attention.tensor_network.contribution import Contribution
from kernels.attention.tensor_network.edges import (
    PairTables,
    edge_tables,
    read_out_tables,
    table_effort,
)
from kernels.attention.tensor_network.grid import ShiftGrid
from kernels.attention.tensor_network.layout import Layout
from kernels.attention.tensor_network.logits import (
    LogitGrid,
    aligned_logits,
    local_logits,
    refinement,
)
from kernels.attention.tensor_network.network import BOTH, PLAIN, Array, Jet, Tensor, contract

_BLOCK = 2.0**17
"""Entries of the largest intermediate array (1 MB): larger ones are worked off in blocks."""

_LARGEST_REFINEMENT = 32
"""Beyond this many logits from shift to shift, Gauss-Hermite windows are always cheaper."""

_LARGEST_LOCAL = 0.1
"""Above this ``beta``, aligned logits are nearly always cheaper than Gauss-Hermite windows."""

_READ_OUT = Component(((0, 0, 1),))
"""A token that occurs once in each string, at the same position."""


class Contractor:
    """Contracts components on one grid of shifts.

    Args:
        grid: the shifts.
    """

    def __init__(self, grid: ShiftGrid) -> None:
        self.grid = grid
        self._tables: dict[LogitGrid, PairTables] = {}

    def effort(self, component: Component) -> float:
        """Elementary operations that `contribution` will need, to within a small factor."""
        n = float(self.grid.count)
        if component == _READ_OUT:
            return table_effort(self.grid, n, self.grid.scale)
        layout = cheapest_layout(component, self.grid)
        u = float(len(layout.rule.logits))
        return layout.effort + table_effort(self.grid, u, self.grid.beta * self.grid.gamma)

    def contribution(self, component: Component) -> Contribution:
        """``Z`` and ``D`` of a component."""
        if component == _READ_OUT:
            tables = read_out_tables(self.grid)
            return Contribution(tables.ff, (1.0 + self.grid.gamma**2) * tables.gg)
        layout = cheapest_layout(component, self.grid)
        n = layout.rule.shifts
        plain, inserted = np.empty((n, n)), np.zeros((n, n))
        rows, columns = layout.block(_BLOCK)
        weights = {f"z{token}": layout.rule.weights for token in layout.gaussian_tokens}
        for source in layout.sources:
            tensors = self._tensors(layout, source)
            for i in range(0, n, rows):
                for j in range(0, n, columns):
                    block = {"i": slice(i, i + rows), "j": slice(j, j + columns)}
                    parts = [tensor.sliced(block) for tensor in tensors]
                    jet = contract(parts, ("i", "j"), layout.path, weights)
                    plain[block["i"], block["j"]] = jet[PLAIN]
                    if BOTH in jet:
                        inserted[block["i"], block["j"]] += jet[BOTH]
        return Contribution(plain, inserted)

    def _pair_tables(self, rule: LogitGrid) -> PairTables:
        if rule not in self._tables:
            self._tables[rule] = edge_tables(self.grid, rule.logits)
        return self._tables[rule]

    def _tensors(self, layout: Layout, source: int | None) -> list[Tensor]:
        """The network, in the order of `Layout.axes`, with sources at one token."""
        smoothing = layout.rule.smoothing
        jets: list[Jet] = [{PLAIN: smoothing}] * len(layout.x_tokens + layout.y_tokens)
        for a, b, count in layout.component.arcs:
            jet = _power(self._edge(layout, a, b, source), count)
            jets.append({m: _placed(layout, table, smoothing, a, b) for m, table in jet.items()})
        return [Tensor(axes, jet) for axes, jet in zip(layout.axes, jets, strict=True)]

    def _edge(self, layout: Layout, a: int, b: int, source: int | None) -> Jet:
        """The jet of one position that joins token a of x to token b of y."""
        tables = self._pair_tables(layout.rule)
        jet = {PLAIN: tables.ff}
        if a == source:
            jet[1] = tables.gf
        if b == source:
            jet[2] = tables.gf.T
        # Every pass has its own sources; the insertions at one position belong to the first.
        weight = self.grid.gamma**2 * (source == layout.sources[0]) + (a == b == source)
        if weight:
            jet[BOTH] = weight * tables.gg
        return jet


@lru_cache(maxsize=2**12)
def cheapest_layout(component: Component, grid: ShiftGrid) -> Layout:
    """The cheapest of the ways to lay a component out."""
    layouts = [Layout(component, rule, windowed) for rule, windowed in _logit_rules(grid)]
    return min(layouts, key=lambda layout: layout.effort)


@lru_cache(maxsize=2**6)
def _logit_rules(grid: ShiftGrid) -> tuple[tuple[LogitGrid, bool], ...]:
    """Rules for the shifted logits, and whether every token takes windows of them."""
    found: tuple[tuple[LogitGrid, bool], ...] = ()
    if refinement(grid) <= _LARGEST_REFINEMENT:
        aligned = aligned_logits(grid)
        found += ((aligned, False), (aligned, True))
    if grid.beta <= _LARGEST_LOCAL:
        found += ((local_logits(grid), True),)
    return found


def _placed(layout: Layout, table: Array, smoothing: Array, a: int, b: int) -> Array:
    """An edge's table with the axes that the layout gives it: smoothed, and a view of windows."""
    view = table
    if b in layout.leaves:
        view = view @ smoothing.T
    if a in layout.leaves:
        view = smoothing @ view
    if b in layout.gaussian_tokens:
        view = layout.rule.windows(view, axis=1)
    if a in layout.gaussian_tokens:
        view = layout.rule.windows(view, axis=0)
    return np.diagonal(view, axis1=2, axis2=3) if a == b else view


def _power(jet: Jet, count: int) -> Jet:
    """A jet to a positive power: positions that join the same two tokens."""
    if count == 1:
        return jet
    value = jet[PLAIN]
    slope = count * value ** (count - 1)
    power = {m: slope * term for m, term in jet.items()} | {PLAIN: value**count}
    if 1 in jet and 2 in jet:
        cross = count * (count - 1) * value ** (count - 2) * jet[1] * jet[2]
        power[BOTH] = power[BOTH] + cross if BOTH in power else cross
    return power
