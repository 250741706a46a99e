"""The verdicts that the page shows, and how a verdict looks in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from theory.statements import Series, Statement
from validation.experiments.scale import Scale
from validation.experiments.statement_check import StatementCheck
from validation.report.workspace import Workspace


@dataclass(frozen=True)
class Checked:
    """A statement and its verdict.

    Attributes:
        statement: which one.
        verdict: as `theory.statements.Verdict.to_json` has it.
        figure: one line on it.
    """

    statement: Statement
    verdict: dict[str, Any]
    figure: str

    @property
    def outcome(self) -> str:
        """Holds, violated, inconclusive, or says nothing here."""
        return str(self.verdict["verdict"])

    @property
    def key(self) -> str:
        """The anchor of the statement in the page."""
        return anchor(self.statement.id)

    def series(self, name: str) -> Series:
        """A table of the evidence, by its key."""
        return Series.from_json(name, self.verdict["evidence"]["series"][name])

    def badge(self) -> Markup:
        """The outcome, marked by more than its colour: it is written out."""
        return Markup('<span class="verdict {}">{}</span>').format(
            self.outcome.replace(" ", "-"), self.outcome
        )


def anchor(name: str) -> str:
    """A name as the anchor of a page.

    >>> anchor("Equation (12)")
    'equation-12'
    """
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-")


def check_all(statements: Sequence[Statement], workspace: Workspace) -> list[Checked]:
    """The verdicts on the statements' own tasks, computed or found from an earlier run."""
    quick = workspace.scale is Scale.QUICK
    points = [StatementCheck(one.id, quick=quick) for one in statements]
    found: list[Checked] = []
    for one, measured in zip(
        statements, workspace.laboratory.measure(points, "statements"), strict=True
    ):
        result: dict[str, Any] = measured.result
        found.append(Checked(one, result["verdict"], result["figure"]))
    return found
