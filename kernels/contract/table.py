"""The table of kernel values by pattern that every Gram matrix is read from."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any, Self

from kernels.atomic_write import write_aside
from kernels.boundary.checks import finite
from kernels.boundary.data_frame import data_frame
from kernels.boundary.exceptions import InvalidInputError
from kernels.contract.identity import Identity, flattened
from kernels.estimates import Error, ErrorKind, Estimate
from kernels.estimates.error import make_error

_FORMAT = "template-kernels pattern table 2"


class PatternTable:
    """Kernel values by key, for one kernel with fixed parameters.

    A table only grows, and an entry never changes once written, so that copies of a kernel may
    share one table.

    Args:
        kernel: the kernel's parameters, as `Kernel.identity` has them; a table is refused by any
            other kernel.

    >>> table = PatternTable("toy")
    >>> from kernels.estimates import Exact
    >>> table.add((0, 1), Estimate(0.5, Exact()))
    >>> (0, 1) in table, len(table), table[0, 1].value
    (True, 1, 0.5)
    """

    def __init__(self, kernel: Identity) -> None:
        self.kernel = kernel
        self._entries: dict[Hashable, Estimate] = {}

    def __contains__(self, key: Hashable) -> bool:
        return key in self._entries

    def __getitem__(self, key: Hashable) -> Estimate:
        return self._entries[key]

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, key: Hashable, estimate: Estimate) -> None:
        """Store a value; a key that is present keeps the value it has."""
        self._entries.setdefault(key, estimate)

    def missing(self, keys: Iterable[Hashable]) -> list[Hashable]:
        """The keys without a value, each once, in order of first appearance."""
        return [key for key in dict.fromkeys(keys) if key not in self._entries]

    def update(self, other: PatternTable) -> None:
        """Add the entries of another table.

        Raises:
            InvalidInputError: it belongs to another kernel.
        """
        if other.kernel != self.kernel:
            raise InvalidInputError("other", other.kernel, f"this kernel is {self.kernel}")
        for key, estimate in other._entries.copy().items():
            self.add(key, estimate)

    def __repr__(self) -> str:
        return f"PatternTable({len(self)} values of {self.kernel!r})"

    def to_pandas(self) -> Any:
        """A ``DataFrame`` of a row for each value, with the kernel's parameters beside it.

        Raises:
            MissingPackageError: pandas is not installed.
        """
        entries = self._entries.copy()  # at once: other threads may add
        known = entries.values()
        columns: dict[str, Sequence[object]] = {
            "key": [str(key) for key in entries],
            "value": [e.value for e in known],
            "error": [float(e.error) for e in known],
            "kind": [str(e.kind) for e in known],
            "method": [e.method for e in known],
        }
        return data_frame(columns, flattened(self.kernel))

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the table as JSON, whole or not at all; floats survive unchanged.

        Raises:
            InvalidInputError: a value is NaN.
        """
        entries = [
            [_plain(key), _number("value", e.value), *_stored(e.error), e.method]
            for key, e in self._entries.copy().items()  # at once: other threads may add
        ]
        text = json.dumps({"format": _FORMAT, "kernel": self.kernel, "entries": entries})
        write_aside(Path(path), text)

    def load(self, path: str | os.PathLike[str]) -> None:
        """Add the entries of a saved table.

        Raises:
            InvalidInputError: the file is no such table, or belongs to another kernel.
        """
        try:
            content = json.loads(Path(path).read_text(encoding="utf-8"))
            found = content["kernel"] if content["format"] == _FORMAT else None
            entries = [
                _entry(key, value, error, method)
                for key, value, *error, method in content["entries"]
            ]
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as reason:
            raise InvalidInputError(
                "path", str(path), f"give a table written by save ({reason})"
            ) from None
        if found != self.kernel:
            raise InvalidInputError(
                "path", str(path), f"the table belongs to {found}, this kernel is {self.kernel}"
            )
        for key, estimate in entries:
            self.add(key, estimate)


def _entry(
    key: Any, value: object, error: Sequence[Any], method: object
) -> tuple[Hashable, Estimate]:
    """One entry as read, its parts checked; raises ValueError or TypeError."""
    frozen = _frozen(key)
    hash(frozen)
    if not isinstance(method, str):
        raise TypeError(f"method = {method!r} is no text")
    kind, *numbers = error
    bound, deviation, degrees = (_number("error", number) for number in numbers)
    return frozen, Estimate(
        _number("value", value), make_error(ErrorKind(kind), bound, deviation, degrees), method
    )


def _stored(error: Error) -> tuple[str, float, float, float]:
    """The parts of an error as JSON has them."""
    return str(error.kind), error.bound, error.deviation, error.degrees


def _number(name: str, value: object) -> float:
    """A real number, which may be infinite."""
    return value if isinstance(value, float) and math.isinf(value) else finite(name, value)


def _plain(key: Any) -> Any:
    """Nested tuples as nested lists."""
    return [_plain(part) for part in key] if isinstance(key, tuple) else key


def _frozen(key: Any) -> Any:
    """Nested lists as nested tuples."""
    return tuple(_frozen(part) for part in key) if isinstance(key, list) else key
