"""Appendix H: the kernel K_trans is the limit of finite transformers' random features."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from kernels.estimate import ErrorKind
from scipy.special import stdtrit

from kernels.transformer import Scaling, TransformerKernel
from theory.catalogue import aba_abb, same_different
from theory.matrix.verdict import allowed_multiple
from theory.statements.decay import SLOWEST, decays
from theory.statements.hypothesis import Hypothesis
from theory.statements.random_features import MOST, Comparison, compare
from theory.statements.setting import Setting
from theory.statements.settings import mixed_task, needs_kernel, transformer_kernel
from theory.statements.statement import Statement
from theory.statements.tails import POWER, POWER_QUANTILE
from theory.statements.verdict import Case, Finding, Outcome, conclude

_DOUBT = 1e-6
"""The chance that a case about one limit is seen violated although it holds."""

_COARSEST = 0.15
"""The detectable difference of a limit, relative to the largest value of the kernel, above which
agreement counts for nothing."""

_DRAWS = {24: 384, 64: 256, 160: 96}
_QUICK_DRAWS = {24: 384, 96: 200}
"""Networks drawn at each width; wider ones cost more and scatter less."""

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


def limit_case(name: str, found: Comparison) -> Case:
    """Whether every extrapolated value is the kernel's, but for a chance of 1e-6 over all pairs.

    A difference counts against the limit only where networks of these widths scatter less the
    wider they are: where they do not yet, an expansion in 1/width says nothing.
    """
    # Standard errors are estimated themselves, so Student's law and not Gauss's.
    multiple = -float(stdtrit(found.degrees, _DOUBT / (2 * len(found.pairs))))
    own = allowed_multiple(found.limits.kind, len(found.pairs)) * found.limits.errors
    gaps = np.abs(found.extrapolated - found.limits.values)
    allowed = multiple * found.errors + found.biases + own
    worst = int(np.argmax(gaps / allowed))
    detectable = float(
        ((multiple + POWER_QUANTILE) * found.errors + 2.0 * (found.biases + own)).max()
    )
    coarsest = _COARSEST * float(np.abs(found.limits.values).max())
    evidence = {
        "pair": list(found.pairs[worst]),
        "kernel": found.limits.at(worst).to_json(),
        "extrapolated": float(found.extrapolated[worst]),
        "bias_allowed": float(found.biases[worst]),
        "allowed_standard_errors": multiple,
        "false_alarm": _DOUBT,
        "power": POWER,
        "pairs": len(found.pairs),
        "scatter": found.scatter.to_json(),
        "standard_error": float(found.errors[worst]),
        "allowed_difference": float(allowed[worst]),
        "detectable_difference": detectable,
    }
    kind = ErrorKind.STATISTICAL
    if 2.0 * float(own.max()) > coarsest:
        settles = f"{name}: kernel values with errors below {0.1 * coarsest:.1g}"
        return Case(name, Outcome.INCONCLUSIVE, kind, evidence, settles)
    if found.scatter.upper >= SLOWEST:
        settles = (
            f"{name}: wider networks; at these widths their scatter falls like "
            f"width^{found.scatter.exponent:.2f} and not yet like width^-0.5"
        )
        return Case(name, Outcome.INCONCLUSIVE, kind, evidence, settles)
    if gaps[worst] > allowed[worst]:
        return Case(name, Outcome.VIOLATED, kind, evidence)
    if detectable > coarsest:
        settles = (
            f"{name}: more networks, to detect less than {detectable:.2g}, or an activation of "
            "lighter tails"
        )
        return Case(name, Outcome.INCONCLUSIVE, kind, evidence, settles)
    return Case(name, Outcome.HOLDS, kind, evidence)


def rate_case(name: str, found: Comparison) -> Case:
    """Whether the distance to the kernel falls with width.

    Where it does not, the limit is another one or the networks are too narrow; `limit_case` tells.
    """
    case = decays(name, found.rate)
    if case.outcome is not Outcome.VIOLATED:
        return case
    settles = f"{name}: wider networks; what these tend to is judged by their extrapolation"
    return replace(case, outcome=Outcome.INCONCLUSIVE, settles=settles)


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
        name = task.name or ", ".join(map(str, task.templates[:MOST]))
        for scaling, limit in limits.items():
            kernel = replace(setting.kernel, scaling=limit)
            found = compare(task, kernel, scaling, counts, seed=setting.seed)
            cases.append(limit_case(f"limit, {name}, {scaling}", found))
            cases.append(rate_case(f"rate, {name}, {scaling}", found))
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
    hypotheses=(
        needs_kernel(TransformerKernel, "the kernel is a transformer kernel"),
        Hypothesis("phi is not constant", "kernel", _constant),
    ),
    default_task=mixed_task,
    default_kernel=transformer_kernel,
)
