"""Almost every (b1, b2) makes N nonsingular (Lemma 4.6).

By Claim E.2 and up to positive factors of rows and columns, N is

    M_ij = exp(t A_ij) + c exp(-t A_ij),   t = b1^2,   c = cos(2 b2),

with A the attention kernel between the templates (`phases.determinant` has it scaled). At c = 0,
det M is the exponential sum ``sum_pi sgn(pi) exp(t S(pi))``. Exponentials with distinct exponents
are linearly independent, their Wronskian being a scaled Vandermonde determinant, and the term of
S(id), which no other permutation shares, cannot cancel. So det M, analytic in (b1, b2), is not
identically 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import mpmath
import numpy as np
from jaxtyping import Float64

from kernels.activations import Cosine
from kernels.estimates import ErrorKind, EstimateArray
from kernels.transformer import TransformerKernel
from theory.conditioning import cosine_bound
from theory.statements.framework.claims import Claim, Fact, Open
from theory.statements.framework.examination import Examination
from theory.statements.framework.finding import Case
from theory.statements.framework.hypothesis import Hypothesis
from theory.statements.framework.outcome import Outcome
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.of_kernels import SHIFTED_COSINE
from theory.statements.section_4_2.phases.determinant import (
    DIGITS,
    MANY_DIGITS,
    exponential_determinant,
    scaled_determinant,
    signed_sum,
)
from theory.statements.section_4_2.phases.lines import NEAR, line_claim
from theory.statements.section_4_2.phases.margin import attention_matrix, margin, premise_fails
from theory.statements.shared.defaults import mixed_task, transformer_kernel
from theory.statements.shared.nonsingular import above_bound, different

_MOST = 6
"""Templates whose permutations are enumerated, at most."""

_LINE = "line"


def wronskian_difference(functions: int) -> str:
    """The Wronskian of exponentials less ``exp(t sum s) prod (s_j - s_i)``, simplified: ``"0"``.

    >>> wronskian_difference(2)
    '0'
    """
    import sympy  # noqa: PLC0415 - takes half a second to load

    t = sympy.symbols("t")
    s = sympy.symbols(f"s1:{functions + 1}")
    wronskian = sympy.Matrix(
        functions, functions, lambda i, j: sympy.diff(sympy.exp(s[j] * t), t, i)
    )
    scale = sympy.exp(t * sum(s))
    vandermonde = sympy.prod(s[j] - s[i] for j in range(functions) for i in range(j))
    powers = wronskian.applyfunc(lambda entry: entry)
    for j in range(functions):
        powers[:, j] = powers[:, j] * sympy.exp(-s[j] * t)
    return str(sympy.expand((sympy.simplify(powers).det() - vandermonde) * scale))


def sum_claim(attention: Float64[np.ndarray, "r r"], t: float) -> Claim:
    """det M at c = 0 against the exponential sum, to more digits than the two have in common."""
    for digits in (DIGITS, MANY_DIGITS):
        direct, rounding = exponential_determinant(attention, t, digits)
        telling = rounding < 1e-6 * abs(direct)
        if telling:
            break
    total = signed_sum(attention, t, digits)
    evidence = {
        "determinant": mpmath.nstr(direct, 15),
        "sum": mpmath.nstr(total, 15),
        "difference": mpmath.nstr(abs(direct - total), 5),
        "rounding": mpmath.nstr(rounding, 5),
    }
    name, kind = f"exponential sum at t = {t}", ErrorKind.NUMERICAL
    if abs(direct - total) > rounding:
        return Fact(name, False, evidence, kind)
    if not telling:
        settles = f"{name}: a determinant that {digits} digits tell from 0; a larger beta"
        return Open(name, settles, evidence, kind)
    return Fact(name, True, evidence, kind)


def examine_phase(setting: Setting) -> Examination:
    """Premise, exponential sum, Wronskian, and the zeros of det N along lines in (b1, b2)."""
    whole = attention_matrix(setting)
    # Permutations and determinants, one by one, of the first templates; distances of all.
    r = min(len(whole), _MOST)
    attention: EstimateArray = whole[:r, :r]
    values = attention.values
    claims: list[Claim] = [sum_claim(values, t) for t in (0.5, 1.0, 2.0)]
    for functions in (2, 3) if setting.quick else (2, 3, 4):
        left = wronskian_difference(functions)
        claims.append(Fact(f"Wronskian of {functions}", left == "0", {"less Vandermonde": left}))
    lines, rng = 2, setting.rng()
    for line in range(lines):
        start = float(rng.uniform(0.8, 1.2)), float(rng.uniform(0.0, math.pi))
        direction = float(rng.uniform(0.2, 0.8)), float(rng.uniform(-math.pi, math.pi))
        claims.append(line_claim(f"{_LINE} {line}", attention, start, direction))
    claims += bound_claims(setting)
    evidence = {}
    if r > 1:
        evidence = {"margin": margin(whole).to_json()}
        # b1 = 0 is the exception that "almost every" allows: there N is constant.
        at_zero = abs(scaled_determinant(values, 0.0, 0.3))
        shown = {"det M": float(at_zero)}
        claims.append(Fact("b1 = 0 is exceptional", bool(at_zero <= NEAR), shown))
    return Examination(claims, _said, evidence, entered=attention.kind)


def bound_claims(setting: Setting) -> list[Claim]:
    """A2, A3: N is positive definite at every b1 other than 0 and every b2; A5 says how much so."""
    kernel, rng = setting.kernel, np.random.default_rng([setting.seed, 1])
    assert isinstance(kernel, TransformerKernel)  # a hypothesis of the statement
    claims: list[Claim] = [different(setting.task)]
    for _ in range(2 if setting.quick else 6):
        b1, b2 = float(rng.uniform(0.5, 2.0)), float(rng.uniform(0.2, 1.3))
        there = kernel.set_params(activation=Cosine(b1, b2))
        found = cosine_bound(there, setting.task)
        claims.append(above_bound(f"b1 {b1:.3f}, b2 {b2:.3f}", found))
    return claims


def _said(cases: Sequence[Case]) -> str:
    """What the lines say, in one line."""
    along = [case for case in cases if case.name.startswith(_LINE)]
    count = {outcome: sum(case.outcome is outcome for case in along) for outcome in Outcome}
    if count[Outcome.VIOLATED]:
        return f"det N vanishes on {count[Outcome.VIOLATED]} of {len(along)} lines in (b₁, b₂)"
    if count[Outcome.INCONCLUSIVE]:
        left = count[Outcome.INCONCLUSIVE]
        return f"errors leave open on {left} of {len(along)} lines whether det N is 0"
    return f"det N is 0 at single points at most on all {len(along)} lines in (b₁, b₂)"


STATEMENT = Statement(
    ids=("Lemma 4.6", "Lemma C.3", "Lemma E.1"),
    title="N is nonsingular for almost every phase",
    words="If S(id) differs from S(π) for every other permutation π of the templates, N is "
    "nonsingular for almost every (b₁, b₂); by theorem A2, A3 for every b₁ other than 0 and every "
    "b₂.",
    latex=r"S(\pi) = \sum_i K_{attn}(\mathrm{sub}(z_i, s), \mathrm{sub}(z_{\pi(i)}, s')),\quad "
    r"\det N \propto \sum_\pi \mathrm{sgn}(\pi) e^{b_1^2 S(\pi)}\ (\cos 2b_2 = 0)",
    examine=examine_phase,
    hypotheses=(
        SHIFTED_COSINE,
        Hypothesis("S(id) differs from every other S(pi)", "kernel", premise_fails),
    ),
    default_task=mixed_task,
    default_kernel=transformer_kernel,
)
