"""One point of an experiment: what is measured, and what came out."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar, Generic, TypeAlias, TypeVar

Json: TypeAlias = bool | int | float | str | Sequence[object] | Mapping[str, object] | None
"""What JSON can hold; of what is inside lists and objects, a type checker knows nothing."""


@dataclass(frozen=True)
class Point(ABC):
    """The parameters of one measurement; equal parameters give equal results.

    Fields are numbers, strings and booleans, so that they can be written as JSON. Points of one
    class are stored together, whichever experiment asked for them.
    """

    kind: ClassVar[str]
    """A name for the class of points, used as the name of a folder."""

    @abstractmethod
    def measure(self, tables: Path) -> dict[str, Json]:
        """Compute the result.

        Args:
            tables: a folder of kernel values, to read and to add to.
        """

    def parameters(self) -> dict[str, Json]:
        """The fields by name, as JSON has them: tuples are lists."""
        fields: dict[str, Json] = json.loads(json.dumps(asdict(self)))
        return fields


P = TypeVar("P", bound=Point)


@dataclass(frozen=True)
class Measured(Generic[P]):
    """A point and its result.

    Attributes:
        point: what was measured.
        result: what came out.
        seconds: how long it took.
        cpu_seconds: processor time, all threads together.
        fresh: whether it was computed in this run.
    """

    point: P
    result: dict[str, Json]
    seconds: float
    cpu_seconds: float
    fresh: bool

    def number(self, name: str) -> float:
        """A number of the result.

        Raises:
            TypeError: it is not a number.
        """
        value = self.result[name]
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TypeError(f"{name} is {value!r}, not a number")
        return float(value)

    def numbers(self, name: str) -> list[float]:
        """A list of numbers of the result.

        Raises:
            TypeError: it is no such list.
        """
        values = self.result[name]
        if not isinstance(values, list) or not all(isinstance(v, (int, float)) for v in values):
            raise TypeError(f"{name} is {values!r}, not a list of numbers")
        return [float(v) for v in values]
