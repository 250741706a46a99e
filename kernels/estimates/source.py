"""Where numbers come from: what their errors mean, and which methods gave them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple, Self

from kernels.estimates.error import ErrorKind
from kernels.estimates.estimate import joined


class Source(NamedTuple):
    """Where entries of an array come from: what their errors mean, and which method gave them."""

    kind: ErrorKind
    degrees: float
    method: str

    @classmethod
    def combined(cls, sources: Iterable[Source]) -> Self:
        """The source of a number computed from numbers of these sources."""
        found = list(sources)
        return cls(
            ErrorKind.weakest(one.kind for one in found),
            min((one.degrees for one in found), default=math.inf),
            joined(one.method for one in found),
        )
