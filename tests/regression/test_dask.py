"""The engine on a Dask cluster of two workers, against NumPy, and without one of the workers."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone

from kernels import InvalidInputError, KernelRidge, MLPKernel
from kernels.regression.arrays import incidence
from tests.tolerances import DASK_AGAINST_NUMPY
from theory import Sample, TemplateTask

distributed = pytest.importorskip("distributed")

from kernels.regression.arrays import dask_arrays  # noqa: E402 - after the check

TASK = TemplateTask.parse({"αβ": 1.0, "αα": -1.0})


def fits(n: int, alphabet: int) -> tuple[KernelRidge, Sample]:
    """A fit by NumPy, and what it is of."""
    sample = TASK.sample(n, alphabet=alphabet, noise=0.1, seed=0)
    model = KernelRidge(MLPKernel(), 1.0, route="structured")
    return model.fit(sample.strings, sample.labels), sample


def same(found: KernelRidge, expected: KernelRidge) -> None:
    assert found.status_ == "converged"
    strings = ["AA", "AB", "s1 s1", "s1 s2"]
    gap = np.abs(found.predict(strings) - expected.predict(strings)).max()
    assert gap <= DASK_AGAINST_NUMPY
    assert abs(found.n_iter_ - expected.n_iter_) <= 1


def after(calls: int, act: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let something happen in the midst of the iteration; how often parts were handed out."""
    counted = [0]
    before = dask_arrays._Spread.added

    def added(self: Any, *given: Any) -> Any:
        counted[0] += 1
        if counted[0] == calls:
            act()
        return before(self, *given)

    monkeypatch.setattr(dask_arrays._Spread, "added", added)
    return counted


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Two workers in this process."""
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
        ) as made,
        distributed.Client(made),
    ):
        yield made


def test_two_workers_give_the_same(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incidence, "_ENTRIES_AT_ONCE", 700)  # in several parts
    expected, sample = fits(1_200, 400)
    counted = after(0, lambda: None, monkeypatch)
    several = np.stack([sample.labels, sample.labels**2], axis=1)
    model = clone(expected).set_params(engine="dask").fit(sample.strings, sample.labels)
    assert counted[0] >= model.n_iter_
    same(model, expected)
    together = clone(model).fit(sample.strings, several).predict(["AA", "s1 s2"])
    assert np.abs(together[:, 0] - expected.predict(["AA", "s1 s2"])).max() <= DASK_AGAINST_NUMPY


def test_a_worker_that_is_lost_costs_its_parts(
    cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incidence, "_ENTRIES_AT_ONCE", 700)
    expected, sample = fits(1_200, 400)
    lost = cluster.workers[0]
    counted = after(3, lambda: cluster.sync(lost.close, nanny=False), monkeypatch)
    model = clone(expected).set_params(engine="dask").fit(sample.strings, sample.labels)
    assert counted[0] > 3
    same(model, expected)


def test_without_a_client() -> None:
    with pytest.raises(InvalidInputError, match=r"engine = 'dask': connect a client first"):
        fits(1_200, 400)[0].set_params(engine="dask").fit(["AB", "CC"], [1.0, 0.0])


@pytest.mark.long
def test_a_killed_process_at_a_million(monkeypatch: pytest.MonkeyPatch) -> None:
    expected, sample = fits(10**6, 10**6)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        pids = list(client.run(os.getpid).values())
        after(3, lambda: os.kill(pids[0], signal.SIGKILL), monkeypatch)
        model = clone(expected).set_params(engine="dask").fit(sample.strings, sample.labels)
    same(model, expected)
