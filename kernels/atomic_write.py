"""Writing files so that no reader, and no interruption, ever meets half of one.

Whatever the packages write goes through here.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from kernels.boundary.exceptions import InvalidInputError
from kernels.file_lock import locked

_ASIDE = re.compile(r"\..{0,40}\.[0-9a-f]{32}\.part", re.DOTALL)
"""Names under which files are written before they get their own."""


def write_aside(path: Path, content: str | bytes) -> None:
    """Write a file under another name and rename it, or leave all as it was.

    A reader sees the old content or the new one, never half of it. A symbolic link stays one, and
    what it points to is written. A file that is replaced keeps its permissions, and its owner
    where the system allows that.

    Args:
        path: the file, in a folder that is there.
        content: bytes, or text that is written as UTF-8.

    Raises:
        InvalidInputError: the folder is missing, or something that is no regular file is there: a
            folder or a device, say.
        OSError: it cannot be written, or is a file that must not be; the error names the path,
            also where the disk is full.

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
    # Readable by whom the umask says; a long name would be too long with more to it.
    aside = target.with_name(f".{target.name[:40]}.{uuid4().hex}.part")
    try:
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        aside.write_bytes(data)
        _like(target, aside)
        aside.replace(target)
    except OSError as error:
        aside.unlink(missing_ok=True)
        # A full disk is reported without a path, and no reader knows the name aside.
        raise type(error)(error.errno, error.strerror or str(error), str(path)) from None
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def append_line(path: Path, line: str) -> None:
    """Add a line to the end of a file, whole or not at all, also where several processes add.

    Raises:
        OSError: it cannot be written; the error names the path.
    """
    data = f"{line}\n".encode()
    try:
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            locked(file)  # nobody else's line may come between the two sizes
            size = os.fstat(file).st_size
            if os.write(file, data) < len(data):
                os.ftruncate(file, size)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        finally:
            os.close(file)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from None


def remove_leftovers(folder: Path) -> None:
    """Remove what killed runs have left half-written in a folder.

    No other run may be writing there meanwhile: its files would go too.
    """
    for path in folder.glob(".*.part"):
        if _ASIDE.fullmatch(path.name):
            path.unlink(missing_ok=True)


def _like(target: Path, aside: Path) -> None:
    """Give a new file the permissions and the owner of the one that it replaces."""
    try:
        old = target.stat()
    except FileNotFoundError:
        return
    new = aside.stat()
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid) and hasattr(os, "chown"):
        with suppress(PermissionError):
            os.chown(aside, old.st_uid, old.st_gid)
    aside.chmod(stat.S_IMODE(old.st_mode))
