"""Almost every (b1, b2) makes N nonsingular (Lemma 4.6).

By Claim E.2 and up to positive factors of rows and columns, N is

    M_ij = exp(t A_ij) + c exp(-t A_ij),   t = b1^2,   c = cos(2 b2),

with A the attention kernel between the templates (`phase_determinant` has it scaled). At c = 0,
det M is the exponential sum ``sum_pi sgn(pi) exp(t S(pi))``. Exponentials with distinct exponents
are linearly independent, their Wronskian being a scaled Vandermonde determinant, and the term of
S(id), which no other permutation shares, cannot cancel. So det M, analytic in (b1, b2), is not
identically 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import permutations

import mpmath
import numpy as np
from jaxtyping import Float64
from kernels.estimate import ErrorKind, Estimate, EstimateArray

from kernels.activations import Cosine
from kernels.transformer import AttentionBased, TransformerKernel
from theory.matrix.template_matrix import template_matrix
from theory.matrix.verdict import allowed_multiple
from theory.statements.hypothesis import Doubt, Hypothesis
from theory.statements.phase_determinant import (
    DIGITS,
    MANY_DIGITS,
    exponential_determinant,
    scaled_determinant,
    signed_sum,
)
from theory.statements.phase_lines import NEAR, line_case
from theory.statements.setting import Setting
from theory.statements.settings import at_most_templates, mixed_task, transformer_kernel
from theory.statements.statement import Statement
from theory.statements.verdict import Case, Finding, Outcome, conclude, fact

_MOST = 6


def _not_cosine(setting: Setting) -> str | None:
    kernel = setting.kernel
    if isinstance(kernel, TransformerKernel) and isinstance(kernel.activation, Cosine):
        return None
    return "give a TransformerKernel with the activation Cosine"


def attention_matrix(setting: Setting) -> EstimateArray:
    """A: the attention kernel between the templates, substituted with different tokens."""
    kernel = setting.kernel
    if not isinstance(kernel, AttentionBased):
        raise TypeError("the hypotheses ask for a kernel with attention")
    return template_matrix(kernel.attention_kernel, setting.task).entries


def margin(attention: EstimateArray) -> Estimate:
    """The least ``|S(id) - S(pi)|`` over the permutations other than the identity."""
    values, r = attention.values, len(attention.values)
    rows = np.arange(r)
    best = min(
        abs(float(np.trace(values) - values[rows, list(pi)].sum()))
        for pi in permutations(range(r))
        if list(pi) != list(rows)
    )
    return Estimate(best, 2.0 * r * attention.largest_error, attention.kind)


def _premise_fails(setting: Setting) -> str | Doubt | None:
    if len(setting.task) < 2:
        return None
    kernel, attention = setting.kernel, attention_matrix(setting)
    found = margin(attention)
    multiple = allowed_multiple(attention.kind, attention.values.size)
    if found.value > multiple * found.error:
        return None
    if isinstance(kernel, TransformerKernel) and kernel.beta == 0.0:
        return "at beta = 0 attention is blind and all S(pi) are equal; give a positive beta"
    needed = found.value / (4.0 * multiple * len(setting.task))
    return Doubt(
        f"the least |S(id) - S(pi)| is {found}, which may be 0; attention values of errors below "
        f"{needed:.0e}, or other beta, gamma, would settle it"
    )


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


def sum_case(attention: Float64[np.ndarray, "r r"], t: float) -> Case:
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
        return Case(name, Outcome.VIOLATED, kind, evidence)
    if not telling:
        settles = f"{name}: a determinant that {digits} digits tell from 0; a larger beta"
        return Case(name, Outcome.INCONCLUSIVE, kind, evidence, settles)
    return Case(name, Outcome.HOLDS, kind, evidence)


def examine_phase(setting: Setting) -> Finding:
    """Premise, exponential sum, Wronskian, and the zeros of det N along lines in (b1, b2)."""
    attention = attention_matrix(setting)
    values, r = attention.values, len(attention.values)
    cases = [sum_case(values, t) for t in (0.5, 1.0, 2.0)]
    for functions in (2, 3) if setting.quick else (2, 3, 4):
        left = wronskian_difference(functions)
        cases.append(fact(f"Wronskian of {functions}", left == "0", {"less Vandermonde": left}))
    lines, rng = 2 if setting.quick else 6, setting.rng()
    along = []
    for line in range(lines):
        start = float(rng.uniform(0.8, 1.2)), float(rng.uniform(0.0, math.pi))
        direction = float(rng.uniform(0.2, 0.8)), float(rng.uniform(-math.pi, math.pi))
        along.append(line_case(f"line {line}", attention, start, direction))
    cases += along
    evidence = {}
    if r > 1:
        evidence = {"margin": margin(attention).to_json()}
        # b1 = 0 is the exception that "almost every" allows: there N is constant.
        at_zero = abs(scaled_determinant(values, 0.0, 0.3))
        shown = {"det M": float(at_zero)}
        cases.append(fact("b1 = 0 is exceptional", bool(at_zero <= NEAR), shown))
    return conclude(cases, _said(along), evidence=evidence, entered=attention.kind)


def _said(along: Sequence[Case]) -> str:
    """What the lines say, in one line."""
    count = {outcome: sum(case.outcome is outcome for case in along) for outcome in Outcome}
    if count[Outcome.VIOLATED]:
        return f"det N vanishes on {count[Outcome.VIOLATED]} of {len(along)} lines in (b₁, b₂)"
    if count[Outcome.INCONCLUSIVE]:
        left = count[Outcome.INCONCLUSIVE]
        return f"errors leave open on {left} of {len(along)} lines whether det N is 0"
    return f"det N is 0 at single points at most on all {len(along)} lines in (b₁, b₂)"


PHASE = Statement(
    ids=("Lemma 4.6", "Lemma C.3", "Lemma E.1"),
    title="N is nonsingular for almost every phase",
    words="If S(id) differs from S(π) for every other permutation π of the templates, N is "
    "nonsingular for almost every (b₁, b₂).",
    latex=r"S(\pi) = \sum_i K_{attn}(\mathrm{sub}(z_i, s), \mathrm{sub}(z_{\pi(i)}, s')),\quad "
    r"\det N \propto \sum_\pi \mathrm{sgn}(\pi) e^{b_1^2 S(\pi)}\ (\cos 2b_2 = 0)",
    examine=examine_phase,
    hypotheses=(
        Hypothesis("the kernel is K_trans with phi = cos(b1 t + b2)", "kernel", _not_cosine),
        at_most_templates(_MOST),
        Hypothesis("S(id) differs from every other S(pi)", "kernel", _premise_fails),
    ),
    default_task=mixed_task,
    default_kernel=transformer_kernel,
)
