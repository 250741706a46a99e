"""Tables for pandas, which is not needed for anything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kernels.boundary.optional_packages import needed


def data_frame(columns: Mapping[str, Sequence[object]], same: Mapping[str, object]) -> Any:
    """A ``pandas.DataFrame``.

    Args:
        columns: by name.
        same: further columns, with one entry for all rows.

    Raises:
        MissingPackageError: pandas is not installed.

    >>> data_frame({"value": [0.5, 0.25]}, {"beta": 1.0}).shape
    (2, 2)
    """
    pandas = needed("pandas", "tables")  # half a second, and rarely wanted
    rows = len(next(iter(columns.values()), ()))
    return pandas.DataFrame({**columns, **{name: [value] * rows for name, value in same.items()}})
