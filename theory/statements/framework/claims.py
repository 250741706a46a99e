"""What a check claims, before anything is decided: `theory.statements.framework.decision` does.

A check measures and says what should be true of its numbers. How far numbers may be off before a
claim fails is not its business. Common to all claims:

* ``name``: what is claimed, a key of the evidence.
* ``evidence``: what JSON can hold, beside the numbers compared.
* ``unless``: where not empty, why a claim that fails refutes nothing, and what would settle it.
* ``kind``: how sure the numbers are, and ``chances``: how many comparisons chance can spoil.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kernels.estimates import ErrorKind
from theory.statements.framework.uncertain import Quantity

_Evidence = Mapping[str, object]


@dataclass(frozen=True)
class Fact:
    """A yes or no that exact arithmetic or a computation of the stated kind gives.

    Attributes:
        true: the answer; it should be yes.
        example: the counterexample where it is no; the evidence where left out.
    """

    name: str
    true: bool
    evidence: _Evidence = field(default_factory=dict)
    kind: ErrorKind = ErrorKind.EXACT
    unless: str = ""
    example: object = None

    chances = 0


@dataclass(frozen=True)
class AtMost:
    """``value <= bound``.

    Attributes:
        value: the left-hand side.
        bound: the right-hand side.
        resolution: absolute. By so much more than the bound the value may be where errors do not
            tell; it must still not be seen to exceed the bound.
        trivial: a bound that holds whatever the statement says. A bound that is no smaller says
            nothing: the claim is then inconclusive where it does not fail.
        settles: where errors leave it open, what would settle it.
    """

    name: str
    value: Quantity
    bound: Quantity
    evidence: _Evidence = field(default_factory=dict)
    resolution: float = 0.0
    trivial: float | None = None
    unless: str = ""
    settles: str = ""

    @property
    def kind(self) -> ErrorKind:
        """The weaker one of the two sides."""
        return ErrorKind.weakest([self.value.kind, self.bound.kind])

    @property
    def chances(self) -> int:
        """1 where a side is statistical."""
        return int(self.kind is ErrorKind.STATISTICAL)


@dataclass(frozen=True)
class Equal:
    """``first = second``, to within a resolution.

    Attributes:
        first: one route to the number.
        second: the other.
        resolution: absolute. Agreement that leaves room for a larger difference says nothing.
        coarsest: the radius of the second above which even a difference says nothing.
        named: what the two are in the evidence, where they are not two routes to one number.
        settles: where errors leave it open, what would settle it.
    """

    name: str
    first: Quantity
    second: Quantity
    evidence: _Evidence = field(default_factory=dict)
    resolution: float = field(kw_only=True)
    coarsest: float = field(default=math.inf, kw_only=True)
    named: tuple[str, str] = field(default=("first", "second"), kw_only=True)
    settles: str = field(default="", kw_only=True)
    unless: str = field(default="", kw_only=True)

    @property
    def kind(self) -> ErrorKind:
        """The weaker one of the two."""
        return ErrorKind.weakest([self.first.kind, self.second.kind])

    @property
    def chances(self) -> int:
        """1 where one of the two is statistical."""
        return int(self.kind is ErrorKind.STATISTICAL)


@dataclass(frozen=True)
class Compatible:
    """That draws follow a distribution, or exceed a bound no more often than they may.

    Attributes:
        p_value: of the test of that.
        sparse: whether draws are so few that a claim that fails may well go unseen; a small
            p-value that refutes nothing then leaves the claim open.
    """

    name: str
    p_value: float
    evidence: _Evidence = field(default_factory=dict)
    sparse: bool = False
    unless: str = ""

    kind = ErrorKind.STATISTICAL
    chances = 1


@dataclass(frozen=True)
class Falls:
    """That a quantity falls like a power, faster than an exponent.

    Attributes:
        exponent: the fitted one.
        slowest: the exponent, below 0, that separates a fall from a plateau.
        claimed: an exponent that the fitted one must not exceed as a whole, where there is one.
        settles: where the band leaves it open, what would settle it.
        example: the counterexample where it does not fall; the evidence where left out.
    """

    name: str
    exponent: Quantity
    slowest: float
    evidence: _Evidence = field(default_factory=dict)
    claimed: float | None = None
    settles: str = "more draws or a wider range"
    unless: str = ""
    example: object = None

    kind = ErrorKind.STATISTICAL
    chances = 1


@dataclass(frozen=True)
class Open:
    """What the check itself could not decide.

    Attributes:
        settles: what would settle it.
    """

    name: str
    settles: str
    evidence: _Evidence = field(default_factory=dict)
    kind: ErrorKind = ErrorKind.EXACT

    chances = 0


@dataclass(frozen=True)
class Void:
    """A claim about nothing: its premise is empty on this task.

    Attributes:
        reason: why.
    """

    name: str
    reason: str
    evidence: _Evidence = field(default_factory=dict)

    kind = ErrorKind.EXACT
    chances = 0


@dataclass(frozen=True)
class Every:
    """That all of several claims are true, shown as one: by the first that fails or stays open.

    Attributes:
        parts: at least one.
    """

    name: str
    parts: Sequence[Claim]
    evidence: _Evidence = field(default_factory=dict)
    unless: str = ""

    @property
    def kind(self) -> ErrorKind:
        """The weakest of the parts."""
        return ErrorKind.weakest(part.kind for part in self.parts)

    @property
    def chances(self) -> int:
        """Those of all parts."""
        return sum(part.chances for part in self.parts)


@dataclass(frozen=True)
class Provided:
    """A claim that says nothing unless another one is seen to hold.

    Attributes:
        premise: the other one.
        claim: what is claimed.
        settles: what would settle it where the premise is not seen to hold.
    """

    premise: Claim
    claim: Claim
    settles: str

    @property
    def name(self) -> str:
        """That of the claim."""
        return self.claim.name

    @property
    def kind(self) -> ErrorKind:
        """The weaker one of claim and premise."""
        return ErrorKind.weakest([self.premise.kind, self.claim.kind])

    @property
    def chances(self) -> int:
        """Those of claim and premise."""
        return self.premise.chances + self.claim.chances


Claim = Fact | AtMost | Equal | Compatible | Falls | Open | Void | Every | Provided
"""Anything that `decision.decide` decides."""
