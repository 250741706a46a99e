"""Train a figure and write the page on trained networks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from validation.experiments.scale import Scale
from validation.experiments.storage.lock import sole_run
from validation.experiments.training.figures import Extent, Figure
from validation.experiments.training.learning_curves import LearningCurves, trained
from validation.report.page import Page, render
from validation.report.pages import PAGES
from validation.report.pages.training import TRAINING
from validation.report.sections.training import TrainedFigures
from validation.report.workspace import Workspace


@dataclass(frozen=True)
class WrittenTraining:
    """What was trained and written.

    Attributes:
        page: the page.
        found: the curves.
        points: of the figure.
        computed: how many of them were trained now rather than found from an earlier run.
        seconds: how long it took.
    """

    page: Path
    found: LearningCurves
    points: int
    computed: int
    seconds: float


def write_training(
    out: Path,
    figure: Figure,
    extent: Extent,
    *,
    n_jobs: int | None = None,
    progress: bool = False,
) -> WrittenTraining:
    """Train what is missing of a figure, and write the page with all that is trained.

    An interrupted call keeps the points that are done, and the state of those that are not; the
    next one goes on from there.

    Args:
        out: the folder of a report, made where missing.
        figure: which.
        extent: the sizes.
        n_jobs: joblib workers; -1 for one a core.
        progress: show progress bars on standard error.

    Raises:
        MissingPackageError: JAX is not installed.
        InvalidInputError: an arm that is not for the labels; another run is at work in the folder;
            a file that the program did not write is in the place of one of its own.
        TooLargeError: a network would not fit in memory.
        OSError: the folder cannot be written.
    """
    started = perf_counter()
    for point in figure.points(extent):
        point.require_memory()  # what cannot be built or trained is refused before any work
    with sole_run(out):
        return _written(out, figure, extent, started, n_jobs=n_jobs, progress=progress)


def _written(
    out: Path,
    figure: Figure,
    extent: Extent,
    started: float,
    *,
    n_jobs: int | None,
    progress: bool,
) -> WrittenTraining:
    workspace = Workspace(out, Scale.FULL, n_jobs=n_jobs, progress=progress)
    workspace.manifest.claim(TRAINING.file)
    found = trained(workspace.laboratory, figure, extent)
    points, computed = workspace.laboratory.points, workspace.laboratory.computed
    # Without the taste: only ``reproduce`` trains that.
    page = Page(TRAINING.file, TRAINING.title, TRAINING.lead, (TrainedFigures([figure]),))
    whole = (out / PAGES[0].file).exists()  # else the other pages are not there to be linked to
    text = render(page, page.build(workspace), PAGES if whole else [page], scale=Scale.FULL)
    workspace.manifest.write(page.file, text)
    return WrittenTraining(out / page.file, found, points, computed, perf_counter() - started)
