"""Which integer codes which token."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from kernels.strings.tokens import CLS

_SHOWN = 8
"""Names that the printed form of a vocabulary shows."""

_SYMBOL = re.compile(r"s([1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True, repr=False)
class Vocabulary:
    """Which integer codes which token.

    Code 0 is ``[CLS]``; codes 1 to ``symbols`` are the generated symbols ``s1``, ``s2``, ...,
    whose names are made only when asked for; the named tokens follow.

    >>> vocabulary = Vocabulary(symbols=2, names=("A",))
    >>> [vocabulary.name(code) for code in range(4)]
    ['[CLS]', 's1', 's2', 'A']
    >>> vocabulary.code("s2"), vocabulary.code("A"), vocabulary.code("B")
    (2, 3, None)
    """

    symbols: int = 0
    names: tuple[str, ...] = ()
    _codes: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        codes = {name: self.symbols + 1 + i for i, name in enumerate(self.names)}
        object.__setattr__(self, "_codes", codes)

    def __len__(self) -> int:
        return 1 + self.symbols + len(self.names)

    def __repr__(self) -> str:
        shown = self.names[:_SHOWN]
        more = f" and {len(self.names) - _SHOWN} more" if len(self.names) > _SHOWN else ""
        return f"Vocabulary(symbols={self.symbols}, names={shown}{more})"

    def name(self, code: int) -> str:
        """The token with this code."""
        if code == 0:
            return CLS
        if code <= self.symbols:
            return f"s{code}"
        return self.names[code - self.symbols - 1]

    def code(self, token: str) -> int | None:
        """The code of a token, None if the vocabulary lacks it."""
        if token == CLS:
            return 0
        match = _SYMBOL.fullmatch(token)
        if match is not None and int(match[1]) <= self.symbols:
            return int(match[1])
        return self._codes.get(token)

    def extended(self, tokens: Iterable[str]) -> Vocabulary:
        """This vocabulary with the tokens that it lacks added at its end."""
        new = tuple(token for token in dict.fromkeys(tokens) if self.code(token) is None)
        return Vocabulary(self.symbols, self.names + new) if new else self
