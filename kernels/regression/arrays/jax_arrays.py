"""Arrays on JAX's default device, a GPU where there is one, in double precision.

Sparse matrices are look-ups and segment sums: on a CPU, products by `jax.experimental.sparse` took
1.7 times as long.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.ops import segment_sum
from jax.scipy.linalg import cho_solve
from scipy.sparse import csr_array, sparray

from kernels.boundary.jax_settings import plain_jax
from kernels.regression.arrays.cholesky import CholeskyFactor
from kernels.regression.arrays.device import Device, built
from kernels.regression.arrays.groups import Groups
from kernels.regression.arrays.incidence import Incidence
from kernels.regression.arrays.repeated import Repeated


@partial(
    jax.tree_util.register_dataclass,
    data_fields=["row", "column", "entry"],
    meta_fields=["shape", "by_row"],
)
@dataclass(frozen=True)
class _Sparse:
    """A sparse matrix by its entries; ``by_row`` where they come row by row."""

    row: Array
    column: Array
    entry: Array
    shape: tuple[int, int]
    by_row: bool = True

    @classmethod
    def of(cls, matrix: csr_array[np.float64]) -> _Sparse:
        index = np.repeat(np.arange(matrix.shape[0], dtype=np.int32), np.diff(matrix.indptr))
        rows, columns = matrix.shape
        return cls(
            row=jnp.asarray(index),
            column=jnp.asarray(matrix.indices),
            entry=jnp.asarray(matrix.data),
            shape=(int(rows), int(columns)),
        )

    def __matmul__(self, vectors: Array) -> Array:
        terms = self.entry[:, None] * vectors[self.column]
        return segment_sum(terms, self.row, self.shape[0], indices_are_sorted=self.by_row)

    def added(self, vectors: Array, sums: Array) -> Array:
        return vectors + self @ sums

    @property
    def T(self) -> _Sparse:  # noqa: N802 - as in NumPy
        rows, columns = self.shape
        return _Sparse(self.column, self.row, self.entry, (columns, rows), by_row=False)


@partial(jax.tree_util.register_dataclass, data_fields=["group"], meta_fields=["groups"])
@dataclass(frozen=True)
class _Groups:
    """`Groups`, by the group of each row."""

    group: Array
    groups: int

    @classmethod
    def of(cls, host: Groups) -> _Groups:
        groups = len(host.starts) - 1
        group = np.repeat(np.arange(groups, dtype=np.int32), np.diff(host.starts))
        return cls(jnp.asarray(group), groups)

    def sums(self, vectors: Array) -> Array:
        return segment_sum(vectors, self.group, self.groups, indices_are_sorted=True)

    def spread(self, levels: Array) -> Array:
        return levels[self.group]

    def added(self, vectors: Array, levels: Array) -> Array:
        return vectors + levels[self.group]


@partial(jax.tree_util.register_dataclass, data_fields=["block"], meta_fields=[])
@dataclass(frozen=True)
class _Repeated:
    """`Repeated`."""

    block: Array

    def __matmul__(self, vectors: Array) -> Array:
        roles, columns = len(self.block), vectors.shape[1]
        return (self.block @ vectors.reshape(-1, roles, columns)).reshape(-1, columns)


@partial(jax.tree_util.register_dataclass, data_fields=["lower"], meta_fields=[])
@dataclass(frozen=True)
class _CholeskyFactor:
    """`CholeskyFactor`."""

    lower: Array

    def solve(self, right: Array) -> Array:
        return cho_solve((self.lower, True), right)


_registered: set[type] = set()
"""The dataclasses that JAX has been told of."""


def _put(value: Any) -> Any:
    """A copy on the device; what is no array, and nothing that holds one, is left behind."""
    if isinstance(value, (np.ndarray, float)):
        return jnp.asarray(value)
    if isinstance(value, tuple):
        return tuple(_put(part) for part in value)
    for kind, copied in _COPIES.items():
        if isinstance(value, kind):
            return copied(value)
    return _put_fields(value) if is_dataclass(value) else None


_COPIES: dict[type, Callable[[Any], Any]] = {
    sparray: lambda matrix: _Sparse.of(matrix.tocsr()),
    Incidence: lambda incidence: _Sparse.of(incidence.tocsr()),
    Repeated: lambda repeated: _Repeated(jnp.asarray(repeated.block)),
    Groups: _Groups.of,
    CholeskyFactor: lambda factor: _CholeskyFactor(jnp.asarray(np.tril(factor.lower))),
}
"""How what has no operator on both is copied."""


def _put_fields(value: Any) -> Any:
    """A copy of a dataclass, of a class that JAX knows."""
    kind = type(value)
    if kind not in _registered:
        names = tuple(field.name for field in fields(value))
        jax.tree_util.register_pytree_node(
            kind,
            lambda one: (tuple(getattr(one, name) for name in names), None),
            lambda _, parts: built(kind, zip(names, parts, strict=True)),
        )
        _registered.add(kind)
    return built(
        kind,
        (
            (field.name, None if "stays" in field.metadata else _put(getattr(value, field.name)))
            for field in fields(value)
        ),
    )


@jax.jit
def _call(function: Any, *arrays: Array) -> Array:
    return function(*arrays)


JAX = Device(
    put=_put,
    take=np.array,
    call=_call,
    scope=plain_jax,
    leave_at=0.5,
)
"""JAX."""
