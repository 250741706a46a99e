"""No check that cannot fail: every statement sees its broken instances, and passes a sound one."""

from __future__ import annotations

import pytest

from tests.instances import result
from tests.statements.refused.instances.table import INSTANCES
from theory import statements
from theory.statements import HypothesisError, Outcome, Statement

BROKEN = [
    (s, wrong) for s in statements.all() if s.id in INSTANCES for wrong in INSTANCES[s.id].broken
]


def test_every_statement_has_a_broken_instance() -> None:
    assert set(INSTANCES) == {statement.id for statement in statements.all()}
    assert all(instances.broken for instances in INSTANCES.values())


@pytest.mark.parametrize(("statement", "wrong"), BROKEN, ids=[f"{s.id}: {w}" for s, w in BROKEN])
def test_broken_instance_is_seen(statement: Statement, wrong: str) -> None:
    try:
        found = result(INSTANCES[statement.id].broken[wrong])
    except HypothesisError as failed:
        named = failed.hypothesis
    else:
        assert found.outcome is Outcome.VIOLATED, str(found.evidence)
        return
    assert named in {hypothesis.name for hypothesis in statement.hypotheses}


@pytest.mark.parametrize("id", INSTANCES)
def test_sound_instance_passes(id: str) -> None:
    found = result(INSTANCES[id].sound)
    assert found.outcome is Outcome.HOLDS, str(found.evidence)
