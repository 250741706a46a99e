"""Wrong implementations of Appendix F: its invariants, and the stages of comparison."""

from __future__ import annotations

import dataclasses
from contextlib import AbstractContextManager
from unittest.mock import patch

from tests import toy_tasks
from tests.statements.refused.implementations.wrong import Breaking, Wrong
from tests.statements.refused.instances.appendices import wrong_coefficient_table
from theory import TemplateTask
from theory.derivatives.separation import claims
from theory.derivatives.symbolic.identities import PUBLISHED, Assumption
from theory.statements import Outcome
from theory.statements.appendix_f import section_f_1, stages
from theory.statements.shared.instances import defaults

EDGE = toy_tasks.unchecked(["αβ", "βα"])


def _published(number: Assumption, wrong: str) -> Breaking:
    """A published group of invariants with one that does not belong to it."""
    return lambda: patch.dict(PUBLISHED, {number: (*PUBLISHED[number], wrong)})


def _forces_itself(place: int) -> Breaking:
    """A stage that is said to force the templates as written, wildcards' names included."""
    changed = [*claims.CLAIMS]
    changed[place] = (changed[place][0], changed[place][1], str)
    return lambda: patch.object(claims, "CLAIMS", tuple(changed))


def _no_competitors() -> AbstractContextManager[object]:
    """Claims of which each has nothing left to compare."""

    def check(task: TemplateTask) -> tuple[claims.ClaimVerdict, ...]:
        return tuple(
            dataclasses.replace(found, compared=0, tied=0, margin=None)
            for found in claims.check_claims(task)
        )

    return patch.object(stages, "check_claims", check)


def _stage(place: int, task: TemplateTask) -> Wrong:
    return Wrong(f"Claim F.{place + 2}", "forces too much", _forces_itself(place), task=task)


APPENDIX_F: tuple[Wrong, ...] = (
    Wrong(
        "Section F.1",
        "a coefficient of 2",
        lambda: patch.object(section_f_1, "carrier_coefficients", wrong_coefficient_table),
    ),
    Wrong("Section F.2.1", "1^T 1 of two strings", _published("F.2.1", "tr(XY^T XY^T)")),
    Wrong("Section F.2.2", "one that does not belong", _published("F.2.2", "1^T XX^T YY^T 1")),
    Wrong("Section F.2.3", "one that does not belong", _published("F.2.3", "1^T XY^T 1")),
    Wrong("Section F.2.4", "one that does not belong", _published("F.2.4", "tr(XY^T)")),
    *(_stage(place, EDGE if place == 4 else defaults.staged_task()) for place in range(5)),
    *(
        Wrong(f"Claim F.{number}", "compares nothing", _no_competitors, (Outcome.SAYS_NOTHING,))
        for number in range(2, 7)
    ),
)
