"""The preconditioners in JAX, copied from those that NumPy has prepared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.ops import segment_sum
from jax.scipy.linalg import cho_solve

from kernels.regression.jax_sparse import SparseMatrix
from kernels.regression.preconditioner import Preconditioner
from kernels.regression.token_blocks import TokenBlockPreconditioner
from kernels.regression.woodbury import WoodburyPreconditioner


@partial(
    jax.tree_util.register_dataclass,
    data_fields=["root", "shape", "own", "level", "factor", "chosen", "mixing"],
    meta_fields=[],
)
@dataclass(frozen=True)
class DeviceWoodbury:
    """`WoodburyPreconditioner` on the device."""

    root: Array
    shape: Array
    own: Array
    level: Array
    factor: Array
    chosen: SparseMatrix | None
    mixing: SparseMatrix | None

    @classmethod
    def of(cls, woodbury: WoodburyPreconditioner) -> DeviceWoodbury:
        """A copy on the device."""
        chosen = woodbury.chosen
        return cls(
            root=jnp.asarray(woodbury.root),
            shape=jnp.asarray(woodbury.operator.strings.shape),
            own=jnp.asarray(woodbury.diagonal),
            level=jnp.asarray(woodbury.level),
            factor=jnp.asarray(np.tril(woodbury.factor[0])),
            chosen=None if chosen is None else SparseMatrix.of(chosen.indicator),
            mixing=None if chosen is None else SparseMatrix.of(chosen.mixing),
        )

    def apply(self, vectors: Array) -> Array:
        """The preconditioner times vectors."""
        scaled = vectors / self.own[:, None]
        inner = scaled * self.root[:, None]
        sums = segment_sum(inner, self.shape, len(self.level), indices_are_sorted=True)
        found = [self.level.T @ sums]
        if self.chosen is not None and self.mixing is not None:
            found.append(self.mixing.transposed(self.chosen.transposed(inner)))
        solved = cho_solve((self.factor, True), jnp.concatenate(found))
        width = self.level.shape[1]
        result = (self.level @ solved[:width])[self.shape]
        if self.chosen is not None and self.mixing is not None:
            result += self.chosen.apply(self.mixing.apply(solved[width:]))
        return scaled - (self.root / self.own)[:, None] * result


@partial(
    jax.tree_util.register_dataclass,
    data_fields=[
        *("shape", "scale", "weight", "level", "cells", "cell_shape", "mean", "inverse"),
        *("place", "blocks"),
    ],
    meta_fields=[],
)
@dataclass(frozen=True)
class DeviceTokenBlocks:
    """`TokenBlockPreconditioner` on the device."""

    shape: Array
    scale: Array
    weight: Array
    level: Array
    cells: SparseMatrix
    cell_shape: Array
    mean: Array
    inverse: Array
    place: Array
    blocks: Array

    @classmethod
    def of(cls, blocks: TokenBlockPreconditioner) -> DeviceTokenBlocks:
        """A copy on the device."""
        return cls(
            shape=jnp.asarray(blocks.operator.strings.shape),
            scale=jnp.asarray(blocks.scale),
            weight=jnp.asarray(blocks.weight),
            level=jnp.asarray(blocks.level),
            cells=SparseMatrix.of(blocks.cells),
            cell_shape=jnp.asarray(blocks.shape),
            mean=jnp.asarray(blocks.mean),
            inverse=jnp.asarray(blocks.inverse),
            place=jnp.asarray(blocks.place),
            blocks=jnp.asarray(blocks.blocks),
        )

    def apply(self, vectors: Array) -> Array:
        """The preconditioner times vectors."""
        scaled = vectors * self.scale[:, None]
        sums, levels = self._collect(scaled)
        flat = self.inverse[:, None] * sums
        again, _ = self._collect(self._spread(flat, jnp.zeros_like(levels)))
        mixed = self.inverse[:, None] * again - 2.0 * flat + self._blocked(sums)
        return (scaled + self._spread(mixed, -self.level @ levels)) * self.scale[:, None]

    def _collect(self, vectors: Array) -> tuple[Array, Array]:
        """F^T, its means taken out, and Z^T, times scaled vectors."""
        inner = vectors * self.weight[:, None]
        levels = segment_sum(inner, self.shape, len(self.level), indices_are_sorted=True)
        sums = self.cells.transposed(inner) - self.mean[:, None] * levels[self.cell_shape]
        return sums, levels

    def _spread(self, sums: Array, levels: Array) -> Array:
        """F times ``sums``, its means taken out, plus Z times ``levels``."""
        means = segment_sum(self.mean[:, None] * sums, self.cell_shape, len(levels))
        result = self.cells.apply(sums) + (levels - means)[self.shape]
        return result * self.weight[:, None]

    def _blocked(self, sums: Array) -> Array:
        """W times vectors of cells."""
        atoms, roles, _ = self.blocks.shape
        grid = jnp.zeros((atoms * roles, sums.shape[1])).at[self.place].set(sums)
        found = self.blocks @ grid.reshape(atoms, roles, sums.shape[1])
        return found.reshape(grid.shape)[self.place]


DevicePreconditioner = DeviceWoodbury | DeviceTokenBlocks


def on_device(preconditioner: Preconditioner) -> DevicePreconditioner:
    """A preconditioner's copy on the device."""
    if isinstance(preconditioner, TokenBlockPreconditioner):
        return DeviceTokenBlocks.of(preconditioner)
    return DeviceWoodbury.of(preconditioner)
