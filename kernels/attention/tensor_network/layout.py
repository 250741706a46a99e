"""How a component is laid out as a tensor network, and what its contraction costs.

Axes ``i`` and ``j`` are the shifts of x and y. A token is an axis of one of two kinds:

* ``u``: over all shifted logits, tied to the shifts of its string by a smoothing matrix. Possible
  for a token of one string only, and cheapest where neighbouring shifts share logits.
* ``z``: over the Gaussian nodes around a shift. Needed for a token of both strings, whose two
  shifted logits share one Gaussian.

A *leaf*, a token of one arc and one string, needs no axis: its Gaussian is summed out in the table
of its edge, before windows make many entries of that table.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from kernels.attention.symmetry.multigraph import Component
from kernels.attention.tensor_network.logits import LogitGrid
from kernels.attention.tensor_network.order import Axes, Path, cost, find_path

_OUTPUT = ("i", "j")


@dataclass(frozen=True, eq=False)
class Layout:
    """One way to lay out a component.

    Attributes:
        component: the component.
        rule: its shifted logits.
        windowed: whether every token is an axis of kind ``z``, or only those that must be.
    """

    component: Component
    rule: LogitGrid
    windowed: bool

    @cached_property
    def leaves(self) -> frozenset[int]:
        """Tokens without an axis: their edge's table is smoothed."""
        tails, heads = self.component.tails, self.component.heads
        arcs = Counter(token for a, b, _ in self.component.arcs for token in (a, b))
        return frozenset(token for token in tails ^ heads if arcs[token] == 1)

    @cached_property
    def gaussian_tokens(self) -> frozenset[int]:
        """Tokens whose axis is over Gaussian nodes."""
        tails, heads = self.component.tails, self.component.heads
        return (tails | heads) - self.leaves if self.windowed else tails & heads

    @cached_property
    def x_tokens(self) -> list[int]:
        """Tokens of x whose axis is over all shifted logits."""
        return sorted(self.component.tails - self.gaussian_tokens - self.leaves)

    @cached_property
    def y_tokens(self) -> list[int]:
        """Tokens of y whose axis is over all shifted logits."""
        return sorted(self.component.heads - self.gaussian_tokens - self.leaves)

    @cached_property
    def axes(self) -> list[Axes]:
        """Axes of every tensor: smoothing matrices, then edges."""
        axes: list[Axes] = [("i", f"u{a}") for a in self.x_tokens]
        axes += [("j", f"u{b}") for b in self.y_tokens]
        return axes + [self._edge_axes(a, b) for a, b, _ in self.component.arcs]

    def _edge_axes(self, a: int, b: int) -> Axes:
        """Axes of an edge's table, in the order in which `LogitGrid.windows` leaves them."""
        if a == b:
            return "i", "j", f"z{a}"
        (x, *x_node), (y, *y_node) = self._token_axes(a, "i"), self._token_axes(b, "j")
        return x, y, *y_node, *x_node

    def _token_axes(self, token: int, shift: str) -> Axes:
        """Axes that a token gives to a table of its edge."""
        if token in self.leaves:
            return (shift,)
        return (shift, f"z{token}") if token in self.gaussian_tokens else (f"u{token}",)

    def sizes(self, rows: int, columns: int) -> dict[str, int]:
        """Length of every axis for a block of shifts."""
        sizes = {"i": rows, "j": columns}
        for name in {name for axes in self.axes for name in axes} - set(sizes):
            sizes[name] = len(self.rule.weights if name.startswith("z") else self.rule.logits)
        return sizes

    @cached_property
    def path(self) -> Path:
        """The order of contraction."""
        return find_path(self.axes, _OUTPUT, self.sizes(self.rule.shifts, self.rule.shifts))

    @cached_property
    def sources(self) -> list[int | None]:
        """Tokens of both strings: each has its own sources, in a pass of its own."""
        return [*sorted(self.component.tails & self.component.heads)] or [None]

    @cached_property
    def effort(self) -> float:
        """Elementary operations of all passes, to within a small factor."""
        effort, _ = self._cost(self.rule.shifts, self.rule.shifts)
        smoothing = 0.1 * len(self.leaves) * self.rule.shifts * len(self.rule.logits) ** 2
        return 5.0 * len(self.sources) * (effort + smoothing)

    def block(self, largest: float) -> tuple[int, int]:
        """How many shifts of x and of y to work on at once, for arrays of at most ``largest``.

        What depends on the shifts of one string alone is found again for every block of the
        other's, so the shifts of one string are split before those of the other.
        """
        n = self.rule.shifts
        halves = [-(-n // 2**i) for i in range(n.bit_length() + 1)]
        orders = [(n, m) for m in halves] + [(m, 1) for m in halves]
        found = {}
        for blocks in (orders, [(columns, rows) for rows, columns in orders]):
            for rows, columns in blocks:
                operations, entries = self._cost(rows, columns)
                if entries <= largest or (rows, columns) == (1, 1):
                    found[rows, columns] = operations * (-(-n // rows)) * (-(-n // columns))
                    break
        return min(found, key=lambda block: found[block])

    def _cost(self, rows: int, columns: int) -> tuple[float, float]:
        return cost(self.axes, _OUTPUT, self.path, self.sizes(rows, columns))
