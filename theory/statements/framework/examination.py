"""What a check hands over to be decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kernels.estimates import ErrorKind
from theory.statements.framework.claims import Claim
from theory.statements.framework.finding import Case
from theory.statements.framework.series import Series


@dataclass(frozen=True)
class Examination:
    """What a check looked at and claims.

    Attributes:
        claims: at least one.
        figure: one short string for a table, or how the decided claims make one.
        evidence: more numbers to report, what JSON can hold.
        series: tables to draw, under ``"series"`` in the evidence.
        entered: the kind of numbers that all claims rest on, such as a kernel's values.

    Raises:
        ValueError: no claims.
    """

    claims: Sequence[Claim]
    figure: str | Callable[[Sequence[Case]], str]
    evidence: Mapping[str, object] = field(default_factory=dict)
    series: Sequence[Series] = ()
    entered: ErrorKind = ErrorKind.EXACT

    def __post_init__(self) -> None:
        if not self.claims:
            raise ValueError("a check without claims cannot fail")
