"""A program that trains two tiny networks and stores them, made to be killed.

``python -m tests.validation.training.small_training OUT``. The state is written after every look,
where a run of some length writes it every 20 seconds.
"""

from __future__ import annotations

import io
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from unittest.mock import patch

import numpy as np

from theory.networks.trained import checkpoint
from validation.experiments.laboratory import Laboratory
from validation.experiments.scale import Scale
from validation.experiments.training.arms import Arm, Size
from validation.experiments.training.point import Training

SIZE = Size(depth=1, heads=1, embedding=6, head=4, mlp=8, rate=1e-2, batch=16, epochs=400, trials=2)
POINTS = [Training("same-different", arm, 20, SIZE) for arm in (Arm.MLP, Arm.MLP_XXT)]


def train_small(out: Path) -> list[object]:
    """What the points found, without what depends on the time."""
    at_every_look = partial(checkpoint.Checkpoint, seconds=0.0)
    with patch.object(checkpoint, "Checkpoint", at_every_look):
        measured = Laboratory(out, Scale.FULL, n_jobs=1).measure(POINTS, "small")
    return [one.result for one in measured]


def states(out: Path) -> dict[Path, int]:
    """The files of states, and when each was written."""
    found = {}
    for path in (out / "tables").glob("training-*.npz"):
        with suppress(FileNotFoundError):  # its point has just been finished
            found[path] = path.stat().st_mtime_ns
    return found


def require_whole(out: Path) -> None:
    """Read all files of states.

    Raises:
        BadZipFile: one is half-written.
    """
    for path in states(out):
        with np.load(io.BytesIO(path.read_bytes())) as file:
            assert all(file[name] is not None for name in file.files)


if __name__ == "__main__":
    train_small(Path(sys.argv[1]))
