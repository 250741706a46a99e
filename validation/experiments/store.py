"""Finished points on disk: each is stored at once, and found again by its parameters."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from kernels.atomic_write import write_aside
from validation.experiments.point import Measured, P, Point

_SOURCES = Path(__file__).resolve().parents[2]


class PointStore:
    """A folder of results, one file a point.

    The name of a file is a digest of the point's parameters and of the code that measures, so a
    result of other parameters or of other code is never taken for this one's. A file is written
    aside and renamed: an interruption leaves no half-written result.

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
        """The stored result; None where there is none that can be read."""
        try:
            content = json.loads(self.path(point).read_text(encoding="utf-8"))
            if content["point"] != point.parameters():
                return None
            return Measured(
                point, content["result"], content["seconds"], content["cpu_seconds"], fresh=False
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def add(self, measured: Measured[P]) -> None:
        """Store a result."""
        content = {
            "point": measured.point.parameters(),
            "result": measured.result,
            "seconds": measured.seconds,
            "cpu_seconds": measured.cpu_seconds,
            "code": code_digest(),
        }
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
        write_aside(self.path(measured.point), text)


@cache
def code_digest() -> str:
    """A digest of all code that a result can depend on."""
    digest = hashlib.sha256()
    for package in ("kernels", "theory", "validation/experiments"):
        for path in sorted((_SOURCES / package).rglob("*.py")):
            digest.update(path.relative_to(_SOURCES).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:16]
