"""Appendix H: the kernel K_trans is the limit of finite transformers' random features."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from kernels.transformer import Scaling, TransformerKernel
from theory.catalogue import aba_abb, same_different
from theory.power_laws import BootstrapExponent
from theory.statements.appendix_h.random_features import Comparison, compare
from theory.statements.appendix_h.weights import weights_claim
from theory.statements.framework.claims import Claim, Equal, Every, Open, Provided
from theory.statements.framework.decision import RISK, level
from theory.statements.framework.examination import Examination
from theory.statements.framework.hypothesis import Hypothesis
from theory.statements.framework.series import Entry, Series
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.of_kernels import needs_kernel
from theory.statements.shared.claims.falls import falls
from theory.statements.shared.instances.defaults import mixed_task, transformer_kernel
from theory.statements.shared.instances.strings import MOST

_COARSEST = 0.1
"""The difference from a limit, relative to the largest value of the kernel, above which
agreement counts for nothing."""

_DRAWS = {32: 800, 128: 400, 512: 240}
_QUICK_DRAWS = {48: 600, 384: 300}
"""Networks drawn in law at each width; wider ones cost more and scatter less."""

_BY_WEIGHTS, _QUICK_BY_WEIGHTS = 800, 500
"""Networks drawn weight by weight."""

_VARIES = 1e-6
"""Relative to its size. An activation that varies less makes one kernel of all networks."""

SCALINGS: Mapping[Scaling, Scaling] = {"section-4.1": "section-4.1", "appendix-H": "appendix-H"}
"""The scaling of the kernel that networks of each scaling tend to."""


def _constant(setting: Setting) -> str | None:
    kernel = setting.kernel
    assert isinstance(kernel, TransformerKernel)  # the hypothesis before this one
    # Read-outs have variances of up to 1 + gamma^2.
    values = kernel.activation(np.linspace(-5.0, 5.0, 101) * (1.0 + kernel.gamma))
    if float(np.ptp(values)) > _VARIES * float(np.abs(values).max()):
        return None
    return (
        f"it gives {float(values[0]):.6g} everywhere, so that all networks have one kernel and "
        "nothing tends to anything; give another activation"
    )


def limit_claim(name: str, found: Comparison) -> Claim:
    """That every extrapolated value is the kernel's.

    It counts only where networks of these widths scatter less the wider they are: where they do
    not yet, an expansion in 1/width says nothing.
    """
    scale = float(np.abs(found.limits.values).max())
    coarsest = _COARSEST * scale
    if 2.0 * float(found.limits.radii(level(len(found.pairs))).max()) > coarsest:
        settles = f"{name}: kernel values with errors below {0.1 * coarsest:.1g}"
        return Open(name, settles, {"kernel": found.limits[0].to_json()}, found.limits.kind)
    lighter = "more networks, or an activation of lighter tails"
    parts = [
        Equal(
            ", ".join(pair),
            found.extrapolated(i),
            found.limits[i],
            resolution=coarsest,
            named=("extrapolated", "kernel"),
            settles=lighter,
        )
        for i, pair in enumerate(found.pairs)
    ]
    settles = (
        f"{name}: wider networks; at these widths their scatter falls like "
        f"width^{found.scatter.exponent.value:.2f} and not yet like width^-0.5"
    )
    evidence = {"pairs": len(found.pairs), "scatter": found.scatter.to_json()}
    premise = falls(f"{name}: the scatter", found.scatter)
    return Provided(premise, Every(name, parts, evidence), settles)


def rate_claim(name: str, found: Comparison) -> Claim:
    """That the distance to the kernel falls with width.

    Where it does not, the limit is another one or the networks are too narrow; `limit_claim` tells.
    """
    unless = f"{name}: wider networks; what these tend to is judged by their extrapolation"
    return replace(falls(name, found.rate), unless=unless)


def examine_limit(
    setting: Setting,
    limits: Mapping[Scaling, Scaling] = SCALINGS,
    draws: Mapping[int, int] | None = None,
) -> Examination:
    """Compare networks of both scalings with the kernels they should tend to.

    Wide networks are drawn in law, from the laws of their inner products; that networks whose
    weights are drawn have that law is a claim of its own.

    Args:
        setting: the task, and a kernel whose parameters the networks take.
        limits: for each scaling of the networks, that of the kernel.
        draws: networks drawn in law at each width; a default where left out.
    """
    assert isinstance(setting.kernel, TransformerKernel)  # a hypothesis of the statement
    counts = draws or (_QUICK_DRAWS if setting.quick else _DRAWS)
    by_weights = _QUICK_BY_WEIGHTS if setting.quick else _BY_WEIGHTS
    others = () if setting.quick else (same_different(), aba_abb())
    second = next((t for t in others if t.templates != setting.task.templates), None)
    claims: list[Claim] = []
    exponents: list[BootstrapExponent] = []
    rows: list[list[Entry]] = []
    for task in filter(None, (setting.task, second)):
        name = task.name or ", ".join(map(str, task.templates[:MOST]))
        for scaling, limit in limits.items():
            kernel = setting.kernel.set_params(scaling=limit)
            found = compare(task, kernel, scaling, counts, seed=setting.seed)
            if task is setting.task:
                words = f"weights, {name}, {scaling}"
                law = weights_claim(words, task, kernel, scaling, by_weights, seed=setting.seed)
                claims.append(law)
            claims.append(limit_claim(f"limit, {name}, {scaling}", found))
            claims.append(rate_claim(f"rate, {name}, {scaling}", found))
            exponents.append(found.rate.exponent)
            rows += [
                [f"{name}, {scaling}", width, size]
                for width, size in zip(counts, found.rate.sizes, strict=True)
            ]
    low = min(one.value - one.radius(RISK) for one in exponents)
    high = max(one.value + one.radius(RISK) for one in exponents)
    networks = {str(width): count for width, count in counts.items()}
    figure = f"errors fall like width^{exponents[0].value:.2f} (99 %: {low:.2f} to {high:.2f})"
    series = Series.of_rows("deviations", ["networks", "width", "root mean square"], rows)
    return Examination(claims, figure, {"networks": networks}, [series])


STATEMENT = Statement(
    ids=("Appendix H",),
    title="K_trans is a limit of transformers",
    words="As its embedding, heads, head and MLP dimensions grow, the random-features kernel of a "
    "depth-1 transformer tends to K_trans; with queries of variance 1 in the scaling of Section "
    "4.1, with query weights of variance 1/d_emb in that of Appendix H.",
    latex=r"\tfrac1{d_{mlp}}\langle z(X), z(Y)\rangle \to K_{trans}(X, Y)",
    examine=examine_limit,
    hypotheses=(
        needs_kernel(TransformerKernel, "the kernel is a transformer kernel"),
        Hypothesis("phi is not constant", "kernel", _constant),
    ),
    default_task=mixed_task,
    default_kernel=transformer_kernel,
)
