"""The table of kernel values: it grows, and what it holds stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from kernels import Estimate
from kernels.contract.table import PatternTable
from kernels.estimates import Exact


def _table(**entries: float) -> PatternTable:
    table = PatternTable("toy")
    for key, value in entries.items():
        table.add(key, Estimate(value, Exact()))
    return table


@pytest.mark.parametrize("way", ["add", "update", "load"])
def test_what_is_known_is_never_overwritten(tmp_path: Path, way: str) -> None:
    """Copies of a kernel share a table: a value that changed would change what they said."""
    table, other = _table(a=0.5), _table(a=0.75, b=0.25)
    if way == "add":
        for key in ("a", "b"):
            table.add(key, other[key])
    elif way == "update":
        table.update(other)
    else:
        other.save(tmp_path / "table.json")
        table.load(tmp_path / "table.json")
    assert (table["a"].value, table["b"].value, len(table)) == (0.5, 0.25, 2)
