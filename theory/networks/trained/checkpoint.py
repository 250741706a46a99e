"""Where a run stands, on disk: written aside and renamed, and read back only for the same run."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from zipfile import BadZipFile

import jax
import numpy as np
from jaxtyping import PyTree

from kernels.atomic_write import write_aside
from kernels.boundary.checks import nonnegative


@dataclass
class Checkpoint:
    """A file that holds the state of a run.

    Attributes:
        path: the file, in a folder that is there.
        seconds: the least time between two writes; 0 writes at every look.

    Raises:
        InvalidInputError: the seconds are negative.
    """

    path: Path
    seconds: float = 20.0

    def __post_init__(self) -> None:
        nonnegative("seconds", self.seconds)
        self._written = monotonic()

    def save(self, state: PyTree, identity: str) -> None:
        """Write the state, unless it was written a moment ago.

        Raises:
            InvalidInputError: the folder is missing, or something else is in the file's place.
            OSError: it cannot be written.
        """
        if monotonic() - self._written < self.seconds:
            return
        file = io.BytesIO()
        # Without names, arrays are arr_0, arr_1, ...
        np.savez(file, np.array(_digest(identity)), *map(np.asarray, jax.tree.leaves(state)))
        write_aside(self.path, file.getvalue())
        self._written = monotonic()

    def load(self, like: PyTree, identity: str) -> PyTree | None:
        """The state that was written; None where there is none of this run that is whole.

        Args:
            like: a state of the same shape.
            identity: all that the run depends on.
        """
        leaves, shape = jax.tree.flatten(like)
        try:
            # Read first: NumPy would leave a file that is no archive open.
            with np.load(io.BytesIO(self.path.read_bytes())) as file:
                if str(file["arr_0"]) != _digest(identity):
                    return None
                found = [file[f"arr_{1 + i}"] for i in range(len(leaves))]
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None
        kinds = [(np.shape(leaf), np.asarray(leaf).dtype) for leaf in leaves]
        if kinds != [(array.shape, array.dtype) for array in found]:
            return None
        return jax.tree.unflatten(shape, found)

    def remove(self) -> None:
        """Drop the file: the run is done."""
        self.path.unlink(missing_ok=True)


def _digest(identity: str) -> str:
    return hashlib.sha256(identity.encode()).hexdigest()
