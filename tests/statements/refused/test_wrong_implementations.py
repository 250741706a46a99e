"""The project's own mutation test: no check holds of a wrong implementation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kernels.boundary.exceptions import InvalidInputError
from tests.statements.refused.implementations.appendices import APPENDICES
from tests.statements.refused.implementations.sections import SECTIONS
from tests.statements.refused.implementations.wrong import Wrong
from theory import ContradictionError, statements
from theory.statements import HypothesisError
from theory.statements.section_4_2.conjecture_on_activations import precise_kernel
from theory.statements.shared.instances.defaults import conditioned_kernel, transformer_kernel


@pytest.fixture(autouse=True)
def fresh_tables() -> Iterator[None]:
    """Kernels that statements share keep their values: none of a wrong one may stay."""
    for make in (transformer_kernel, conditioned_kernel, precise_kernel):
        make.cache_clear()
    yield
    for make in (transformer_kernel, conditioned_kernel, precise_kernel):
        make.cache_clear()


@pytest.mark.parametrize("wrong", [*SECTIONS, *APPENDICES], ids=lambda wrong: wrong.label)
def test_a_wrong_implementation_never_holds(wrong: Wrong) -> None:
    statement = statements.find(wrong.statement)
    kernel = wrong.kernel() if wrong.kernel else None
    with wrong.breaking():
        if not wrong.outcomes:
            with pytest.raises((HypothesisError, InvalidInputError, ContradictionError)):
                statement.check(wrong.task, kernel, quick=wrong.quick, **wrong.settings)
            return
        found = statement.check(wrong.task, kernel, quick=wrong.quick, **wrong.settings)
    assert found.outcome in wrong.outcomes, (found.outcome, found.figure, found.settles)


def test_every_statement_of_the_sections_has_a_wrong_implementation() -> None:
    rooms = {f"section_{name}" for name in ("3", "4_1", "4_2", "4_3", "5")}
    of_sections = {
        statement.id
        for statement in statements.all()
        if statement.examine.__module__.split(".")[-2] in rooms
    }
    assert of_sections <= {statements.find(wrong.statement).id for wrong in SECTIONS}


def test_every_statement_of_the_appendices_has_a_wrong_implementation() -> None:
    of_appendices = {
        statement.id
        for statement in statements.all()
        if statement.examine.__module__.split(".")[-2].startswith("appendix")
    }
    assert of_appendices <= {statements.find(wrong.statement).id for wrong in APPENDICES}
