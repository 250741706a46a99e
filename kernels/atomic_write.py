"""Writing files so that no reader, and no interruption, ever meets half of one."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

from kernels.boundary.exceptions import InvalidInputError


def write_aside(path: Path, content: str | bytes) -> None:
    """Write a file under another name and rename it: a reader never sees half of it.

    A symbolic link stays one, and what it points to is written.

    Args:
        path: the file, in a folder that is there.
        content: bytes, or text that is written as UTF-8.

    Raises:
        InvalidInputError: the folder is missing, or something that is no regular file is there: a
            folder or a device, say.
        OSError: it cannot be written; the error names the path, also where the disk is full.

    >>> write_aside(Path("/nowhere/at/all.txt"), "text")
    Traceback (most recent call last):
    ...
    kernels.boundary.exceptions.InvalidInputError: path = '/nowhere/at/all.txt': make the ...
    """
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        remedy = f"make the folder first: {target.parent} is not one"
        raise InvalidInputError("path", str(path), remedy)
    # A link is left over by realpath where links point to each other in a circle.
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise InvalidInputError("path", str(path), "give a regular file; something else is there")
    data = content.encode() if isinstance(content, str) else content
    aside = target.with_name(f".{target.name}.{uuid4().hex}")  # readable by whom the umask says
    try:
        aside.write_bytes(data)
        aside.replace(target)
    except OSError as error:
        aside.unlink(missing_ok=True)
        # A full disk is reported without a path, and no reader knows the name aside.
        raise type(error)(error.errno, error.strerror or str(error), str(path)) from None
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
