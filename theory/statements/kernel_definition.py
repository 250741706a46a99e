"""Equation (3): the package's transformer kernel against its definition, by sampling alone.

Nothing of the package enters but the kernel examined: logits are drawn as ``X zeta + gamma p``,
and the read-outs ``(u, v)`` as Gaussians with the covariance that the kernel reports.
"""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float64

from kernels.estimate import ErrorKind, Estimate
from kernels.tokens import tokenize
from kernels.transformer import TransformerKernel
from theory.statements.appendix_h import substituted
from theory.statements.settings import needs_kernel, small_task, transformer_kernel
from theory.statements.statement import Setting, Statement
from theory.statements.verdict import Case, Finding, Outcome, conclude

_STANDARD_ERRORS = 6.0
"""By how many a sample mean may miss: a chance of 2e-9 for each pair."""

_COARSEST = 0.05
"""The detectable difference, relative to the scale of the kernel, above which agreement counts
for nothing."""

_PAIRS = 10


def _softmax(logits: Float64[np.ndarray, "n k"]) -> Float64[np.ndarray, "n k"]:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def sampled_attention(
    kernel: TransformerKernel, x: str, y: str, draws: int, rng: np.random.Generator
) -> Estimate:
    """``E[smax(beta m(X))^T (X Y^T + gamma^2 I) smax(beta m(Y))]``: mean and standard error."""
    first, second = tokenize(x), tokenize(y)
    names = sorted({*first, *second})
    k, gamma = len(first), kernel.gamma
    beta = kernel.beta * (math.sqrt(1.0 + gamma**2) if kernel.scaling == "appendix-H" else 1.0)
    zeta, p = rng.standard_normal((draws, len(names))), rng.standard_normal((draws, k))
    read = [
        _softmax(beta * (zeta[:, [names.index(token) for token in tokens]] + gamma * p))
        for tokens in (first, second)
    ]
    agree = np.array([[float(a == b) for b in second] for a in first]) + gamma**2 * np.eye(k)
    return _mean(np.einsum("ni,ij,nj->n", read[0], agree, read[1], optimize=True))


def _mean(values: Float64[np.ndarray, " n"]) -> Estimate:
    error = float(values.std(ddof=1)) / math.sqrt(len(values))
    return Estimate(float(values.mean()), error, ErrorKind.STATISTICAL)


def _case(name: str, sampled: Estimate, stated: Estimate, scale: float) -> Case:
    gap = abs(sampled.value - stated.value)
    allowed = _STANDARD_ERRORS * sampled.error + stated.error + 1e-12 * scale
    if stated.kind is ErrorKind.STATISTICAL:
        allowed += (_STANDARD_ERRORS - 1.0) * stated.error
    evidence = {"kernel": stated.to_json(), "sampled": sampled.to_json(), "allowed": allowed}
    outcome, settles = Outcome.HOLDS, None
    if not gap <= allowed:
        outcome = Outcome.VIOLATED
    elif allowed > _COARSEST * scale:
        outcome = Outcome.INCONCLUSIVE
        settles = f"{name}: errors that add up to below {_COARSEST * scale:.1g}"
    return Case(name, outcome, ErrorKind.STATISTICAL, evidence, settles)


def examine_definition(setting: Setting) -> Finding:
    """Attention and kernel at the pairs of strings that N compares, against sample means."""
    kernel, rng = setting.kernel, setting.rng()
    assert isinstance(kernel, TransformerKernel)  # a hypothesis of the statement
    draws = 20_000 if setting.quick else 100_000
    strings = substituted(setting.task)
    rows, columns = np.triu_indices(len(strings))
    order = rng.permutation(len(rows))[: _PAIRS // 2 if setting.quick else _PAIRS]
    cases = []
    for place in order.tolist():
        x, y = strings[int(rows[place])], strings[int(columns[place])]
        own = [kernel.attention_kernel(*pair) for pair in ((x, x), (x, y), (y, y))]
        xx, xy, yy = (e.value for e in own)
        sampled = sampled_attention(kernel, x, y, draws, rng)
        cases.append(_case(f"K_attn({x}, {y})", sampled, own[1], math.sqrt(xx * yy)))
        g = rng.standard_normal((2, draws))
        u = math.sqrt(xx) * g[0]
        v = xy / math.sqrt(xx) * g[0] + math.sqrt(max(yy - xy * xy / xx, 0.0)) * g[1]
        phi_u, phi_v = kernel.activation(u), kernel.activation(v)
        scale = math.sqrt(float((phi_u**2).mean() * (phi_v**2).mean()))
        cases.append(_case(f"K_trans({x}, {y})", _mean(phi_u * phi_v), kernel(x, y), scale))
    agree = sum(case.outcome is Outcome.HOLDS for case in cases)
    return conclude(cases, f"{agree} of {len(cases)} values are as {draws} draws say")


DEFINITION = Statement(
    ids=("Equation (3)",),
    title="The transformer kernel",
    words="K_trans is the expectation of φ(u) φ(v) for Gaussian (u, v) whose covariance is the "
    "attention kernel; that is the expected read-out of two softmaxes of Gaussian logits. The "
    "kernel given is compared with this definition, both expectations replaced by sample means.",
    latex=r"K_{trans}(X, Y) = \mathbb{E}[\phi(u)\phi(v)],\quad (u, v) \sim N\Big(0, "
    r"\begin{bmatrix} K_{attn}(X,X) & K_{attn}(X,Y) \\ K_{attn}(Y,X) & K_{attn}(Y,Y) "
    r"\end{bmatrix}\Big)",
    examine=examine_definition,
    hypotheses=(needs_kernel(TransformerKernel, "the kernel is a transformer kernel"),),
    default_task=small_task,
    default_kernel=transformer_kernel,
)
