"""What an experiment has at hand: a folder of points, and how new ones are computed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from validation.experiments.scale import Scale
from validation.experiments.storage.point import Measured, P, Point
from validation.experiments.storage.run import measure_all


class Laboratory:
    """Measures points, or finds them stored, and counts them.

    Args:
        folder: holds the points.
        scale: how much is computed.
        n_jobs: joblib workers.
        progress: show progress bars.

    Attributes:
        computed: how many points this run computed.
        cpu_seconds: processor time of all points, those of earlier runs included.
    """

    def __init__(
        self, folder: Path, scale: Scale, *, n_jobs: int | None = None, progress: bool = False
    ) -> None:
        self.folder = folder
        self.scale = scale
        self.computed = 0
        self.cpu_seconds = 0.0
        self._counted: set[Point] = set()
        self._n_jobs = n_jobs
        self._progress = progress

    @property
    def points(self) -> int:
        """How many different points the experiments asked for so far."""
        return len(self._counted)

    def measure(self, points: Sequence[P], title: str) -> list[Measured[P]]:
        """The results of the points, computed or found from an earlier run."""
        found = measure_all(
            points, self.folder, title=title, n_jobs=self._n_jobs, progress=self._progress
        )
        for measured in found:  # experiments share points, and each counts once
            if measured.point not in self._counted:
                self._counted.add(measured.point)
                self.computed += measured.fresh
                self.cpu_seconds += measured.cpu_seconds
        return found
