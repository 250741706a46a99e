"""Almost every (b1, b2) makes N nonsingular (Lemma 4.6).

By Claim E.2 and up to positive factors of rows and columns, N is

    M_ij = exp(t A_ij) + c exp(-t A_ij),   t = b1^2,   c = cos(2 b2),

with A the attention kernel between the templates (`phases.determinant` has it scaled). At c = 0,
det M is the exponential sum ``sum_pi sgn(pi) exp(t S(pi))``. Exponentials with distinct exponents
are linearly independent, their Wronskian being a scaled Vandermonde determinant, and the term of
S(id), which no other permutation shares, cannot cancel. So det M, analytic in (b1, b2), is not
identically 0.

What is checked goes further, by A5 of ``docs/theorems-nonsingular.md``: at c = 0 the N of the
kernel, brought to ones on its diagonal, is ``exp(-t d_ij^2 / 2)`` with d_ij the distances in
attention; det N is above 0 along lines in (b1, b2); and the smallest eigenvalue is above a bound.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from kernels.activations import Cosine
from kernels.estimates import Estimate, EstimateArray, Numerical
from kernels.estimates.functions import exponential
from kernels.transformer import TransformerKernel
from theory.conditioning import cosine_bound
from theory.conditioning.distances import squared_distances
from theory.matrix.template_matrix import template_matrix
from theory.statements.framework.claims import Claim, Equal, Every, Fact, Void
from theory.statements.framework.examination import Examination
from theory.statements.framework.finding import Case
from theory.statements.framework.hypothesis import Hypothesis
from theory.statements.framework.outcome import Outcome
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.of_kernels import SHIFTED_COSINE
from theory.statements.section_4_2.phases.determinant import (
    scaled_determinant,
)
from theory.statements.section_4_2.phases.lines import NEAR, line_claim
from theory.statements.section_4_2.phases.margin import attention_matrix, margin, premise_fails
from theory.statements.shared.claims.nonsingular import above_bound, different
from theory.statements.shared.instances.defaults import mixed_task, transformer_kernel

_MOST = 6
"""Templates of which determinants are computed, at most."""

_RESOLUTION = 1e-3
"""Of a correlation, beside 1."""

_ROUNDING = 1e-12
"""Of the angle pi / 4 and of the products of some numbers of order 1."""

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


def correlation_claim(setting: Setting, attention: EstimateArray, b1: float) -> Claim:
    """N of the kernel at cos(2 b2) = 0 against the distances of the templates in attention.

    ``N_ij^2 / (N_ii N_jj) = exp(-b1^2 d_ij^2)``: the left side comes out of the activation's dual,
    the right one out of attention alone.
    """
    kernel = setting.kernel
    assert isinstance(kernel, TransformerKernel)  # a hypothesis of the statement
    there = kernel.set_params(activation=Cosine(b1, math.pi / 4.0))
    n = template_matrix(there, setting.task).entries
    gaussian = exponential(squared_distances(attention) * -(b1**2))
    rounding = Estimate(0.0, Numerical(_ROUNDING))
    parts = []
    for i, first in enumerate(setting.task.templates):
        for j, second in enumerate(setting.task.templates[:i]):
            own = n[i, i] * n[j, j]
            correlation = n[i, j] * n[i, j] / own
            exact = gaussian[i, j] + rounding
            name = f"{first}, {second}"
            parts.append(Equal(name, correlation, exact, resolution=_RESOLUTION))
    name = f"at cos 2b2 = 0 and b1 = {b1:g} N sees distances alone"
    if not parts:
        return Void(name, "one template has no distance to another")
    return Every(name, parts)


def examine_phase(setting: Setting) -> Examination:
    """Distances, Wronskian, and det N along lines in (b1, b2)."""
    whole = attention_matrix(setting)
    # Determinants of the first templates, distances of all.
    r = min(len(whole), _MOST)
    attention: EstimateArray = whole[:r, :r]
    values = attention.values
    claims = [correlation_claim(setting, whole, b1) for b1 in (0.7, 1.0, 1.4)]
    for functions in (2, 3) if setting.quick else (2, 3, 4):
        left = wronskian_difference(functions)
        claims.append(Fact(f"Wronskian of {functions}", left == "0", {"less Vandermonde": left}))
    lines, rng = 2, setting.rng()
    for line in range(lines):
        start = float(rng.uniform(0.8, 1.2)), float(rng.uniform(0.0, math.pi))
        direction = float(rng.uniform(0.2, 0.8)), float(rng.uniform(-math.pi, math.pi))
        claims.append(line_claim(f"{_LINE} {line}", attention, (start, direction)))
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
        return f"det N is 0 or negative on {count[Outcome.VIOLATED]} of {len(along)} lines"
    if count[Outcome.INCONCLUSIVE]:
        left = count[Outcome.INCONCLUSIVE]
        return f"errors leave open on {left} of {len(along)} lines whether det N is 0"
    return f"det N is above 0 on all {len(along)} lines in (b₁, b₂)"


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
