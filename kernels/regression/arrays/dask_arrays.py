"""Sums over cells on the workers of a Dask cluster.

A product with the kernel matrix sums vectors over cells and reads the sums back, see `GramBlocks`.
Both split over rows: a worker that holds some rows' part of P adds up what these rows give to
their cells, and later gives them what their cells have come to. All else, a few numbers a row, is
computed where the fit was called, which also keeps P: a part that is lost with its worker is sent
to another, and the iteration goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import fields, is_dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from distributed import KilledWorker, default_client
from jaxtyping import Float64, Int
from scipy.sparse import csr_array

from kernels.boundary.exceptions import InvalidInputError
from kernels.regression.arrays.device import HOST, Device, built
from kernels.regression.arrays.incidence import Incidence

_ATTEMPTS = 5
"""How often a part is sent before its loss is an error."""


class _Spread:
    """`Incidence`, its rows shared out among workers.

    Args:
        client: the cluster.
        host: the whole.
        transposed: whether this stands for P^T.
    """

    def __init__(self, client: Any, host: Incidence, *, transposed: bool = False) -> None:
        self._client, self._host, self._transposed = client, host, transposed
        self._parts: list[Any] = []
        self._cells: list[Int[np.ndarray, " c"]] = []
        if not transposed:
            for number in range(len(host.rows.parts)):
                cells, part = self._part(number)
                self._cells.append(cells)
                self._parts.append(client.scatter(part, hash=False))

    @property
    def T(self) -> _Spread:  # noqa: N802 - as in NumPy
        other = _Spread(self._client, self._host, transposed=not self._transposed)
        other._parts, other._cells = self._parts, self._cells
        return other

    def __matmul__(self, vectors: Float64[np.ndarray, "i t"]) -> Float64[np.ndarray, "o t"]:
        rows, cells = self._host.shape
        if not self._transposed:
            return self.added(np.zeros((rows, vectors.shape[1])), vectors)
        starts = self._host.rows.starts
        given = [vectors[a:b] for a, b in pairwise(starts)]
        sums = np.zeros((cells, vectors.shape[1]))
        for own, found in zip(self._cells, self._each(_collected, given), strict=True):
            sums[own] += found
        return sums

    def added(
        self, vectors: Float64[np.ndarray, "u t"], sums: Float64[np.ndarray, "c t"]
    ) -> Float64[np.ndarray, "u t"]:
        starts = self._host.rows.starts
        found = self._each(_handed_out, [sums[own] for own in self._cells])
        for (a, b), part in zip(pairwise(starts), found, strict=True):
            vectors[a:b] += part
        return vectors

    def _part(self, number: int) -> tuple[Int[np.ndarray, " c"], csr_array[np.float64]]:
        """The cells of some rows, and which row has which of them."""
        part = self._host.rows.parts[number]
        cells, place = np.unique(part.indices, return_inverse=True)
        ones = np.ones(len(place))
        own = csr_array((ones, place, part.indptr), shape=(part.shape[0], len(cells)))
        return cells, own

    def _each(
        self,
        work: Callable[[csr_array[np.float64], np.ndarray], np.ndarray],
        given: list[Float64[np.ndarray, "_ t"]],
    ) -> list[Float64[np.ndarray, "_ t"]]:
        """What each worker makes of its part."""
        sent = self._client.scatter(given, hash=False) if given else []
        futures = [
            self._client.submit(work, part, one, pure=False)
            for part, one in zip(self._parts, sent, strict=True)
        ]
        return [self._result(work, n, future, given[n]) for n, future in enumerate(futures)]

    def _result(
        self,
        work: Callable[[csr_array[np.float64], np.ndarray], np.ndarray],
        number: int,
        future: Any,
        given: Float64[np.ndarray, "_ t"],
    ) -> Float64[np.ndarray, "_ t"]:
        """A worker's result; where the worker is lost, that of another."""
        for attempt in range(_ATTEMPTS):
            try:
                return future.result()
            except (CancelledError, KilledWorker):
                if attempt + 1 == _ATTEMPTS:
                    raise
                self._parts[number] = self._client.scatter(self._part(number)[1], hash=False)
                again = self._client.scatter(given, hash=False)
                future = self._client.submit(work, self._parts[number], again, pure=False)
        raise AssertionError  # the last attempt returns or raises


def _collected(part: csr_array[np.float64], vectors: np.ndarray) -> np.ndarray:
    """On a worker: the sums of its rows' cells."""
    return part.T @ vectors


def _handed_out(part: csr_array[np.float64], sums: np.ndarray) -> np.ndarray:
    """On a worker: what its rows' cells have come to."""
    return part @ sums


def dask_device() -> Device:
    """The cluster of the current client.

    Raises:
        InvalidInputError: there is no client.
    """
    try:
        client = default_client()  # type: ignore[no-untyped-call] # Dask's own lacks types
    except ValueError:
        remedy = "connect a client first, as by distributed.Client(); see docs/cluster.md"
        raise InvalidInputError("engine", "dask", remedy) from None
    return Device(put=partial(_put, client), take=HOST.take, call=HOST.call)


def _put(client: Any, value: Any) -> Any:
    """The same, with each `Incidence` that a dataclass holds spread over the workers."""
    if isinstance(value, Incidence):
        return _Spread(client, value)
    if isinstance(value, tuple):
        return tuple(_put(client, part) for part in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    parts = [(field.name, getattr(value, field.name)) for field in fields(value)]
    return built(type(value), [(name, _put(client, part)) for name, part in parts])
