"""Finished points on disk: each is stored at once, and found again by its parameters."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from kernels import InvalidInputError
from kernels.atomic_write import write_aside
from validation.experiments.storage.code import code_digest
from validation.experiments.storage.point import Json, Measured, P, Point


class PointStore:
    """A folder of results, one file a point.

    The name of a file is a digest of the point's parameters and of the code that measures, so a
    result of other parameters or of other code is never taken for this one's. A file is written
    aside and renamed: an interruption leaves no half-written result. Each file holds a digest of
    all else in it: one that was damaged or edited is not found, and its point is computed again.

    Args:
        folder: where the results lie.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, point: Point) -> Path:
        """Where the point's result is, or would be."""
        identity = json.dumps([point.parameters(), code_digest()], sort_keys=True)
        return self.folder / point.kind / f"{_digest(identity.encode())}.json"

    def find(self, point: P) -> Measured[P] | None:
        """The stored result; None where there is none that can be read and is whole.

        Raises:
            InvalidInputError: a folder is where the file should be, so none could be written.
        """
        path = self.path(point)
        if path.is_dir() and not path.is_symlink():
            remedy = "a folder is in the place of a result; move it away or give another folder"
            raise InvalidInputError("stored point", str(path), remedy)
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content.pop("digest") != _content_digest(content):
                return None
            if (content["point"], content["code"]) != (point.parameters(), code_digest()):
                return None
            return Measured(
                point, content["result"], content["seconds"], content["cpu_seconds"], fresh=False
            )
        # Whatever is in the file, a traceback would come back at each run.
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return None

    def add(self, measured: Measured[P]) -> None:
        """Store a result.

        Raises:
            InvalidInputError: it contains NaN or an infinite number, so it says nothing.
            OSError: the file cannot be written.
        """
        content: dict[str, Json] = {
            "point": measured.point.parameters(),
            "result": measured.result,
            "seconds": measured.seconds,
            "cpu_seconds": measured.cpu_seconds,
            "code": code_digest(),
        }
        try:
            plain = json.loads(json.dumps(content, allow_nan=False))
        except ValueError:
            remedy = f"only finite numbers are stored; the measurement was {measured.point}"
            raise InvalidInputError("result", measured.result, remedy) from None
        plain["digest"] = _content_digest(plain)
        path = self.path(measured.point)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_aside(path, json.dumps(plain, ensure_ascii=False, indent=1))


def _content_digest(content: dict[str, Json]) -> str:
    """A digest of all of a file but the digest in it; as read back, NaN is refused."""
    text = json.dumps(content, sort_keys=True, allow_nan=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:16]
