"""Contraction of a small tensor network whose tensors carry derivatives.

The insertions that turn a softmax denominator into the softmax are first and second derivatives
with respect to sources, so that every tensor is a *jet*: its value and its coefficients of ``s``,
``r`` and ``s r``, with ``s^2 = r^2 = 0``. Products of jets follow the product rule, and one
contraction yields the plain value together with the sum over all insertions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from jaxtyping import Float

from kernels.attention.tensor_network.order import Axes, Path

Array = Float[np.ndarray, "..."]
Multiply = Callable[..., Array]
Weights = Mapping[str, Float[np.ndarray, " n"]]
"""Weights of the sum over an axis, by its name."""

Jet = dict[int, Array]
"""Coefficient arrays by monomial: 0 for 1, 1 for s, 2 for r, 3 for s r; an absent one is 0."""

PLAIN, BOTH = 0, 3


@dataclass(frozen=True, eq=False)
class Tensor:
    """A jet of arrays with named axes."""

    axes: Axes
    jet: Jet

    def sliced(self, block: dict[str, slice]) -> Tensor:
        """The tensor on a block of some of its axes."""
        index = tuple(block.get(name, slice(None)) for name in self.axes)
        return Tensor(self.axes, {monomial: array[index] for monomial, array in self.jet.items()})


def contract(tensors: Sequence[Tensor], output: Axes, path: Path, weights: Weights) -> Jet:
    """The coefficients `PLAIN` and `BOTH` of the product, summed over all axes but the output's.

    Args:
        tensors: the factors.
        output: axes of the result, in that order.
        path: from `order.find_path`.
        weights: weights of the sums over some of the axes; others weigh 1.
    """
    remaining = list(tensors)
    for pair in path:
        first, second = (remaining.pop(place) for place in sorted(pair, reverse=True))
        kept = frozenset(output).union(*(tensor.axes for tensor in remaining))
        wanted = range(4) if remaining else (PLAIN, BOTH)
        remaining.append(_pairwise(first, second, kept, wanted, weights))
    (last,) = remaining
    summed = _einsum([last.axes], output, _only(weights, frozenset(last.axes) - frozenset(output)))
    return {m: summed(array) for m, array in last.jet.items() if m in (PLAIN, BOTH)}


def _pairwise(
    a: Tensor, b: Tensor, kept: frozenset[str], wanted: Iterable[int], weights: Weights
) -> Tensor:
    """The product of two tensors, summed over the axes that nothing else needs."""
    shared = [name for name in a.axes if name in b.axes]
    batch = [name for name in shared if name in kept]
    summed = [name for name in shared if name not in kept]
    left = [name for name in a.axes if name not in shared]
    right = [name for name in b.axes if name not in shared]
    axes, vectors = (*batch, *left, *right), _only(weights, summed)
    if vectors and (left or right):
        # Cheaper than to weigh the product: a factor that lacks some of its axes.
        a, b, vectors = (a, _weighted(b, vectors), {}) if left else (_weighted(a, vectors), b, {})
    if summed and left and right:
        multiply = _matmul(a.axes, b.axes, batch, left, summed, right)
    else:
        multiply = _einsum([a.axes, b.axes], axes, vectors)
    jet: Jet = {}
    for monomial in wanted:
        for m, first in a.jet.items():
            second = b.jet.get(monomial ^ m)
            if m & ~monomial == 0 and second is not None:
                term = multiply(first, second)
                jet[monomial] = jet[monomial] + term if monomial in jet else term
    return Tensor(axes, jet)


def _only(weights: Weights, axes: Iterable[str]) -> Weights:
    """The weights of some axes."""
    return {name: weights[name] for name in axes if name in weights}


def _weighted(tensor: Tensor, weights: Weights) -> Tensor:
    """The tensor times the weights of some of its axes."""
    weigh = _einsum([tensor.axes], tensor.axes, weights)
    return Tensor(tensor.axes, {m: weigh(array) for m, array in tensor.jet.items()})


def _einsum(factors: Sequence[Axes], output: Axes, weights: Weights) -> Multiply:
    """The sum of weighted products, on views and without temporaries."""
    letter = {name: chr(ord("a") + i) for i, name in enumerate(sorted({*chain(*factors)}))}
    names = (*factors, *((name,) for name in weights), output)
    *terms, result = ("".join(letter[name] for name in axes) for axes in names)
    subscripts = f"{','.join(terms)}->{result}"
    return lambda *arrays: np.einsum(subscripts, *arrays, *weights.values())


def _matmul(first: Axes, second: Axes, *groups: list[str]) -> Multiply:
    """The sum of products as a stack of matrix products."""
    batch, left, summed, right = groups

    def multiply(a: Array, b: Array) -> Array:
        stacks = (
            _arranged(a, first, batch, left, summed),
            _arranged(b, second, batch, summed, right),
        )
        sizes = dict(zip((*first, *second), a.shape + b.shape, strict=True))
        return np.matmul(*stacks).reshape([sizes[name] for name in (*batch, *left, *right)])

    return multiply


def _arranged(array: Array, axes: Axes, *groups: list[str]) -> Float[np.ndarray, "g0 g1 g2"]:
    """The array with its axes gathered into three: a stack of matrices."""
    order = [axes.index(name) for group in groups for name in group]
    shape = [math.prod(array.shape[axes.index(name)] for name in group) for group in groups]
    return array.transpose(order).reshape(shape)
