"""Ridge regression at up to ten million samples: time, memory, growth, and its peers at 8,000."""

from __future__ import annotations

import multiprocessing
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # has no types

from kernels import Cosine, Kernel, KernelRidge, MLPKernel, TransformerKernel
from tests.benchmarks.peers import PEERS, Peer, nystroem
from theory import Sample, TemplateTask, catalogue
from validation.commands.timing import peak_memory_mb

TASK = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
CASES = [
    (TASK, 10**5, 10**5),
    (TASK, 10**6, 10**6),
    (TASK, 10**7, 10**7),
    (TASK, 10**6, 10**3),
    (TASK, 10**6, 10**4),
    (TASK, 10**6, 20),
    (catalogue.find("majority-4"), 10**6, 10**6),
    (catalogue.find("majority-4"), 10**6, 10**3),
    (catalogue.find("majority-4"), 10**6, 20),
]
"""Task, samples, alphabet. The first three have one ratio of the two, so their growth is told."""

PEER = 8_000
"""Samples at which the peers, which need the whole matrix, are run."""


@dataclass(frozen=True)
class Run:
    """What one fit and the predictions for unseen symbols took, kernel values included."""

    seconds: float
    core_seconds: float
    megabytes: float
    iterations: int
    residual: float
    error: float


def kernel() -> Kernel:
    """The kernel of the command line's defaults."""
    return TransformerKernel(1.0, 1.0, Cosine(1.5, 0.4))


def run(task: TemplateTask, n: int, alphabet: int) -> Run:
    """From drawing the samples to the predictions; in a process of its own, for its memory."""
    started, core = time.perf_counter(), time.process_time()
    sample = task.sample(n, alphabet=alphabet, noise=0.1, seed=0)
    model = KernelRidge(kernel()).fit(sample.strings, sample.labels)
    error = np.abs(model.predict(task.unseen()) - task.label_array).max()
    return Run(
        time.perf_counter() - started,
        time.process_time() - core,
        peak_memory_mb(),
        model.n_iter_,
        model.residual_,
        float(error),
    )


@dataclass(frozen=True)
class Cost:
    """What fitting and predicting took, from strings, on one core.

    Attributes:
        predictions: what it predicts.
        seconds: with a kernel of which no value is known yet; then with one whose few values, the
            same for all ways, are known. The least of three calls each.
        megabytes: of NumPy arrays at the peak, likewise.
    """

    predictions: np.ndarray
    seconds: tuple[float, float]
    megabytes: tuple[float, float]


def measured(way: Callable[[Kernel], np.ndarray], make: Callable[[], Kernel]) -> Cost:
    """Time and, in other calls, memory."""
    times = []
    with threadpool_limits(1):
        for _ in range(3):
            k = make()
            times.append([seconds(lambda: way(k)) for _ in range(2)])  # noqa: B023 - called at once
        k = make()
        peaks = [peak_megabytes(lambda: way(k)) for _ in range(2)]
        found = way(k)
    fresh, known = np.min(times, axis=0).tolist()
    return Cost(found, (fresh, known), (peaks[0], peaks[1]))


def seconds(work: Callable[[], object]) -> float:
    """Core seconds of a call."""
    started = time.process_time()
    work()
    return time.process_time() - started


def peak_megabytes(work: Callable[[], object]) -> float:
    """The most that arrays took during a call."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def ours(k: Kernel, sample: Sample, new: list[str]) -> np.ndarray:
    """Fit and predict through the Gram operator."""
    return KernelRidge(k, route="structured").fit(sample.strings, sample.labels).predict(new)


def main() -> None:
    """Prints the table, the growth, and the peers."""
    console = Console(width=110)
    table = Table(title="Kernel ridge regression, from drawing the samples to the predictions")
    headings = ("task", "n", "alphabet", "s", "core s", "MB", "iterations", "residual", "error")
    for heading in headings:
        table.add_column(heading, justify="right")
    runs = []
    for task, n, alphabet in CASES:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            found = pool.apply(run, (task, n, alphabet))
        runs.append(found)
        table.add_row(
            task.name or " ".join(map(str, task.templates)),
            f"{n:.0e}",
            f"{alphabet:.0e}",
            f"{found.seconds:.1f}",
            f"{found.core_seconds:.1f}",
            f"{found.megabytes:.0f}",
            str(found.iterations),
            f"{found.residual:.0e}",
            f"{found.error:.1e}",
        )
    console.print(table)
    growth = np.log10(runs[2].core_seconds / runs[0].core_seconds) / 2.0
    tail = np.log10(runs[2].core_seconds / runs[1].core_seconds)
    memory = np.log10(runs[2].megabytes / runs[1].megabytes)
    console.print(
        f"core seconds grow like n^{growth:.2f} from 1e5 to 1e7, like n^{tail:.2f} from 1e6 to "
        f"1e7; memory like n^{memory:.2f}"
    )
    compare(console, "attention kernel", kernel)
    compare(console, "MLP kernel", MLPKernel)
    to_the_same_error(console)


def to_the_same_error(console: Console) -> None:
    """How long it takes to know unseen symbols as well: where one equation is solved, n decides."""
    console.print("Time to an error on unseen symbols, attention kernel, on one core")
    new = TASK.unseen()
    for n in (PEER // 16, PEER // 4, PEER, 16 * PEER):
        sample = TASK.sample(n, alphabet=n, noise=0.1, seed=0)
        table = Table(title=f"n = {n}")
        for heading in ("", "error on unseen symbols", "core s"):
            table.add_column(heading)
        table.add_row("ours", *timed(ours, sample, new))
        for name, way in PEERS.items():
            fits = n <= PEER or way is nystroem
            table.add_row(name, *(timed(way, sample, new) if fits else ("", "does not fit")))
        console.print(table)


def timed(way: Peer, sample: Sample, new: list[str]) -> tuple[str, str]:
    """The error at the templates' own labels, and core seconds, with what kernel values take."""
    k, started = kernel(), time.process_time()
    try:
        with threadpool_limits(1):
            found = way(k, sample, new)
    except ImportError:
        return "", "not installed"
    spent = time.process_time() - started
    return f"{np.abs(found - TASK.label_array).max():.2g}", f"{spent:.2f}"


def compare(console: Console, name: str, make: Callable[[], Kernel]) -> None:
    """Ours beside the peers, which read the Gram matrix from the same kernel."""
    sample = TASK.sample(PEER, alphabet=PEER, noise=0.1, seed=0)
    new = ["AA", "AB", *TASK.sample(100, alphabet=PEER, seed=1).strings]
    table = Table(title=f"{name}, n = {PEER}, from strings to predictions, on one core")
    table.add_column("")
    headings = ("s", "MB", "times ours", "s, values known", "MB", "times ours", "difference")
    for heading in headings:
        table.add_column(heading, justify="right")
    own: Cost | None = None
    exact = {name: way for name, way in PEERS.items() if way is not nystroem}
    for title, way in {"ours": ours, **exact}.items():
        try:
            found = measured(lambda k: way(k, sample, new), make)  # noqa: B023 - called at once
        except ImportError:
            console.print(f"{title} is not installed")
            continue
        own = own or found
        cells = []
        for i in range(2):
            time_ratio = found.seconds[i] / own.seconds[i]
            memory_ratio = found.megabytes[i] / own.megabytes[i]
            cells += [f"{found.seconds[i]:.3f}", f"{found.megabytes[i]:.1f}"]
            cells.append(f"{time_ratio:.0f}, {memory_ratio:.0f}")
        gap = np.abs(found.predictions - own.predictions).max()
        table.add_row(title, *cells, f"{gap:.0e}")
    console.print(table)


if __name__ == "__main__":
    main()
