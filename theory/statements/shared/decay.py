"""The case that a quantity measured at several widths tends to 0."""

from __future__ import annotations

from kernels.estimate import ErrorKind
from theory.networks.power_law import PowerLaw
from theory.statements.framework.verdict import Case, Outcome

SLOWEST = -0.25
"""The exponent that separates decay from a plateau: half of the -1/2 that theory predicts for
averages over a width. Where the limit is not 0, exponents tend to 0."""


def decays(name: str, law: PowerLaw, evidence: dict[str, object] | None = None) -> Case:
    """Whether the confidence band of the fitted exponent lies below `SLOWEST`, above, or neither.

    >>> law = PowerLaw(-0.5, -0.55, -0.45, 1.0, 0.99, (0.25, 0.125))
    >>> str(decays("error", law).outcome), str(decays("error", law).kind)
    ('holds', 'statistical')
    """
    shown = {**law.to_json(), "slowest_exponent_accepted": SLOWEST, **(evidence or {})}
    if law.upper < SLOWEST:
        return Case(name, Outcome.HOLDS, ErrorKind.STATISTICAL, shown)
    if law.lower > SLOWEST:
        return Case(name, Outcome.VIOLATED, ErrorKind.STATISTICAL, shown)
    settles = f"{name}: more draws, for a narrower band than {law.lower:.2f} to {law.upper:.2f}"
    return Case(name, Outcome.INCONCLUSIVE, ErrorKind.STATISTICAL, shown, settles)
