"""What a check of a statement says: an outcome, the evidence for it, and how sure it is.

The verdict on a template matrix is another one, `theory.matrix.verdict`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from kernels.estimate import ErrorKind, Estimate


class Outcome(StrEnum):
    """How a check can end."""

    HOLDS = "holds"
    VIOLATED = "violated"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class Case:
    """One thing that a check looked at; `conclude` makes a finding of several.

    Attributes:
        name: what was looked at, a key of the evidence.
        outcome: what was seen.
        kind: how sure that is.
        evidence: what JSON can hold: the numbers compared, with their errors.
        settles: where inconclusive, what would settle it.
    """

    name: str
    outcome: Outcome
    kind: ErrorKind
    evidence: object
    settles: str | None = None


@dataclass(frozen=True)
class Finding:
    """The result of a check, before the statement puts its name and the time to it.

    Attributes:
        outcome: holds, violated or inconclusive.
        kind: the weakest kind of error among the numbers that the outcome rests on.
        evidence: what JSON can hold, numbers beside their errors.
        figure: one short string for a table.
        counterexample: where violated, the instance that violates the statement.
        settles: where inconclusive, what would settle it.
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
    """A finding with the statement's first id, its title and the time that the check took."""

    id: str = field(default="", kw_only=True)
    title: str = field(default="", kw_only=True)
    seconds: float = field(default=0.0, kw_only=True)

    def to_json(self) -> dict[str, object]:
        """The fields that scripts rely on.

        What would settle an inconclusive verdict is ``would_settle`` in the evidence.
        """
        settles = {} if self.settles is None else {"would_settle": self.settles}
        return {
            "id": self.id,
            "title": self.title,
            "verdict": str(self.outcome),
            "kind": str(self.kind),
            "evidence": {**self.evidence, **settles},
            "counterexample": self.counterexample,
            "seconds": self.seconds,
        }

    def __str__(self) -> str:
        return f"{self.id} {self.outcome} ({self.kind}): {self.figure}"


def fact(name: str, true: bool, evidence: object, kind: ErrorKind = ErrorKind.EXACT) -> Case:
    """A case that is decided: exact arithmetic, or a yes or no of the stated kind.

    >>> fact("count", 144 == 144, {"found": 144}).outcome
    <Outcome.HOLDS: 'holds'>
    """
    return Case(name, Outcome.HOLDS if true else Outcome.VIOLATED, kind, evidence)


def at_most(name: str, value: Estimate, bound: Estimate) -> Case:
    """``value <= bound``, which errors that overlap leave open.

    >>> small, large = (Estimate(v, 0.1, ErrorKind.NUMERICAL) for v in (1.0, 2.0))
    >>> [str(at_most("", *pair).outcome) for pair in ((small, large), (large, small))]
    ['holds', 'violated']
    """
    kind = ErrorKind.weakest([value.kind, bound.kind])
    evidence = {"value": value.to_json(), "bound": bound.to_json()}
    if value.upper <= bound.lower:
        return Case(name, Outcome.HOLDS, kind, evidence)
    if value.lower > bound.upper:
        return Case(name, Outcome.VIOLATED, kind, evidence)
    gap = abs(value.value - bound.value)
    return Case(
        name, Outcome.INCONCLUSIVE, kind, evidence, f"{name}: errors that add up to below {gap:.1g}"
    )


def equal(
    name: str,
    first: Estimate,
    second: Estimate,
    *,
    resolution: float,
    named: tuple[str, str] = ("first", "second"),
) -> Case:
    """``first == second``, as far as their errors can tell.

    Numbers further apart than their errors allow are different. Numbers that are not are equal
    to within those errors, which says little where the errors are large: above ``resolution``
    the case is inconclusive.

    Args:
        name: what is compared.
        first: one route to the number.
        second: the other.
        resolution: the error, absolute, above which agreement counts for nothing.
        named: what the two numbers are in the evidence, where they are not two routes to one.

    >>> one = Estimate(1.0, 1e-9, ErrorKind.NUMERICAL)
    >>> str(equal("", one, Estimate(1.0, 0.5, ErrorKind.NUMERICAL), resolution=1e-6).outcome)
    'inconclusive'
    """
    kind = ErrorKind.weakest([first.kind, second.kind])
    difference, error = abs(first.value - second.value), first.error + second.error
    numbers = {key: one.to_json() for key, one in zip(named, (first, second), strict=True)}
    evidence = {**numbers, "difference": difference}
    if not difference <= error:
        return Case(name, Outcome.VIOLATED, kind, evidence)
    if error > resolution:
        needed = f"{name}: errors that add up to below {resolution:.1g}, not {error:.1g}"
        return Case(name, Outcome.INCONCLUSIVE, kind, evidence, needed)
    return Case(name, Outcome.HOLDS, kind, evidence)


def conclude(
    cases: Sequence[Case],
    figure: str,
    *,
    evidence: Mapping[str, object] | None = None,
    entered: ErrorKind = ErrorKind.EXACT,
) -> Finding:
    """Holds where every case does; violated by the first case that is.

    Args:
        cases: at least one.
        figure: one short string for a table.
        evidence: more numbers to report.
        entered: the kind of numbers that all cases rest on, such as a kernel's values.

    Raises:
        ValueError: no cases, which would hold whatever is true.
    """
    if not cases:
        raise ValueError("a check without cases cannot fail")
    found = {**(evidence or {}), **{case.name: case.evidence for case in cases}}
    violated = [case for case in cases if case.outcome is Outcome.VIOLATED]
    if violated:
        first = violated[0]
        example = {"case": first.name, "evidence": first.evidence}
        kind = ErrorKind.weakest([first.kind, entered])
        return Finding(Outcome.VIOLATED, kind, found, figure, example)
    kind = ErrorKind.weakest([entered, *(case.kind for case in cases)])
    open_cases = [case for case in cases if case.outcome is Outcome.INCONCLUSIVE]
    if open_cases:
        settles = "; ".join(case.settles or case.name for case in open_cases[:3])
        return Finding(Outcome.INCONCLUSIVE, kind, found, figure, None, settles)
    return Finding(Outcome.HOLDS, kind, found, figure)
