"""Equation (3): the package's transformer kernel against its definition, by sampling alone.

Nothing of the package enters but the kernel examined: logits are drawn as ``X zeta + gamma p``,
and the read-outs ``(u, v)`` as Gaussians with the covariance that the kernel reports. How far a
sample may be off is bounded without use of its own scatter where that may deceive: the read-outs of
the attention are bounded, and the variance of ``phi(u) phi(v)``, which can be heavy-tailed, comes
from a quadrature of its own (`tails`).
"""

from __future__ import annotations

import math

import numpy as np

from kernels.activations import Activation
from kernels.estimates import Estimate, Numerical
from kernels.transformer import TransformerKernel
from theory.statements.framework.claims import Claim, Equal, Open
from theory.statements.framework.decision import level
from theory.statements.framework.examination import Examination
from theory.statements.framework.finding import holding
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.framework.uncertain import Quantity
from theory.statements.hypotheses.of_kernels import needs_kernel
from theory.statements.shared.claims.tails import (
    BLOCKS,
    MedianOfMeans,
    gaussian_moment,
    root_mean_square,
)
from theory.statements.shared.instances.defaults import small_task, transformer_kernel
from theory.statements.shared.instances.strings import substituted
from theory.statements.shared.second_routes.sampled_attention import sampled_attention

_COARSEST = 0.05
"""The detectable difference, relative to the scale of the kernel, above which agreement counts
for nothing."""

_FINE = 0.1
"""Of the coarsest difference: an error of the kernel that leaves it to the sample to decide."""

_LIGHTER = "a bounded activation, or one of smaller moments, or many more draws"
"""What would settle a comparison that heavy tails leave open."""

_PAIRS = 10
"""Pairs of strings."""


def sampled_dual(
    activation: Activation,
    covariance: tuple[float, float, float],
    draws: int,
    rng: np.random.Generator,
) -> tuple[MedianOfMeans, float]:
    """``E[phi(u) phi(v)]`` by a median of means, and ``sqrt(E phi(u)^2 E phi(v)^2)``."""
    xx, xy, yy = covariance
    slope, rest = xy / math.sqrt(xx), math.sqrt(max(yy - xy * xy / xx, 0.0))
    means = np.empty(BLOCKS)
    size = max(draws // BLOCKS, 2)
    for block in range(BLOCKS):
        g = rng.standard_normal((2, size))
        with np.errstate(over="ignore", invalid="ignore"):
            products = activation(math.sqrt(xx) * g[0]) * activation(slope * g[0] + rest * g[1])
            means[block] = products.mean()
    deviation = root_mean_square(activation, xx, xy, yy)
    sampled = MedianOfMeans(float(np.median(means)), deviation, BLOCKS * size)
    squares = [gaussian_moment(activation, variance, variance, variance) for variance in (xx, yy)]
    return sampled, math.sqrt(squares[0].value) * math.sqrt(squares[1].value)


def _claim(name: str, sampled: Quantity, stated: Estimate, scale: float) -> Claim:
    """That the two agree; undecided where their errors leave too much room."""
    coarsest = _COARSEST * scale
    if not all(map(math.isfinite, (sampled.value, sampled.radius(level(1)), scale))):
        return Open(name, f"{name}: {_LIGHTER}", {"kernel": stated.to_json()}, stated.kind)
    fine = stated.error < _FINE * coarsest
    settles = _LIGHTER if fine else f"kernel values of errors below {_FINE * coarsest:.1g}"
    named = ("sampled", "kernel")
    return Equal(
        name,
        sampled,
        stated + Estimate(0.0, Numerical(1e-12 * scale)),
        resolution=coarsest,
        coarsest=coarsest,
        named=named,
        settles=settles,
    )


def examine_definition(setting: Setting) -> Examination:
    """Attention and kernel at the pairs of strings that N compares, against sample means."""
    kernel, rng = setting.kernel, setting.rng()
    assert isinstance(kernel, TransformerKernel)  # a hypothesis of the statement
    draws, more = (20_000, 2_000_000) if setting.quick else (100_000, 8_000_000)
    strings = substituted(setting.task)
    rows, columns = np.triu_indices(len(strings))
    order = rng.permutation(len(rows))[: _PAIRS // 2 if setting.quick else _PAIRS]
    claims = []
    for place in order.tolist():
        x, y = strings[int(rows[place])], strings[int(columns[place])]
        own = [kernel.attention_kernel(*pair) for pair in ((x, x), (x, y), (y, y))]
        xx, xy, yy = (e.value for e in own)
        read = sampled_attention(kernel, x, y, draws, rng)
        claims.append(_claim(f"K_attn({x}, {y})", read, own[1], math.sqrt(xx * yy)))
        product, scale = sampled_dual(kernel.activation, (xx, xy, yy), more, rng)
        claims.append(_claim(f"K_trans({x}, {y})", product, kernel(x, y), scale))
    return Examination(
        claims,
        lambda cases: f"{holding(cases)} of {len(cases)} values are as up to {more} draws say",
    )


STATEMENT = Statement(
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
