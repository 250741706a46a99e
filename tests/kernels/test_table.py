"""The table of kernel values: saved, read again, and whole after a failure or an interruption."""

from __future__ import annotations

import math
from collections.abc import Hashable
from pathlib import Path

import pytest

from kernels import (
    Cosine,
    Estimate,
    EstimateArray,
    Exact,
    InvalidInputError,
    MLPKernel,
    Numerical,
    Pattern,
    PatternTable,
    Quadrature,
    TransformerKernel,
)
from kernels.contract import table

FAST = Quadrature(1e-8, effort=1e9)


def test_the_table_survives_saving_and_belongs_to_one_kernel(tmp_path: Path) -> None:
    kernel = TransformerKernel(0.8, 0.6, Cosine(1.5, 0.4), FAST)
    value = kernel("AA", "BC")
    kernel.table.save(tmp_path / "table.json")
    same = TransformerKernel(0.8, 0.6, Cosine(1.5, 0.4), FAST)
    same.table.load(tmp_path / "table.json")
    assert len(same.table) == len(kernel.table)
    assert same("AA", "BC") == value
    assert same.attention_kernel.table is same.table
    other = TransformerKernel(0.9, 0.6, Cosine(1.5, 0.4), FAST)
    with pytest.raises(InvalidInputError, match=r"belongs to .*'beta': 0\.8"):
        other.table.load(tmp_path / "table.json")
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(InvalidInputError, match="written by save"):
        other.table.load(tmp_path / "broken.json")


def test_infinite_errors_survive_saving_and_nan_is_refused(tmp_path: Path) -> None:
    table, same, path = PatternTable("toy"), PatternTable("toy"), tmp_path / "table.json"
    table.add((0, 1), Estimate(0.5, Numerical(math.inf)))
    table.save(path)
    same.load(path)
    assert same[0, 1] == table[0, 1]
    table.add((0, 2), Estimate(math.nan, Numerical(0.0)))
    with pytest.raises(InvalidInputError, match="value = nan"):
        table.save(path)


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = MLPKernel()
    kernel("A", "B")
    kernel.table.save(tmp_path / "table.json")
    before = (tmp_path / "table.json").read_text()
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        kernel.table.save(tmp_path / "table.json")
    assert [path.name for path in tmp_path.iterdir()] == ["table.json"]
    assert (tmp_path / "table.json").read_text() == before


def test_what_others_add_meanwhile_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As another thread may, after each entry that is written."""
    kernel, again, path = MLPKernel(), MLPKernel(), tmp_path / "table.json"
    kernel("AA", "AB")
    kernel("AB", "AB")
    plain = table._plain

    def adding(key: Hashable) -> object:
        kernel.table.add(("another", len(kernel.table)), Estimate(1.0, Exact()))
        return plain(key)

    monkeypatch.setattr(table, "_plain", adding)
    kernel.table.save(path)
    again.table.load(path)
    assert len(again.table) == 2 < len(kernel.table)


def test_an_interruption_keeps_the_finished_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kernels.contract.kernel._BATCH", 1)

    class Interrupted(MLPKernel):
        def evaluate(self, patterns: list[Pattern], *, n_jobs: int = 1) -> EstimateArray:
            if len(self.table) == 2:
                raise KeyboardInterrupt
            return super().evaluate(patterns, n_jobs=n_jobs)

    kernel = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        kernel.values([Pattern.of("AAA", y) for y in ("AAA", "AAB", "ABB", "BBB")])
    assert len(kernel.table) == 2


def _toy(**entries: float) -> PatternTable:
    table = PatternTable("toy")
    for key, value in entries.items():
        table.add(key, Estimate(value, Exact()))
    return table


@pytest.mark.parametrize("way", ["add", "update", "load"])
def test_what_is_known_is_never_overwritten(tmp_path: Path, way: str) -> None:
    """Copies of a kernel share a table: a value that changed would change what they said."""
    table, other = _toy(a=0.5), _toy(a=0.75, b=0.25)
    if way == "add":
        for key in ("a", "b"):
            table.add(key, other[key])
    elif way == "update":
        table.update(other)
    else:
        other.save(tmp_path / "table.json")
        table.load(tmp_path / "table.json")
    assert (table["a"].value, table["b"].value, len(table)) == (0.5, 0.25, 2)
