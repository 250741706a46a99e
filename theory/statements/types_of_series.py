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

from collections.abc import Sequence
from fractions import Fraction

from kernels.estimate import ErrorKind, Estimate
from theory.statements.power_series import (
    Series,
    absolute_sum,
    composed,
    exponential,
    geometric,
    multiplied,
    polynomial,
    sine,
)
from theory.statements.setting import Setting
from theory.statements.statement import Statement
from theory.statements.verdict import Case, Finding, Outcome, conclude, equal, fact

_TERMS = 40
_HALF = Fraction(1, 2)

# exp(1/2) from above: 1.6487212707...
_EXP_HALF = Fraction(16487212708, 10**10)


def _functions() -> dict[str, tuple[Series, Fraction, Fraction]]:
    """Name, series at 0, and a type that is known in closed form.

    The absolute sum of exp and sin at 1/2 is at most exp(1/2), that of 1 / (1 - x) is 2, and that
    of a polynomial is itself at the radius.
    """
    return {
        "exp": (exponential(_TERMS), _HALF, _EXP_HALF),
        "sin": (sine(_TERMS), _HALF, _EXP_HALF),
        "1/(1-x)": (geometric(_TERMS), _HALF, Fraction(2)),
        "3x - x^5": (polynomial([0, 3, 0, 0, 0, -1], _TERMS), Fraction(1), Fraction(4)),
        "x^5": (polynomial([0, 0, 0, 0, 0, 1], _TERMS), Fraction(2), Fraction(32)),
    }


def _within(name: str, series: Series, radius: Fraction, bound: Fraction) -> Case:
    partial = absolute_sum(series, radius)
    evidence = {"partial sum": float(partial), "bound": float(bound), "radius": float(radius)}
    return fact(name, partial <= bound, evidence)


def _figure(cases: Sequence[Case], of: str) -> str:
    within = sum(case.outcome is Outcome.HOLDS for case in cases)
    return f"{within} of {len(cases)} {of} are within the claimed bounds"


def examine_types(setting: Setting, stretch: Fraction = Fraction(1)) -> Finding:
    """Partial sums of known series against known types, and their limits where they are known."""
    del setting
    cases = [
        _within(name, series, stretch * radius, bound)
        for name, (series, radius, bound) in _functions().items()
    ]
    for name, limit in (("1/(1-x)", 2.0), ("exp", float(_EXP_HALF))):
        series, radius, _ = _functions()[name]
        found = Estimate(float(absolute_sum(series, radius)), 2e-10, ErrorKind.PROVED)
        exact = Estimate(limit, 1e-10, ErrorKind.PROVED)
        cases.append(equal(f"{name}: limit of the partial sums", found, exact, resolution=1e-8))
    return conclude(cases, _figure(cases, "absolute sums of known series"))


TYPES = Statement(
    ids=("Definition G.2",),
    title="Type of a real-analytic function",
    words="A function has type (t, b) at a point if its power series converges absolutely at "
    "radius t, with an absolute sum of at most b.",
    latex=r"\sum_\mu |c_\mu|\, \tau_1(x_0)^{|\mu|} \le \tau_2(x_0)",
    examine=examine_types,
)


def examine_composition(setting: Setting, stretch: Fraction = Fraction(1)) -> Finding:
    """All pairs of functions; the claimed radius is multiplied by ``stretch``, 1 for the lemma."""
    functions = _functions()
    cases = []
    names = list(functions)[: 3 if setting.quick else None]
    for inner_name in names:
        inner, t, b = functions[inner_name]
        start = inner[0]
        moved = (Fraction(0), *inner[1:])
        rest = b - abs(start)  # the inner's absolute sum less its constant term
        for outer_name in names:
            # The outer is expanded at 0 and composed with the inner less its constant term.
            outer, s, c = functions[outer_name]
            radius = stretch * t * min(Fraction(1), s / rest)
            name = f"{outer_name} after {inner_name} - {start}"
            cases.append(_within(name, composed(outer, moved), radius, c))
    line = polynomial([0, 3], _TERMS)
    sharp = composed(geometric(_TERMS), line)
    # The inner 3x has type (1, 3), the outer (1/2, 2): the radius 1/6 is attained in the limit.
    attained = 2 - absolute_sum(sharp, stretch * Fraction(1, 6))
    evidence = {"2 less the partial sum": float(attained)}
    cases.append(fact("1/(1-3x) attains it", 0 <= attained < Fraction(1, 10**9), evidence))
    return conclude(cases, _figure(cases, "compositions"))


COMPOSITION = Statement(
    ids=("Lemma G.3",),
    title="Type of a composition",
    words="If the inner function has type (t, b), its constant term left out, and the outer one "
    "(s, c) at the inner's value, the composition has type (t min(1, s / b), c).",
    latex=r"g \circ f:\ \big(\tau_1 \min(1, \sigma_1/\tau_2),\ \sigma_2\big)",
    examine=examine_composition,
)


def examine_arithmetic(setting: Setting, shrink: Fraction = Fraction(1)) -> Finding:
    """Sums and products of all pairs; the claimed bounds are multiplied by ``shrink``."""
    functions = _functions()
    names = list(functions)[: 3 if setting.quick else None]
    cases = []
    for first in names:
        for second in names:
            (f, t, b), (g, s, c) = functions[first], functions[second]
            radius = min(t, s)
            added = tuple(x + y for x, y in zip(f, g, strict=True))
            cases.append(_within(f"{first} + {second}", added, radius, shrink * (b + c)))
            name = f"{first} * {second}"
            cases.append(_within(name, multiplied(f, g), radius, shrink * b * c))
    return conclude(cases, _figure(cases, "sums and products"))


ARITHMETIC = Statement(
    ids=("Lemma G.4",),
    title="Type of a sum and of a product",
    words="A sum has the smaller radius and the sum of the bounds, a product the smaller radius "
    "and the product of the bounds.",
    latex=r"f + g:\ (\min(\tau_1, \sigma_1), \tau_2 + \sigma_2),\quad "
    r"fg:\ (\min(\tau_1, \sigma_1), \tau_2 \sigma_2)",
    examine=examine_arithmetic,
)


def examine_derivatives(setting: Setting, shrink: Fraction = Fraction(1)) -> Finding:
    """``|c_n| t^n <= b`` for every coefficient; x^5 attains it. ``shrink`` multiplies the bound."""
    del setting
    cases = []
    for name, (series, radius, bound) in _functions().items():
        worst = max(abs(c) * radius**n for n, c in enumerate(series))
        evidence = {"largest |c_n| t^n": float(worst), "bound": float(bound)}
        cases.append(fact(name, worst <= shrink * bound, evidence))
    return conclude(cases, _figure(cases, f"functions, {_TERMS} derivatives each,"))


DERIVATIVES = Statement(
    ids=("Lemma G.5",),
    title="Derivatives of a function of a type",
    words="The derivative of order μ is at most the bound times μ! over the radius to the "
    "power |μ|.",
    latex=r"|\partial^\mu f(x_0)| \le \tau_2(x_0)\, \mu! / \tau_1(x_0)^{|\mu|}",
    examine=examine_derivatives,
)
