"""Appendix F: the default task, and the finding on two traces."""

from __future__ import annotations

import pytest

from theory import TemplateTask, statements
from theory.derivatives import separate
from theory.statements import Outcome, Setting
from theory.statements.shared.instances.defaults import staged_task

QUICK = Setting(quick=True)


def test_default_task_keeps_every_stage_busy() -> None:
    counts = separate(staged_task()).counts
    assert all(counts[str(stage)] > 0 for stage in range(1, 6))


def test_the_two_traces_need_more_than_column_sums() -> None:
    found = statements.find("F.2.1").check(quick=True)
    assert found is not None
    assert statements.find("Open point 3") is statements.find("Section F.2.1")
    assert found.outcome is Outcome.VIOLATED
    entries = {name: entry for name, entry in found.evidence.items() if isinstance(entry, dict)}
    wrong = [name for name, entry in entries.items() if "first" in entry]
    assert wrong == ["tr(XX^T XY^T)", "tr(XY^T YY^T)"]


@pytest.mark.parametrize("id", ["Claim F.5", "Claim F.6"])
def test_a_stage_without_comparisons_says_nothing(id: str) -> None:
    separated_before = TemplateTask.parse({"αa": 1.0, "aα": -1.0, "αα": 0.5})
    found = statements.find(id).check(separated_before)
    assert found.outcome is Outcome.SAYS_NOTHING
    compared = statements.find(id).check().figure
    assert not compared.startswith("0 ")
    assert "competitors lose" in compared
