"""Measure many points: in parallel, with progress, each result stored as soon as it is there."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, process_time

from joblib import delayed
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from kernels.boundary.workers import spread
from validation.experiments.storage.point import Measured, P
from validation.experiments.storage.store import PointStore


def measure_all(
    points: Sequence[P],
    folder: Path,
    *,
    title: str = "points",
    n_jobs: int | None = None,
    progress: bool = False,
) -> list[Measured[P]]:
    """The results of the points, in their order; those stored earlier are not computed again.

    Workers are processes: threads would share the interpreter's lock through the many small
    steps of a kernel table, and take about as long as one worker.

    Args:
        points: what to measure.
        folder: holds the results and the kernel values; an interrupted run goes on from there.
        title: what the progress bar says.
        n_jobs: joblib workers.
        progress: show a bar on standard error.
    """
    store, tables = PointStore(folder / "points"), folder / "tables"
    found = {point: store.find(point) for point in dict.fromkeys(points)}
    todo = [point for point, measured in found.items() if measured is None]
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    times = TimeElapsedColumn(), TextColumn("remaining"), TimeRemainingColumn()
    bar = Progress(*columns, *times, console=Console(stderr=True), disable=not (progress and todo))
    with bar, warnings.catch_warnings():
        # joblib replaces a worker whose memory has grown, as it does with all that JAX compiles;
        # nothing is lost by that.
        warnings.filterwarnings("ignore", "A worker stopped", UserWarning)
        shown = bar.add_task(title, total=len(found), completed=len(found) - len(todo))
        parallel = spread(n_jobs, return_as="generator_unordered")
        for measured in parallel(delayed(_measured)(point, store, tables) for point in todo):
            found[measured.point] = measured
            bar.advance(shown)
    return [measured for point in points if (measured := found[point]) is not None]


def _measured(point: P, store: PointStore, tables: Path) -> Measured[P]:
    """Measure and store, in the worker: what is done survives whatever ends the run."""
    started, cpu = perf_counter(), process_time()
    result = point.measure(tables)
    measured = Measured(point, result, perf_counter() - started, process_time() - cpu, fresh=True)
    store.add(measured)
    return measured
