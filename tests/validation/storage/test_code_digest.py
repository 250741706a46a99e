"""A stored point is of the code that measured it."""

from __future__ import annotations

from pathlib import Path

import pytest

from validation.experiments.storage.code import code_digest

MEASURING = "kernels/a.py", "kernels/deep/er.py", "theory/b.py", "validation/experiments/c/d.py"
SHOWING = "validation/plots/e.py", "validation/report/f.py", "validation/commands/g.py"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    for name in (*MEASURING, *SHOWING):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")
    return tmp_path


def fresh(sources: Path) -> str:
    code_digest.cache_clear()
    return code_digest(sources)


@pytest.mark.parametrize("name", MEASURING)
def test_a_change_of_what_measures_is_seen(sources: Path, name: str) -> None:
    before = fresh(sources)
    path = sources / name
    path.write_text("x = 2\n")
    assert fresh(sources) != before
    path.write_text("x = 1\n")
    assert fresh(sources) == before
    path.rename(path.with_name("renamed.py"))
    assert fresh(sources) != before


@pytest.mark.parametrize("name", SHOWING)
def test_a_change_of_what_shows_is_not(sources: Path, name: str) -> None:
    before = fresh(sources)
    (sources / name).write_text("x = 2\n")
    assert fresh(sources) == before


def test_the_digest_is_of_this_project() -> None:
    root = Path(__file__).parents[3]
    code_digest.cache_clear()
    assert code_digest() == code_digest(root)
    for package in ("kernels", "theory", "validation/experiments"):
        assert list((root / package).glob("*.py"))
