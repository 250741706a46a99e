"""The identity of the code that measures."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_SOURCES = Path(__file__).resolve().parents[3]

_MEASURING = "kernels", "theory", "validation/experiments"
"""The folders whose code a result can depend on; plots and pages only show results."""


@cache
def code_digest(sources: Path = _SOURCES) -> str:
    """A digest of all code that a result can depend on.

    Args:
        sources: the folder that holds the packages.
    """
    digest = hashlib.sha256()
    for folder in _MEASURING:
        for path in sorted((sources / folder).rglob("*.py")):
            digest.update(path.relative_to(sources).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
