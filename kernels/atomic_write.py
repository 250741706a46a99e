"""Writing files so that no reader, and no interruption, ever meets half of one."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4


def write_aside(path: Path, text: str) -> None:
    """Write a file under another name and rename it: a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{uuid4().hex}")  # readable by whom the umask says
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
