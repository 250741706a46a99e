"""Tensors of positive numbers with named axes, with derivatives, and with their roundings counted.

Each tensor is a *jet*: its value and its coefficients of ``s``, ``r`` and ``s r`` for two sources
with ``s^2 = r^2 = 0``, which the insertions of the softmax's numerators are. All numbers are at
least 0 and nothing is subtracted or divided, so that a result has a relative error that depends on
the number of roundings that its terms have passed through alone (Lemma 9 of docs/proofs.md). Every
operation states that number for its result; a test runs them on objects that count for themselves.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Shaped
from numpy.lib.stride_tricks import sliding_window_view

Array = Shaped[np.ndarray, "..."]
"""Numbers of at least 0: floats, or in a test objects that count."""

PLAIN, SOURCE_X, SOURCE_Y, BOTH = range(4)
"""The monomials 1, s, r and s r."""

Jet = dict[int, Array]


@dataclass(frozen=True, eq=False)
class Tensor:
    """A jet of arrays with named axes, in sorted order.

    Attributes:
        axes: the names.
        jet: arrays of one shape by monomial; an absent one is 0.
        roundings: how many a term of any entry has passed through, at most.
    """

    axes: tuple[str, ...]
    jet: Jet
    roundings: int

    @property
    def sizes(self) -> dict[str, int]:
        """The length of each axis."""
        return dict(zip(self.axes, self.jet[PLAIN].shape, strict=True))

    def on(self, **ranges: slice) -> Tensor:
        """The tensor on parts of some axes."""
        index = tuple(ranges.get(name, slice(None)) for name in self.axes)
        return Tensor(self.axes, {m: a[index] for m, a in self.jet.items()}, self.roundings)

    def renamed(self, *axes: str) -> Tensor:
        """The tensor with its axes named in the order that they have, and then sorted."""
        order = sorted(range(len(axes)), key=lambda place: axes[place])
        jet = {m: a.transpose(order) for m, a in self.jet.items()}
        return Tensor(tuple(sorted(axes)), jet, self.roundings)


@dataclass(frozen=True)
class Sums:
    """How sums of products are taken.

    Attributes:
        block: sums of more terms are taken in blocks of so many, and the blocks in pairs, for
            fewer roundings; 0 for one sum in any order that BLAS likes.
    """

    block: int = 0

    def roundings(self, terms: int, length: int) -> int:
        """Roundings of a sum of products along an axis, of which ``terms`` may not be 0.

        >>> Sums().roundings(39, 75), Sums(block=8).roundings(39, 75)
        (39, 12)
        """
        if not 0 < self.block < terms:
            return terms
        return self.block + math.ceil(math.log2(math.ceil(length / self.block)))

    def matmul(self, a: Array, b: Array, terms: int) -> Array:
        """The matrix product of two stacks."""
        if not 0 < self.block < terms:
            return np.matmul(a, b)
        parts = [
            np.matmul(a[..., first : first + self.block], b[..., first : first + self.block, :])
            for first in range(0, a.shape[-1], self.block)
        ]
        return in_pairs(parts)


def in_pairs(parts: list[Array]) -> Array:
    """The sum of arrays in a binary tree: ``ceil(log2(number))`` roundings."""
    while len(parts) > 1:
        odd = parts[-1:] if len(parts) % 2 else []
        parts = [a + b for a, b in zip(parts[::2], parts[1::2], strict=False)] + odd
    return parts[0]


def times(a: Tensor, b: Tensor) -> Tensor:
    """The product, entry by entry over the axes of both."""
    axes = tuple(sorted({*a.axes, *b.axes}))

    def multiply(first: Array, second: Array) -> Array:
        return _spread(first, a.axes, axes) * _spread(second, b.axes, axes)

    return _bilinear(a.jet, b.jet, axes, multiply, a.roundings + b.roundings + 1)


def summed(a: Tensor, b: Tensor, name: str, sums: Sums, terms: int | None = None) -> Tensor:
    """The product of two tensors, summed over an axis that both have.

    Args:
        a: a factor.
        b: a factor.
        name: the axis.
        sums: how sums are taken.
        terms: how many products in any sum may not be 0; all of them, where left out.
    """
    shared = [axis for axis in a.axes if axis in b.axes and axis != name]
    left = [axis for axis in a.axes if axis not in b.axes]
    right = [axis for axis in b.axes if axis not in a.axes]
    sizes = b.sizes | a.sizes
    found = (*shared, *left, *right)
    axes = tuple(sorted(found))
    order = [found.index(axis) for axis in axes]
    count = sizes[name] if terms is None else terms

    firsts = {m: _matrices(array, a.axes, shared, left, [name]) for m, array in a.jet.items()}
    seconds = {m: _matrices(array, b.axes, shared, [name], right) for m, array in b.jet.items()}

    def multiply(first: Array, second: Array) -> Array:
        product = sums.matmul(first, second, count)
        return product.reshape([sizes[axis] for axis in found]).transpose(order)

    return _bilinear(
        firsts,
        seconds,
        axes,
        multiply,
        a.roundings + b.roundings + sums.roundings(count, sizes[name]),
    )


def windowed(
    tensor: Tensor, logits: str, nodes: str, shift: str, *, size: int, advance: int
) -> Tensor:
    """The tensor with an axis of logits replaced by the nodes around each shift, as views.

    Args:
        tensor: the tensor; where it has the axis of shifts already, both go along together.
        logits: the axis to replace.
        nodes: the name of the nodes' axis.
        shift: the name of the shifts' axis.
        size: nodes around a shift.
        advance: logits from one shift's first to the next one's.
    """
    place = tensor.axes.index(logits)
    rest = [axis for axis in tensor.axes if axis != logits]

    def view(array: Array) -> Array:
        windows = sliding_window_view(np.moveaxis(array, place, -1), size, axis=-1)
        windows = windows[..., ::advance, :]
        if shift in rest:  # the shift's own axis goes last
            return np.diagonal(windows, axis1=rest.index(shift), axis2=-2)
        return windows

    last = (nodes, shift) if shift in rest else (shift, nodes)
    names = (*(axis for axis in rest if axis != shift), *last)
    jet = {m: view(array) for m, array in tensor.jet.items()}
    return Tensor(names, jet, tensor.roundings).renamed(*names)


def total(tensors: list[Tensor]) -> Tensor:
    """The sum of tensors with the same axes, one after the other."""
    jet: Jet = {}
    for tensor in tensors:
        for m, array in tensor.jet.items():
            jet[m] = jet[m] + array if m in jet else array
    worst = max(tensor.roundings for tensor in tensors)
    return Tensor(tensors[0].axes, jet, worst + len(tensors) - 1)


def _bilinear(
    a: Jet,
    b: Jet,
    axes: tuple[str, ...],
    multiply: Callable[[Array, Array], Array],
    roundings: int,
) -> Tensor:
    """The product of two jets; each sum over pairs of monomials adds a rounding a term.

    Args:
        a: a jet.
        b: a jet.
        axes: of the product.
        multiply: gives a product of two coefficients, as an array of its own.
        roundings: of such a product.
    """
    jet: Jet = {}
    terms = dict.fromkeys(range(4), 0)
    for m, first in a.items():
        for n, second in b.items():
            if m & n == 0:
                product = multiply(first, second)
                if m | n in jet:
                    jet[m | n] += product
                else:
                    jet[m | n] = product
                terms[m | n] += 1
    return Tensor(axes, jet, roundings + max(terms.values()) - 1)


def _spread(array: Array, axes: tuple[str, ...], wider: tuple[str, ...]) -> Array:
    """The array with axes of length 1 where it lacks some of the sorted names."""
    return array[tuple(slice(None) if name in axes else np.newaxis for name in wider)]


def _matrices(
    array: Array, axes: tuple[str, ...], stack: list[str], rows: list[str], columns: list[str]
) -> Array:
    """The array as a stack of matrices, copied only where BLAS could not take it."""
    order = [axes.index(name) for name in (*stack, *rows, *columns)]
    arranged = array.transpose(order)
    shape = [math.prod(arranged.shape[first:last]) for first, last in _groups(stack, rows)]
    found = arranged.reshape([*arranged.shape[: len(stack)], *shape])
    inner = found.strides[-2:]
    return found if array.itemsize in inner else np.ascontiguousarray(found)


def _groups(stack: list[str], rows: list[str]) -> list[tuple[int, int | None]]:
    """Where the axes of the rows and of the columns begin and end."""
    middle = len(stack) + len(rows)
    return [(len(stack), middle), (middle, None)]
