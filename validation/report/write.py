"""Compute everything and write the report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from kernels.boundary.optional_packages import needed
from validation.experiments.scale import Scale
from validation.experiments.storage.lock import sole_run
from validation.report.page import render
from validation.report.pages import PAGES
from validation.report.workspace import Workspace


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes:
        index: the first page.
        points: different measurements shown.
        computed: how many of them were computed now rather than found from an earlier run.
        pictures: the names of the pictures.
        seconds: how long it all took.
    """

    index: Path
    points: int
    computed: int
    pictures: list[str]
    seconds: float


def write_report(
    out: Path,
    scale: Scale,
    *,
    n_jobs: int | None = None,
    progress: bool = False,
) -> Written:
    """Measure, draw, and write the pages into a folder that needs no network.

    An interrupted call keeps the points that are done; the next one goes on from there.

    Args:
        out: the folder, made where missing.
        scale: how much is computed.
        n_jobs: joblib workers; -1 for one a core.
        progress: show progress bars on standard error.

    Raises:
        MissingPackageError: JAX is not installed, which networks are trained with.
        InvalidInputError: another run is at work in the folder, or a file that the program did not
            write is in the place of one of its own.
        OSError: the folder cannot be written.
    """
    needed("jax", "jax")  # refused before any work
    with sole_run(out):
        return _written(out, scale, n_jobs=n_jobs, progress=progress)


def _written(out: Path, scale: Scale, *, n_jobs: int | None, progress: bool) -> Written:
    started = perf_counter()
    workspace = Workspace(out, scale, n_jobs=n_jobs, progress=progress)
    for page in PAGES:
        workspace.manifest.claim(page.file)  # a user's file is refused before any work
    built = [(page, page.build(workspace)) for page in PAGES]
    for page, contents in built:
        workspace.manifest.write(page.file, render(page, contents, PAGES, scale=scale))
    workspace.finish()
    return Written(
        index=out / PAGES[0].file,
        points=workspace.laboratory.points,
        computed=workspace.laboratory.computed,
        pictures=workspace.gallery.stems,
        seconds=perf_counter() - started,
    )
