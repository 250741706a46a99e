"""The list of what the program wrote into a folder, so that it removes nothing else."""

from __future__ import annotations

import os
from pathlib import Path

from kernels.atomic_write import append_line, write_aside
from kernels.boundary.exceptions import InvalidInputError

_NAME = ".template-kernels-manifest"
_FIRST = "what template-kernels wrote here"


class Manifest:
    """Names of files and folders that the program made below a folder.

    The file only grows, by one line for each file made or removed; a line is appended at once,
    so that several processes may write to one folder. A name stands there before its file does:
    an interruption leaves a name without a file, never a file without a name.

    Args:
        folder: made where missing.

    Raises:
        InvalidInputError: the list itself is in the way: a file of its name that is no such list.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / _NAME
        folder.mkdir(parents=True, exist_ok=True)
        self.names()
        if not self._path.exists() or not self._path.stat().st_size:
            self._append(_FIRST)  # twice where two processes start together

    def names(self) -> set[str]:
        """What the program made and did not remove.

        Raises:
            InvalidInputError: the file is damaged or cannot be read.
        """
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            lines = []
        except (OSError, ValueError):
            lines = ["not ours"]
        if lines[:1] not in ([], [_FIRST]):
            remedy = "this is no list of what the program wrote; give another folder"
            raise InvalidInputError("manifest", str(self._path), remedy)
        names: set[str] = set()
        for line in lines:
            sign, name = line[:1], line[2:]
            if sign == "+":
                names.add(name)
            elif sign == "-":
                names.discard(name)
        return names

    def make_folder(self, name: str) -> Path:
        """A folder below this one, made where missing; one that is there already stays a user's."""
        path = self.folder / name
        try:
            path.mkdir()
        except FileExistsError:
            if not path.is_dir():
                raise
        else:
            self._append(f"+ {name}/")
        return path

    def claim(self, name: str) -> Path:
        """The path of a file that the program is about to write.

        Raises:
            InvalidInputError: a file is there that the program did not write.
        """
        path = self.folder / name
        there = os.path.lexists(path)  # before the names: another run lists a file, then writes it
        if name not in self.names():
            if there:
                remedy = "the program did not write what is there; give another folder"
                raise InvalidInputError("out", str(path), remedy)
            self._append(f"+ {name}")
        return path

    def write(self, name: str, content: str | bytes) -> None:
        """Claim a file and write it; see `claim` and `kernels.atomic_write.write_aside`."""
        write_aside(self.claim(name), content)

    def remove(self, folder: str) -> None:
        """Remove the program's files of a folder, and the folder if it made it and it is empty."""
        names = self.names()
        for name in sorted(names):
            if name.startswith(f"{folder}/") and not name.endswith("/"):
                (self.folder / name).unlink(missing_ok=True)
                self._append(f"- {name}")
        if f"{folder}/" in names:
            try:
                (self.folder / folder).rmdir()
            except OSError:  # something is in it, or another run has removed it
                return
            self._append(f"- {folder}/")

    def _append(self, line: str) -> None:
        append_line(self._path, line)
