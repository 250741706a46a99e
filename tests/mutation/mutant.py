"""One small fault: a stretch of a file, and what stands there instead."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Mutant:
    """A change of one place.

    Attributes:
        path: of the file, from the root of the project.
        line: where the place begins, counted from 1.
        start: the place in the file, in characters.
        end: where it ends.
        old: what stands there.
        new: what stands there instead.
    """

    path: str
    line: int
    start: int
    end: int
    old: str
    new: str

    def applied(self, source: str) -> str:
        """The file with the fault in it."""
        return source[: self.start] + self.new + source[self.end :]

    def __str__(self) -> str:
        shown = (" ".join(text.split()) for text in (self.old, self.new))
        old, new = (text if len(text) < 60 else f"{text[:57]}..." for text in shown)
        return f"{self.path}:{self.line}: {old}  ->  {new}"
