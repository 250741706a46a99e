"""What a section of the report has at hand while it is built."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from matplotlib.figure import Figure

from validation.experiments.laboratory import Laboratory
from validation.experiments.scale import Scale
from validation.experiments.storage.manifest import Manifest
from validation.plots.gallery import Gallery
from validation.plots.style import styled

F = TypeVar("F")


class Workspace:
    """The folder of a report: points on one side, pages and pictures on the other.

    Args:
        out: the folder, made where missing.
        scale: how much is computed.
        n_jobs: joblib workers.
        progress: show progress bars.

    Attributes:
        laboratory: measures.
        manifest: lists what is written.
        gallery: the pictures.

    Raises:
        InvalidInputError: what stands in the folder is in the way.
    """

    def __init__(
        self, out: Path, scale: Scale, *, n_jobs: int | None = None, progress: bool = False
    ) -> None:
        self.scale = scale
        self.laboratory = Laboratory(out, scale, n_jobs=n_jobs, progress=progress)
        self.manifest = Manifest(out)
        pictures = self.manifest.make_folder("pictures")

        def write(path: Path, content: str | bytes) -> None:
            self.manifest.write(path.relative_to(out).as_posix(), content)

        self.gallery = Gallery(pictures, write)

    def picture(
        self,
        stem: str,
        draw: Callable[[F], Figure],
        found: F,
        header: Sequence[str],
        rows: Iterable[Sequence[object]],
    ) -> None:
        """Draw what was found in the project's style, and write it with its data.

        Args:
            stem: the name of the picture.
            draw: makes the picture.
            found: by an experiment.
            header: the names of the columns of the data.
            rows: the data.
        """
        with styled():
            self.gallery.save(draw(found), stem, header, rows)

    def finish(self) -> None:
        """Drop the kernel values: with all points stored, nothing will read them again."""
        self.manifest.remove("tables")
