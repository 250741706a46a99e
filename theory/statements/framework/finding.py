"""What a check of a statement says: an outcome, the evidence for it, and how sure it is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kernels.boundary.data_frame import data_frame
from kernels.estimates import ErrorKind
from kernels.estimates.display import html_table
from theory.statements.framework.outcome import Outcome


@dataclass(frozen=True)
class Case:
    """One claim, decided.

    Attributes:
        name: what was claimed, a key of the evidence.
        outcome: what was seen.
        kind: how sure that is.
        evidence: what JSON can hold: the numbers compared, with their errors.
        settles: where inconclusive, what would settle it.
        example: where violated, what the counterexample says; the evidence where left out.
    """

    name: str
    outcome: Outcome
    kind: ErrorKind
    evidence: Mapping[str, object]
    settles: str | None = None
    example: object = None


def holding(cases: Sequence[Case]) -> int:
    """How many of them hold."""
    return sum(case.outcome is Outcome.HOLDS for case in cases)


@dataclass(frozen=True)
class Finding:
    """The result of a check, before the statement puts its name and the time to it.

    Attributes:
        outcome: holds, violated, inconclusive, or says nothing here.
        kind: the weakest kind of error among the numbers that the outcome rests on.
        evidence: what JSON can hold, numbers beside their errors.
        figure: one short string for a table.
        counterexample: where violated, the instance that violates the statement.
        settles: where inconclusive, what would settle it.

    Raises:
        ValueError: a counterexample without a violation, or the reverse; the same for what would
            settle it and an open question.
    """

    outcome: Outcome
    kind: ErrorKind
    evidence: Mapping[str, object]
    figure: str
    counterexample: object = None
    settles: str | None = None

    def __post_init__(self) -> None:
        json.dumps([dict(self.evidence), self.counterexample], allow_nan=False)
        if (self.outcome is Outcome.VIOLATED) != (self.counterexample is not None):
            raise ValueError("a counterexample goes with a violated statement, and only with one")
        if (self.outcome is Outcome.INCONCLUSIVE) != (self.settles is not None):
            raise ValueError("an inconclusive finding, and only one, says what would settle it")


@dataclass(frozen=True)
class Verdict(Finding):
    """A finding with the statement's numbers, its title and the time that the check took.

    Attributes:
        id: the main number.
        ids: that and those of restatements.
        title: of the statement.
        seconds: that the check took.
    """

    id: str = field(default="", kw_only=True)
    ids: tuple[str, ...] = field(default=(), kw_only=True)
    title: str = field(default="", kw_only=True)
    seconds: float = field(default=0.0, kw_only=True)

    def to_json(self) -> dict[str, object]:
        """The fields that scripts rely on.

        What would settle an inconclusive verdict is ``would_settle`` in the evidence, and tables
        that can be drawn are columns by name under ``series``.
        """
        settles = {} if self.settles is None else {"would_settle": self.settles}
        return {
            "id": self.id,
            "ids": list(self.ids),
            "title": self.title,
            "verdict": str(self.outcome),
            "kind": str(self.kind),
            "evidence": {**self.evidence, **settles},
            "counterexample": self.counterexample,
            "seconds": self.seconds,
        }

    def to_pandas(self) -> Any:
        """A ``DataFrame`` of one row, with the task and the kernel's parameters beside the verdict.

        Raises:
            MissingPackageError: pandas is not installed.
        """
        checked = self.evidence.get("checked on", {})
        setting = dict(checked) if isinstance(checked, Mapping) else {}
        parameters = setting.pop("parameters", {})
        columns: dict[str, Sequence[object]] = {
            "id": [self.id],
            "title": [self.title],
            "verdict": [str(self.outcome)],
            "error kind": [str(self.kind)],
            "figure": [self.figure],
            "seconds": [self.seconds],
        }
        return data_frame(columns, {**setting, **parameters})

    def _repr_html_(self) -> str:
        rows = [["verdict", f"{self.outcome} ({self.kind})"], ["figure", self.figure]]
        if self.settles is not None:
            rows.append(["what would settle it", self.settles])
        return html_table(f"{self.id}: {self.title}", [], rows)

    def __str__(self) -> str:
        return f"{self.id} {self.outcome} ({self.kind}): {self.figure}"
