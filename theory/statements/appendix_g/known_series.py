"""Types of real-analytic functions (Definition G.2) and their rules (Lemmas G.3 to G.5).

A function has type (t, b) at a point if its power series there has ``sum |c_n| t^n <= b``. The
rules are checked on functions whose series is known exactly, in rational arithmetic: a partial
absolute sum above the bound is a violation, and cases in which a rule is attained show that its
constants cannot be smaller. In full:

* composition (G.3): inner of type (t, b) less its constant term, outer of type (s, c) at the
  inner's value: the composition has type (t min(1, s / b), c);
* sum (G.4): (min t, b + c); product: (min t, b c);
* derivatives (G.5): ``|f^(n)| <= b n! / t^n``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from theory.statements.appendix_g.power_series import (
    Coefficients,
    absolute_sum,
    exponential,
    geometric,
    polynomial,
    sine,
)
from theory.statements.framework.claims import Claim, Fact
from theory.statements.framework.finding import Case, holding

TERMS = 40

HALF = Fraction(1, 2)

# exp(1/2) from above: 1.6487212707...
EXP_HALF = Fraction(16487212708, 10**10)


def known_functions() -> dict[str, tuple[Coefficients, Fraction, Fraction]]:
    """Name, series at 0, and a type that is known in closed form.

    The absolute sum of exp and sin at 1/2 is at most exp(1/2), that of 1 / (1 - x) is 2, and that
    of a polynomial is itself at the radius.
    """
    return {
        "exp": (exponential(TERMS), HALF, EXP_HALF),
        "sin": (sine(TERMS), HALF, EXP_HALF),
        "1/(1-x)": (geometric(TERMS), HALF, Fraction(2)),
        "3x - x^5": (polynomial([0, 3, 0, 0, 0, -1], TERMS), Fraction(1), Fraction(4)),
        "x^5": (polynomial([0, 0, 0, 0, 0, 1], TERMS), Fraction(2), Fraction(32)),
    }


def within(name: str, series: Coefficients, radius: Fraction, bound: Fraction) -> Claim:
    """That a partial absolute sum is within a bound."""
    partial = absolute_sum(series, radius)
    evidence = {"partial sum": float(partial), "bound": float(bound), "radius": float(radius)}
    return Fact(name, partial <= bound, evidence)


def figure(of: str) -> Callable[[Sequence[Case]], str]:
    """How many are within, on one line."""
    return lambda cases: f"{holding(cases)} of {len(cases)} {of} are within the claimed bounds"
