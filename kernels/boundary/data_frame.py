"""Tables for pandas, which is not needed for anything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def data_frame(columns: Mapping[str, Sequence[object]], same: Mapping[str, object]) -> Any:
    """A ``pandas.DataFrame``.

    Args:
        columns: by name.
        same: further columns, with one entry for all rows.

    Raises:
        ImportError: pandas is not installed.

    >>> data_frame({"value": [0.5, 0.25]}, {"beta": 1.0}).shape
    (2, 2)
    """
    try:
        import pandas as pd  # noqa: PLC0415 - half a second, and rarely wanted
    except ImportError:
        words = "to_pandas needs pandas: pip install 'template-kernels[tables]', or pandas itself"
        raise ImportError(words) from None
    rows = len(next(iter(columns.values()), ()))
    return pd.DataFrame({**columns, **{name: [value] * rows for name, value in same.items()}})
