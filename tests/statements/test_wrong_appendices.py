"""No check of an appendix holds of a wrong implementation, and each statement has one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kernels.boundary.exceptions import InvalidInputError
from tests.statements.wrong import Wrong
from tests.statements.wrong_appendices import APPENDICES
from theory import TemplateTask, statements
from theory.statements import HypothesisError, Outcome
from theory.statements.shared.defaults import conditioned_kernel, transformer_kernel


@pytest.fixture(autouse=True)
def fresh_tables() -> Iterator[None]:
    """Kernels that statements share keep their values: none of a wrong one may stay."""
    for make in (transformer_kernel, conditioned_kernel):
        make.cache_clear()
    yield
    for make in (transformer_kernel, conditioned_kernel):
        make.cache_clear()


@pytest.mark.parametrize("wrong", APPENDICES, ids=lambda wrong: wrong.label)
def test_a_wrong_implementation_never_holds(wrong: Wrong) -> None:
    statement = statements.find(wrong.statement)
    kernel = wrong.kernel() if wrong.kernel else None
    with wrong.breaking():
        try:
            found = statement.check(wrong.task, kernel, quick=wrong.quick)
        except (HypothesisError, InvalidInputError, ArithmeticError) as refused:
            refusal = str(refused)
        else:
            refusal = ""
    if refusal:
        assert not wrong.outcomes, refusal
        return
    assert found.outcome in wrong.outcomes, (found.outcome, found.figure, found.settles)


@pytest.mark.parametrize("id", ["Claim F.5", "Claim F.6"])
def test_a_stage_without_comparisons_says_nothing(id: str) -> None:
    separated_before = TemplateTask.parse({"αa": 1.0, "aα": -1.0, "αα": 0.5})
    found = statements.find(id).check(separated_before)
    assert found.outcome is Outcome.SAYS_NOTHING
    compared = statements.find(id).check().figure
    assert not compared.startswith("0 ")
    assert "competitors lose" in compared


def test_every_statement_of_the_appendices_has_a_wrong_implementation() -> None:
    of_appendices = {
        statement.id
        for statement in statements.all()
        if statement.examine.__module__.split(".")[-2].startswith("appendix")
    }
    assert of_appendices <= {statements.find(wrong.statement).id for wrong in APPENDICES}
