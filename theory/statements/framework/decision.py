"""The one place that decides: claims become outcomes, at one significance for a whole check.

A claim is violated where numbers contradict it by more than chance and errors allow. Each number is
asked for its radius at the level ``SIGNIFICANCE / m``, m the number of comparisons in the check
that chance can spoil: by Bonferroni's inequality all radii hold at once but for a probability of
SIGNIFICANCE, so that a true statement is seen violated no more often than that.

A claim holds where its numbers, radii included, leave no room for what would make it false:

    value + r + r' <= bound + resolution           (AtMost),
    |first - second| + r + r' <= resolution        (Equal),
    exponent + r < slowest                         (Falls, r at the level RISK).

Between the two it is inconclusive.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

from kernels.estimates import ErrorKind
from theory.significance import SIGNIFICANCE
from theory.statements.framework.claims import (
    AtMost,
    Claim,
    Compatible,
    Equal,
    Every,
    Fact,
    Falls,
    Open,
    Provided,
    Void,
)
from theory.statements.framework.examination import Examination
from theory.statements.framework.finding import Case, Finding
from theory.statements.framework.outcome import Outcome
from theory.statements.framework.uncertain import Quantity

RISK = 0.01
"""The chance, at most, that a fall is seen in what stays the same, and the p-value below which few
draws leave open what they do not refute."""

_HOLDS, _VIOLATED, _OPEN = Outcome.HOLDS, Outcome.VIOLATED, Outcome.INCONCLUSIVE


def level(comparisons: int) -> float:
    """The significance of each of several comparisons, so that of all together is SIGNIFICANCE.

    >>> level(10)
    1e-07
    """
    return SIGNIFICANCE / max(comparisons, 1)


def differ(first: Quantity, second: Quantity, comparisons: int = 1) -> bool:
    """Whether two numbers are surely not the same; numbers that are not finite differ."""
    each = level(comparisons)
    return not abs(first.value - second.value) <= first.radius(each) + second.radius(each)


def decide(examination: Examination) -> Finding:
    """Decide what a check claims.

    Holds where every claim does; violated by the first that is; says nothing where no claim says
    anything.
    """
    claims, evidence = examination.claims, dict(examination.evidence)
    chances = sum(claim.chances for claim in claims)
    if chances:
        evidence["significance"] = {"of the check": SIGNIFICANCE, "comparisons": chances}
    if examination.series:
        evidence["series"] = {one.name: one.to_json() for one in examination.series}
    cases = [decided(claim, level(chances)) for claim in claims]
    evidence |= {case.name: case.evidence for case in cases}
    outcome, kind, telling = _together(cases)
    figure = examination.figure
    words = figure if isinstance(figure, str) else figure(cases)
    kind = ErrorKind.weakest([kind, examination.entered])
    if outcome is _VIOLATED:
        first = telling[0]
        shown = {"case": first.name, "evidence": first.evidence}
        return Finding(outcome, kind, evidence, words, first.example or shown)
    if outcome is _OPEN:
        settles = "; ".join(case.settles or case.name for case in telling[:3])
        return Finding(outcome, kind, evidence, words, None, settles)
    return Finding(outcome, kind, evidence, words)


def _together(cases: Sequence[Case]) -> tuple[Outcome, ErrorKind, list[Case]]:
    """The outcome of all claims, its kind, and the cases that decide it."""
    for outcome in (_VIOLATED, _OPEN):
        telling = [case for case in cases if case.outcome is outcome]
        if telling:
            rest = telling[:1] if outcome is _VIOLATED else cases
            return outcome, ErrorKind.weakest(case.kind for case in rest), telling
    said = [case for case in cases if case.outcome is _HOLDS]
    outcome = _HOLDS if said else Outcome.SAYS_NOTHING
    return outcome, ErrorKind.weakest(case.kind for case in said), said or list(cases)


def decided(claim: Claim, each: float) -> Case:
    """One claim, decided.

    Args:
        claim: which one.
        each: the significance of each comparison in it.
    """
    case = _decided(claim, each)
    unless = getattr(claim, "unless", "")
    if case.outcome is _VIOLATED and unless:
        return Case(case.name, _OPEN, case.kind, case.evidence, unless)
    return case


@singledispatch
def _decided(claim: Claim, each: float) -> Case:
    raise TypeError(f"no claim: {claim!r} at {each}")


@_decided.register
def _fact(claim: Fact, each: float) -> Case:  # noqa: ARG001 - nothing is uncertain
    outcome = _HOLDS if claim.true else _VIOLATED
    return Case(claim.name, outcome, claim.kind, claim.evidence, example=claim.example)


@_decided.register
def _left_open(claim: Open, each: float) -> Case:  # noqa: ARG001
    return Case(claim.name, _OPEN, claim.kind, claim.evidence, claim.settles)


@_decided.register
def _void(claim: Void, each: float) -> Case:  # noqa: ARG001
    evidence = {**claim.evidence, "says nothing": claim.reason}
    return Case(claim.name, Outcome.SAYS_NOTHING, claim.kind, evidence)


@_decided.register
def _provided(claim: Provided, each: float) -> Case:
    case = decided(claim.claim, each)
    if decided(claim.premise, each).outcome is _HOLDS:
        return case
    return Case(claim.name, _OPEN, claim.kind, case.evidence, claim.settles)


@_decided.register
def _at_most(claim: AtMost, each: float) -> Case:
    value, bound = claim.value, claim.bound
    evidence = {"value": value.to_json(), "bound": bound.to_json(), **claim.evidence}
    room = value.radius(each) + bound.radius(each)
    if claim.trivial is not None:
        # Infinite where the trivial value is 0: JSON has no name for that.
        share = bound.value / claim.trivial if claim.trivial else None
        evidence["bound over the trivial one"] = share
    if value.value - bound.value > room:
        return Case(claim.name, _VIOLATED, claim.kind, evidence)
    if claim.trivial is not None and bound.value >= claim.trivial:
        settles = f"{claim.name}: a bound below {claim.trivial:.2g}, which holds whatever is true"
        return Case(claim.name, _OPEN, claim.kind, evidence, settles)
    if value.value + room <= bound.value + claim.resolution:
        return Case(claim.name, _HOLDS, claim.kind, evidence)
    gap = abs(value.value - bound.value)
    needed = f"errors that add up to below {gap:.1g}"
    settles = f"{claim.name}: {claim.settles or needed}"
    return Case(claim.name, _OPEN, claim.kind, evidence, settles)


@_decided.register
def _equal(claim: Equal, each: float) -> Case:
    first, second = claim.first, claim.second
    numbers = {key: one.to_json() for key, one in zip(claim.named, (first, second), strict=True)}
    difference = abs(first.value - second.value)
    own = second.radius(each)
    room = first.radius(each) + own
    evidence = {**numbers, "difference": difference, **claim.evidence}
    if not difference <= room and own <= claim.coarsest:
        return Case(claim.name, _VIOLATED, claim.kind, evidence)
    if difference + room <= claim.resolution:
        return Case(claim.name, _HOLDS, claim.kind, evidence)
    needed = f"errors that add up to below {claim.resolution:.1g}, not {room:.1g}"
    settles = f"{claim.name}: {claim.settles or needed}"
    return Case(claim.name, _OPEN, claim.kind, evidence, settles)


@_decided.register
def _compatible(claim: Compatible, each: float) -> Case:
    evidence = {**claim.evidence, "p_value": claim.p_value}
    if claim.p_value < each:
        return Case(claim.name, _VIOLATED, claim.kind, evidence)
    if claim.sparse and claim.p_value < RISK:
        settles = f"{claim.name}: more draws, the p-value is now {claim.p_value:.1g}"
        return Case(claim.name, _OPEN, claim.kind, evidence, settles)
    return Case(claim.name, _HOLDS, claim.kind, evidence)


@_decided.register
def _falls(claim: Falls, each: float) -> Case:
    fitted, band = claim.exponent.value, claim.exponent.radius(RISK)
    low, high = fitted - band, fitted + band
    evidence = {
        "exponent": fitted,
        "band": [low, high],
        "confidence": 1.0 - RISK,
        "slowest exponent accepted": claim.slowest,
        **claim.evidence,
    }
    steepest = fitted - claim.exponent.radius(each)
    if steepest > claim.slowest:
        return Case(claim.name, _VIOLATED, claim.kind, evidence, example=claim.example)
    if high < claim.slowest and (claim.claimed is None or steepest <= claim.claimed):
        return Case(claim.name, _HOLDS, claim.kind, evidence)
    beside = "" if claim.claimed is None else f" beside {claim.claimed:g}"
    settles = f"{claim.name}: {claim.settles}, the exponent is now {low:.2f} to {high:.2f}"
    return Case(claim.name, _OPEN, claim.kind, evidence, settles + beside)


@_decided.register
def _every(claim: Every, each: float) -> Case:
    cases = [decided(part, each) for part in claim.parts]
    outcome, kind, telling = _together(cases)
    evidence: dict[str, object] = {**claim.evidence, "compared": len(cases)}
    if outcome in (_VIOLATED, _OPEN):
        evidence["first"] = {"name": telling[0].name, **telling[0].evidence}
        evidence["so many"] = len(telling)
    settles = telling[0].settles if outcome is _OPEN else None
    return Case(claim.name, outcome, kind, evidence, settles)
