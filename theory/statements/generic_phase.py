"""Almost every (b1, b2) makes N nonsingular (Lemma 4.6).

By Claim E.2 and up to positive factors of rows and columns, N is

    M_ij = exp(t A_ij) + c exp(-t A_ij),   t = b1^2,   c = cos(2 b2),

with A the attention kernel between the templates. At c = 0, det M is the exponential sum
``sum_pi sgn(pi) exp(t S(pi))``. Exponentials with distinct exponents are linearly independent,
their Wronskian being a scaled Vandermonde determinant, and the term of S(id), which no other
permutation shares, cannot cancel. So det M, analytic in (b1, b2), is not identically 0.
"""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
from jaxtyping import Float64
from scipy.optimize import brentq

from kernels.activations import Cosine
from kernels.estimate import ErrorKind, Estimate, EstimateArray
from kernels.transformer import AttentionBased, TransformerKernel
from theory.matrix import template_matrix
from theory.statements.settings import at_most_templates, mixed_task, transformer_kernel
from theory.statements.statement import Doubt, Hypothesis, Setting, Statement
from theory.statements.verdict import Case, Finding, Outcome, conclude, equal, fact

_MOST = 6
_GRID = 400
_ROUNDING = 1e-13


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
    kernel, found = setting.kernel, margin(attention_matrix(setting))
    if found.lower > 0.0:
        return None
    if isinstance(kernel, TransformerKernel) and kernel.beta == 0.0:
        return "at beta = 0 attention is blind and all S(pi) are equal; give a positive beta"
    return Doubt(
        f"the least |S(id) - S(pi)| is {found}, which may be 0; attention values of errors below "
        f"{found.value / (4.0 * len(setting.task)):.0e}, or other beta, gamma, would settle it"
    )


def signed_sum(attention: Float64[np.ndarray, "r r"], t: float) -> float:
    """``sum_pi sgn(pi) exp(t S(pi))``, permutation by permutation.

    >>> round(signed_sum(np.array([[1.0, 0.0], [0.0, 1.0]]), 1.0), 9) == round(math.e**2 - 1, 9)
    True
    """
    r = len(attention)
    total = 0.0
    for pi in permutations(range(r)):
        inversions = sum(pi[i] > pi[j] for j in range(r) for i in range(j))
        total += (-1.0) ** inversions * math.exp(t * sum(attention[i, pi[i]] for i in range(r)))
    return total


def scaled_determinant(attention: Float64[np.ndarray, "r r"], b1: float, b2: float) -> float:
    """det M."""
    t, c = b1 * b1, math.cos(2.0 * b2)
    return float(np.linalg.det(np.exp(t * attention) + c * np.exp(-t * attention)))


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


def zeros_on_line(
    attention: Float64[np.ndarray, "r r"],
    start: tuple[float, float],
    direction: tuple[float, float],
) -> tuple[list[float], int]:
    """Where det M changes its sign on a segment, and how many grid points it vanishes at.

    Returns:
        The parameters in (0, 1), by Brent's method, and the number of grid points at which
        det M is within rounding of 0.
    """

    def at(tau: float) -> float:
        return scaled_determinant(
            attention, start[0] + tau * direction[0], start[1] + tau * direction[1]
        )

    grid = np.linspace(0.0, 1.0, _GRID + 1)
    values = np.array([at(float(tau)) for tau in grid])
    flat = int((np.abs(values) <= _ROUNDING).sum())
    changes = np.flatnonzero(np.sign(values[:-1]) * np.sign(values[1:]) < 0)
    roots = [float(brentq(at, grid[i], grid[i + 1], xtol=1e-14)) for i in changes]
    return roots, flat


def _line_cases(
    attention: Float64[np.ndarray, "r r"], lines: int, rng: np.random.Generator
) -> list[Case]:
    cases = []
    for line in range(lines):
        start = float(rng.uniform(0.8, 1.2)), float(rng.uniform(0.0, math.pi))
        direction = float(rng.uniform(0.2, 0.8)), float(rng.uniform(-math.pi, math.pi))
        roots, flat = zeros_on_line(attention, start, direction)
        isolated = flat <= len(roots) + 2
        evidence = {
            "start": list(start),
            "direction": list(direction),
            "zeros at": roots,
            "grid points within rounding of 0": flat,
        }
        cases.append(fact(f"line {line}", isolated, evidence, ErrorKind.NUMERICAL))
    return cases


def examine_phase(setting: Setting) -> Finding:
    """Premise, exponential sum, Wronskian, and the zeros of det N along lines in (b1, b2)."""
    attention = attention_matrix(setting)
    values, r = attention.values, len(attention.values)
    cases, zero = [], Estimate(0.0, 0.0, ErrorKind.EXACT)
    for t in (0.5, 1.0, 2.0):
        scale = math.factorial(r) * math.exp(t * r * float(np.abs(values).max()))
        direct = float(np.linalg.det(np.exp(t * values)))
        gap = Estimate(
            abs(direct - signed_sum(values, t)), _ROUNDING * r * scale, ErrorKind.NUMERICAL
        )
        cases.append(equal(f"exponential sum at t = {t}", gap, zero, resolution=1e-6 * scale))
    for functions in (2, 3) if setting.quick else (2, 3, 4):
        left = wronskian_difference(functions)
        cases.append(fact(f"Wronskian of {functions}", left == "0", {"less Vandermonde": left}))
    lines = 2 if setting.quick else 6
    along = _line_cases(values, lines, setting.rng())
    good = sum(case.outcome is Outcome.HOLDS for case in along)
    cases += along
    # b1 = 0 is the exception that "almost every" allows: there N is constant.
    at_zero = abs(scaled_determinant(values, 0.0, 0.3)) if r > 1 else 0.0
    evidence = {"margin": margin(attention).to_json()} if r > 1 else {}
    cases.append(fact("b1 = 0 is exceptional", at_zero <= _ROUNDING, {"det M": at_zero}))
    return conclude(
        cases,
        f"det N is 0 at single points at most on {good} of {lines} lines in (b₁, b₂)",
        evidence=evidence,
        entered=attention.kind,
    )


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
