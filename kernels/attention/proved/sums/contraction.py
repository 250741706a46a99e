"""A component's contribution at all pairs of shifts, with its roundings.

``Z`` is the expectation of the component's factors and ``D`` the sum over its insertions: the
coefficients `PLAIN` and `BOTH` of one tensor over the shifts ``i`` of x and ``j`` of y.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kernels.attention.proved.sums.route import Route
from kernels.attention.proved.sums.tables import ROUNDED, Tables
from kernels.attention.proved.sums.tensors import (
    BOTH,
    PLAIN,
    Array,
    Sums,
    Tensor,
    summed,
    times,
    total,
    windowed,
)

_BLOCK = 2.0**17
"""Entries of the largest temporary array: 1 MB for each coefficient."""

_DENSE_BLOCK = 2.0**21
"""The same over logits of all shifts: large matrix products gain from being many at once."""

_FEW = 24
"""Shifts of x at a time where logits are summed by matrix products: they share few of them."""


class _Block(NamedTuple):
    """A block of pairs of shifts, and whose insertions are counted on it.

    Attributes:
        source: the token of both strings whose insertions are counted.
        first: shifts of x from here on.
        columns: shifts of y.
    """

    source: int | None
    first: int
    columns: slice


class Contraction:
    """Sums components over one plan's tables.

    Args:
        tables: the tables.
        sums: how sums are taken.
    """

    def __init__(self, tables: Tables, sums: Sums) -> None:
        self.tables = tables
        self.sums = sums

    def contribution(self, route: Route) -> Tensor:
        """``Z`` and ``D`` of the component that the route is for.

        Where the component is its own reverse both are symmetric, and half of them is summed.
        """
        n, columns = self.tables.plan.count, self._columns(route)
        symmetric = route.component.reverse == route.component
        parts = [
            self._passes(route, slice(j, min(j + columns, n)), j if symmetric else 0)
            for j in range(0, n, columns)
        ]
        return _mirrored(parts) if symmetric else _joined(parts, "j")

    def _passes(self, route: Route, columns: slice, first: int) -> Tensor:
        """The coefficients at some shifts of y, and at those of x from the first on."""
        blocks = [_Block(source, first, columns) for source in route.sources]
        passes = [self._block(route, block) for block in blocks]
        found = total(passes)
        # Every pass has the same plain value, which counts once.
        return Tensor(("i", "j"), found.jet | {PLAIN: passes[0].jet[PLAIN]}, found.roundings)

    def _columns(self, route: Route) -> int:
        """How many shifts of y to take at once."""
        plan = self.tables.plan
        joined = max((len(route.joined[b]) for b in route.dense_y), default=0)
        dense = _DENSE_BLOCK / float(plan.logits) ** joined
        rows = _FEW if route.dense_x else plan.count
        windows = 4.0 * _BLOCK / (float(plan.window) ** route.width * float(rows))
        return max(1, min(plan.count, int(min(dense, windows))))

    def _block(self, route: Route, block: _Block) -> Tensor:
        """The coefficients on a block, the shifts and logits of x numbered from its first."""
        n, dense = self.tables.plan.count - block.first, self._merged(self._dense(route, block))
        smoothing = self.tables.smoothing[block.first :, self.tables.plan.advance * block.first :]
        arcs = []
        for arc in route.component.arcs:
            if arc[0] in route.leaves and arc[1] == route.leaves[arc[0]]:
                edge = self._edge(route, block, arc).renamed(name := f"u{arc[0]}", "v")
                nodes = self._at(edge, "v", f"z{arc[1]}", "j").on(j=block.columns)
                own = [factor for factor in dense if name in factor.axes]
                dense = [factor for factor in dense if name not in factor.axes]
                arcs += self._summed_x([nodes, *own], arc[0], smoothing)
            elif arc[1] not in route.dense_y:
                arcs.append(self._arc(route, block, arc))
        rows = self._rows(route, block)
        parts = [
            self._at_rows(route, dense, arcs, slice(i, min(i + rows, n)), smoothing)
            for i in range(0, n, rows)
        ]
        return _joined(parts, "i")

    def _rows(self, route: Route, block: _Block) -> int:
        """How many shifts of x to take at once: few of them share few logits."""
        plan = self.tables.plan
        if not route.steps:
            return plan.count
        columns = block.columns.stop - block.columns.start
        windows = float(plan.window) ** route.width * columns
        rows = max(1, min(plan.count, int(_BLOCK / windows)))
        return min(rows, _FEW) if route.dense_x else rows

    def _at_rows(
        self,
        route: Route,
        dense: list[Tensor],
        arcs: list[Tensor],
        rows: slice,
        smoothing: Array,
    ) -> Tensor:
        """The coefficients at some shifts of x."""
        plan = self.tables.plan
        first = plan.advance * rows.start
        span = slice(first, first + plan.advance * (rows.stop - rows.start - 1) + plan.window)
        factors = [
            factor.on(**{axis: span for axis in factor.axes if axis.startswith("u")})
            for factor in dense
        ]
        for a in route.dense_x:
            factors = self._merged(self._summed_x(factors, a, smoothing[rows, span]))
        if not route.steps:
            return _kept(self._product(factors))
        windows = [self._windows(factor) for factor in factors]
        return self._steps(route, windows + [arc.on(i=rows) for arc in arcs])

    def _edge(self, route: Route, block: _Block, arc: tuple[int, int, int]) -> Tensor:
        """An arc's jet over the logits u and v of its two tokens."""
        a, b, count = arc
        source = block.source
        edge = self.tables.edge(count, a == source, b == source, source == route.sources[0])
        return edge.on(u=slice(self.tables.plan.advance * block.first, None))

    def _dense(self, route: Route, block: _Block) -> list[Tensor]:
        """The first tokens of y summed; those that join alike are summed once."""
        found: list[Tensor] = []
        alike: dict[tuple[tuple[bool, int], ...], Tensor] = {}  # no token of y alone is a source
        for b in route.dense_y:
            arcs = [arc for arc in route.component.arcs if arc[1] == b]
            kind = tuple((a == block.source, count) for a, _, count in arcs)
            if kind not in alike:
                edges = [self._edge(route, block, arc) for arc in arcs]
                alike[kind] = self._summed_y(edges, block.columns)
            found.append(alike[kind].renamed(*self._placed(alike[kind], arcs)))
        return found

    def _placed(self, tensor: Tensor, arcs: list[tuple[int, int, int]]) -> tuple[str, ...]:
        """The axes of `_summed_y` with the tokens of x that they are for."""
        names = {f"u{place}": f"u{a}" for place, (a, _, _) in enumerate(arcs)}
        return tuple(names.get(axis, axis) for axis in tensor.axes)

    def _summed_y(self, edges: list[Tensor], columns: slice) -> Tensor:
        """A token of y summed over its nodes, over logits ``u0``, ``u1`` of its tokens of x."""
        plan = self.tables.plan
        if len(edges) == 1:
            weights = Tensor(("j", "v"), {PLAIN: self.tables.smoothing[columns]}, ROUNDED)
            return summed(edges[0].renamed("u0", "v"), weights, "v", self.sums, plan.window)
        *first, last = (
            self._at(edge.renamed(f"u{place}", "v"), "v", "z", "j").on(j=columns)
            for place, edge in enumerate(edges)
        )
        first[0] = self._weighed(first[0], "z")
        return summed(self._product(first), last, "z", self.sums)

    def _summed_x(self, factors: list[Tensor], a: int, smoothing: Array) -> list[Tensor]:
        """A token of x summed over its nodes, out of the one factor that has it."""
        name = f"u{a}"
        product = self._product([factor for factor in factors if name in factor.axes])
        weights = Tensor(("i", name), {PLAIN: smoothing}, ROUNDED)
        found = summed(product, weights, name, self.sums, self.tables.plan.window)
        return [factor for factor in factors if name not in factor.axes] + [found]

    def _arc(self, route: Route, block: _Block, arc: tuple[int, int, int]) -> Tensor:
        """An arc's jet over the nodes of its two tokens."""
        a, b, _ = arc
        edge = self._edge(route, block, arc)
        edge = self._at(self._at(edge, "u", f"z{a}", "i"), "v", "z", "j").on(j=block.columns)
        if a != b:
            return edge.renamed(*(f"z{b}" if axis == "z" else axis for axis in edge.axes))
        # Both ends are one token: one Gaussian.
        jet = {
            m: np.diagonal(array, axis1=edge.axes.index("z"), axis2=edge.axes.index(f"z{a}"))
            for m, array in edge.jet.items()
        }
        return Tensor(edge.axes, jet, edge.roundings).renamed("i", "j", f"z{a}")

    def _windows(self, factor: Tensor) -> Tensor:
        """A factor over logits as one over the nodes around each shift of x."""
        for axis in [axis for axis in factor.axes if axis.startswith("u")]:
            factor = self._at(factor, axis, f"z{axis[1:]}", "i")
        return factor

    def _steps(self, route: Route, factors: list[Tensor]) -> Tensor:
        """The tokens that are left summed, one after the other, at pairs of shifts."""
        for step in route.steps:
            name = f"z{step.token}"
            factors = self._alike_merged(factors)
            first, *others = sorted(
                (f for f in factors if name in f.axes), key=lambda f: f.jet[PLAIN].size
            )
            rest = [factor for factor in factors if name not in factor.axes]
            if others:
                product = self._product([self._weighed(first, name), *others[:-1]])
                rest.append(summed(product, others[-1], name, self.sums))
            else:
                rest.append(summed(first, self._node_weights(name), name, self.sums))
            factors = rest
        return _kept(self._product(factors))

    def _at(self, tensor: Tensor, logits: str, nodes: str, shift: str) -> Tensor:
        plan = self.tables.plan
        return windowed(tensor, logits, nodes, shift, size=plan.window, advance=plan.advance)

    def _node_weights(self, name: str) -> Tensor:
        return Tensor((name,), {PLAIN: self.tables.weights}, ROUNDED)

    def _weighed(self, tensor: Tensor, name: str) -> Tensor:
        return times(tensor, self._node_weights(name))

    def _product(self, factors: list[Tensor]) -> Tensor:
        """The product of all factors, the small ones first."""
        first, *others = sorted(factors, key=lambda f: f.jet[PLAIN].size)
        for other in others:
            first = times(first, other)
        return first

    def _alike_merged(self, factors: list[Tensor]) -> list[Tensor]:
        """The factors with those multiplied together that have the same axes."""
        alike: dict[tuple[str, ...], list[Tensor]] = {}
        for factor in factors:
            alike.setdefault(factor.axes, []).append(factor)
        return [self._product(group) for group in alike.values()]

    def _merged(self, factors: list[Tensor]) -> list[Tensor]:
        """The factors with those multiplied into another whose axes they have."""
        found: list[Tensor] = []
        for factor in sorted(factors, key=lambda f: len(f.axes)):
            inside = [f for f in found if set(f.axes) <= set(factor.axes)]
            found = [f for f in found if f not in inside]
            found.append(self._product([factor, *inside]))
        return found


def _kept(tensor: Tensor) -> Tensor:
    """The two coefficients that are asked for."""
    return Tensor(
        tensor.axes, {m: a for m, a in tensor.jet.items() if m in (PLAIN, BOTH)}, tensor.roundings
    )


def _joined(parts: list[Tensor], axis: str) -> Tensor:
    """Blocks of one tensor."""
    place = parts[0].axes.index(axis)
    jet = {m: np.concatenate([part.jet[m] for part in parts], axis=place) for m in parts[0].jet}
    return Tensor(parts[0].axes, jet, max(part.roundings for part in parts))


def _mirrored(parts: list[Tensor]) -> Tensor:
    """A symmetric tensor from blocks of columns, each from its diagonal entry on downwards."""
    jet = {}
    for m, last in parts[-1].jet.items():
        n = sum(part.jet[m].shape[1] for part in parts)
        whole = np.empty((n, n), dtype=last.dtype)
        for part in parts:
            block = part.jet[m]
            first, stop = n - block.shape[0], n - block.shape[0] + block.shape[1]
            whole[first:, first:stop], whole[first:stop, first:] = block, block.T
        jet[m] = whole
    return Tensor(parts[0].axes, jet, max(part.roundings for part in parts))
