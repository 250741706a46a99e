"""Appendix H: the kernel K_trans is the limit of finite transformers' random features."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from jaxtyping import Float64

from kernels.estimate import ErrorKind
from kernels.strings import EncodedStrings, encode
from kernels.transformer import Scaling, TransformerKernel
from theory.catalogue import aba_abb, same_different
from theory.disjoint import fresh_tokens
from theory.networks.power_law import PowerLaw, fit_power_law
from theory.statements.decay import decays
from theory.statements.settings import mixed_task, needs_kernel, transformer_kernel
from theory.statements.statement import Setting, Statement
from theory.statements.verdict import Case, Finding, Outcome, conclude
from theory.task import TemplateTask

_DOUBT = 0.01
"""The chance that a case about one limit is seen violated although it holds."""

_COARSEST = 0.15
"""The detectable difference of a limit, relative to the largest value of the kernel, above which
agreement counts for nothing."""

_MOST = 6
"""Templates whose strings are compared, at most: the first ones of a task."""

_DRAWS = {24: 256, 64: 128, 160: 48}
_QUICK_DRAWS = {24: 256, 96: 80}
"""Networks drawn at each width; wider ones cost more and scatter less."""

SCALINGS: Mapping[Scaling, Scaling] = {"section-4.1": "section-4.1", "appendix-H": "appendix-H"}
"""The scaling of the kernel that networks of each scaling tend to."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Networks of several widths against one kernel, on all pairs of some strings.

    Attributes:
        pairs: the pairs of strings.
        limits: the kernel at each pair.
        extrapolated: for each pair, the networks' mean extrapolated to infinite width.
        errors: the standard errors of ``extrapolated``.
        rate: of the root mean square over pairs and networks of the difference to ``limits``.
    """

    pairs: tuple[tuple[str, str], ...]
    limits: Float64[np.ndarray, " p"]
    extrapolated: Float64[np.ndarray, " p"]
    errors: Float64[np.ndarray, " p"]
    rate: PowerLaw


def substituted(task: TemplateTask) -> EncodedStrings:
    """Each template twice, its wildcards replaced by tokens of that copy alone: N's strings."""
    templates = task.templates[:_MOST]
    most = max(len(z.wildcards) for z in templates)
    tokens = fresh_tokens(task.regular_tokens)
    strings = []
    for _ in range(2):
        fresh = [next(tokens) for _ in range(most)]
        strings += [z.substitute(dict(zip(z.wildcards, fresh, strict=False))) for z in templates]
    return encode(strings)


def compare(
    task: TemplateTask,
    kernel: TransformerKernel,
    scaling: Scaling,
    draws: Mapping[int, int],
    *,
    seed: int,
) -> Comparison:
    """Draw networks of one scaling and compare their kernels with a limit.

    The mean of a network's kernel is a smooth function of averages over widths, which scatter by
    w^-1/2 at width w; so it differs from its limit by a/w to leading order. The extrapolation
    fits K + a/w to the means, each weighted by its standard error.

    Args:
        task: whose strings to compare.
        kernel: the limit; its beta, gamma and activation are the networks'.
        scaling: of the networks.
        draws: the number of networks at each width, two widths or more.
        seed: of everything random.
    """
    from theory.networks.transformer_features import (  # noqa: PLC0415 - JAX is slow to import
        Widths,
        kernel_draws,
    )

    strings = substituted(task)
    rows, columns = np.triu_indices(len(strings))
    exact = kernel.gram(strings).values[rows, columns]
    means, errors, squares = [], [], []
    for width, count in draws.items():
        found = kernel_draws(
            strings,
            widths=Widths.scaled(width),
            beta=kernel.beta,
            gamma=kernel.gamma,
            activation=kernel.activation,
            scaling=scaling,
            draws=count,
            seed=seed + width,
        )[:, rows, columns]
        means.append(found.mean(axis=0))
        errors.append(found.std(axis=0, ddof=1) / count**0.5)
        squares.append(((found - exact) ** 2).mean(axis=1))
    value, error = _intercepts(1.0 / np.array(list(draws)), np.array(means), np.array(errors))
    pairs = tuple((strings[int(i)], strings[int(j)]) for i, j in zip(rows, columns, strict=True))
    rate = fit_power_law(list(draws), squares, seed=seed)
    return Comparison(pairs, exact, value, error, rate)


def _intercepts(
    x: Float64[np.ndarray, " w"], y: Float64[np.ndarray, "w p"], errors: Float64[np.ndarray, "w p"]
) -> tuple[Float64[np.ndarray, " p"], Float64[np.ndarray, " p"]]:
    """Weighted least squares of a line in x for each column: value and standard error at x = 0."""
    floor = np.finfo(np.float64).eps * (1.0 + np.abs(y))
    weights = 1.0 / np.maximum(errors, floor) ** 2
    s0, s1, s2 = (np.einsum("w,wp->p", x**power, weights) for power in range(3))
    t0, t1 = (np.einsum("w,wp,wp->p", x**power, weights, y) for power in range(2))
    determinant = s0 * s2 - s1**2
    return (s2 * t0 - s1 * t1) / determinant, np.sqrt(s2 / determinant)


def limit_case(name: str, found: Comparison) -> Case:
    """Whether every extrapolated value is the kernel's, with 99 % confidence over all pairs."""
    multiple = -NormalDist().inv_cdf(_DOUBT / (2 * len(found.pairs)))
    gaps = np.abs(found.extrapolated - found.limits)
    worst = int(np.argmax(gaps / found.errors))
    # A true gap of twice the multiple is missed only where the estimate is off by the multiple.
    detectable = 2.0 * multiple * float(found.errors.max())
    evidence = {
        "pair": list(found.pairs[worst]),
        "kernel": float(found.limits[worst]),
        "extrapolated": float(found.extrapolated[worst]),
        "standard_error": float(found.errors[worst]),
        "allowed_standard_errors": multiple,
        "confidence": 1.0 - _DOUBT,
        "detectable_difference": detectable,
        "pairs": len(found.pairs),
    }
    kind = ErrorKind.STATISTICAL
    if gaps[worst] > multiple * found.errors[worst]:
        return Case(name, Outcome.VIOLATED, kind, evidence)
    if detectable > _COARSEST * float(np.abs(found.limits).max()):
        settles = f"{name}: more networks, to detect less than {detectable:.2g}"
        return Case(name, Outcome.INCONCLUSIVE, kind, evidence, settles)
    return Case(name, Outcome.HOLDS, kind, evidence)


def examine_limit(
    setting: Setting,
    limits: Mapping[Scaling, Scaling] = SCALINGS,
    draws: Mapping[int, int] | None = None,
) -> Finding:
    """Compare networks of both scalings with the kernels they should tend to.

    Args:
        setting: the task, and a kernel whose parameters the networks take.
        limits: for each scaling of the networks, that of the kernel.
        draws: networks at each width; a default where left out.
    """
    assert isinstance(setting.kernel, TransformerKernel)  # a hypothesis of the statement
    counts = draws or (_QUICK_DRAWS if setting.quick else _DRAWS)
    others = () if setting.quick else (same_different(), aba_abb())
    second = next((t for t in others if t.templates != setting.task.templates), None)
    cases, exponents = [], []
    for task in filter(None, (setting.task, second)):
        name = task.name or ", ".join(map(str, task.templates[:_MOST]))
        for scaling, limit in limits.items():
            kernel = replace(setting.kernel, scaling=limit)
            found = compare(task, kernel, scaling, counts, seed=setting.seed)
            cases.append(limit_case(f"limit, {name}, {scaling}", found))
            cases.append(decays(f"rate, {name}, {scaling}", found.rate))
            exponents.append(found.rate)
    low, high = min(law.lower for law in exponents), max(law.upper for law in exponents)
    networks = {str(width): count for width, count in counts.items()}
    figure = f"errors fall like width^{exponents[0].exponent:.2f} (99 %: {low:.2f} to {high:.2f})"
    return conclude(cases, figure, evidence={"networks": networks})


RANDOM_FEATURES = Statement(
    ids=("Appendix H",),
    title="K_trans is a limit of transformers",
    words="As its embedding, heads, head and MLP dimensions grow, the random-features kernel of a "
    "depth-1 transformer tends to K_trans; with queries of variance 1 in the scaling of Section "
    "4.1, with query weights of variance 1/d_emb in that of Appendix H.",
    latex=r"\tfrac1{d_{mlp}}\langle z(X), z(Y)\rangle \to K_{trans}(X, Y)",
    examine=examine_limit,
    hypotheses=(needs_kernel(TransformerKernel, "the kernel is a transformer kernel"),),
    default_task=mixed_task,
    default_kernel=transformer_kernel,
)
