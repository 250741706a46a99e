"""Appendix F: derivatives at (0, 0), invariants, and the five stages of their comparison.

What `theory.derivatives` computes exactly is put here under the paper's numbers.
"""

from __future__ import annotations

import re

from kernels.estimate import ErrorKind, Estimate

from theory.derivatives import (
    PROOF_ORDERS,
    attention_derivatives,
    check_claims,
    check_identity,
    contour_derivatives,
    derivative_table,
)
from theory.derivatives.separation.claims import (
    CLAIMS,
    CarrierCoefficient,
    ClaimVerdict,
    carrier_coefficients,
)
from theory.derivatives.symbolic.identities import ASSUMPTIONS, PUBLISHED, Assumption
from theory.statements.separation import staged_task
from theory.statements.setting import Setting
from theory.statements.settings import SEVERAL
from theory.statements.statement import Statement
from theory.statements.verdict import Case, Finding, Outcome, conclude, equal, fact

_TERMS = dict(zip(PROOF_ORDERS, (1, 2, 23, 17, 44), strict=True))
"""The published numbers of terms."""

_LEADING = dict(zip(PROOF_ORDERS, ((2, 1), (2, 8), (6, 24), (4, 48), (4, 17280)), strict=True))
"""The published power of 1/k and coefficient of the product that carries each stage."""

_PAIRS = (("AA", "AB"), ("ABA", "ACC"), ("AAB", "CAA"))


def examine_derivatives(
    setting: Setting, carriers: tuple[CarrierCoefficient, ...] | None = None
) -> Finding:
    """Numbers of terms, the five leading coefficients, and three routes to values at few pairs."""
    cases = []
    for order, count in _TERMS.items():
        found = len(derivative_table(*order))
        cases.append(fact(f"terms at {order}", found == count, {"found": found, "stated": count}))
    for carrier in carriers or carrier_coefficients():
        power, coefficient = _LEADING[carrier.order]
        good = carrier.positive and carrier.powers.get(power) == coefficient
        evidence = {"by power of 1/k": {str(p): c for p, c in carrier.powers.items()}}
        cases.append(fact(f"positive coefficient at {carrier.order}", good, evidence))
    for x, y in _PAIRS[: 1 if setting.quick else 3]:
        exact = attention_derivatives(x, y, 10)
        wrong = [str(o) for o in PROOF_ORDERS if derivative_table(*o).evaluate(x, y) != exact[o]]
        cases.append(fact(f"table and cumulants at {x}, {y}", not wrong, {"differ at": wrong}))
    x, y = _PAIRS[0]
    exact, numerical = attention_derivatives(x, y, 4), contour_derivatives(x, y, 4)
    for order, value in exact.items():
        first = Estimate(float(value), 0.0, ErrorKind.EXACT)
        name = f"contour integral at {order}"
        cases.append(equal(name, numerical[order], first, resolution=1e-6))
    counts = ", ".join(str(len(derivative_table(*order))) for order in _TERMS)
    return conclude(cases, f"polynomials of {counts} terms; their values by three routes")


DERIVATIVES = Statement(
    ids=("Section F.1",),
    title="Derivatives of the attention kernel at (0, 0)",
    words="The derivatives of orders (0,0), (2,2), (4,0), (4,2) and (6,4) are polynomials in 1/k "
    "and invariants, with 1, 2, 23, 17 and 44 terms, and the five coefficients that carry the "
    "proof are positive. Checked are the numbers of terms, those five coefficients, and the "
    "values at a few pairs of strings by other routes; not the other terms one by one.",
    latex=r"\partial_\beta^i \partial_\gamma^j \kappa_{X,Y}(0, 0),\quad "
    r"(i, j) \in \{(0,0), (2,2), (4,0), (4,2), (6,4)\}",
    examine=examine_derivatives,
)


def examine_identities(
    setting: Setting, assumption: Assumption, expressions: tuple[str, ...]
) -> Finding:
    """Invariants under an assumption, on all triples (x, y, S) up to a length."""
    cases, triples = [], 0
    for expression in expressions:
        found = check_identity(assumption, expression, length=2 if setting.quick else 3)
        triples += found.triples
        evidence: dict[str, object] = {"triples": found.triples}
        if found.counterexample is not None:
            example = found.counterexample
            evidence["first"], evidence["second"] = list(example.first), list(example.second)
            evidence["S"] = list(example.common)
        cases.append(fact(expression, found.verdict == "holds", evidence))
    good = sum(case.outcome is Outcome.HOLDS for case in cases)
    figure = f"{good} of {len(cases)} invariants depend on one string alone ({triples} triples)"
    return conclude(cases, figure)


def _plain(formula: str) -> str:
    """A formula as it reads without LaTeX.

    >>> _plain("X_{:,S}^T 1")
    'X[:,S]ᵀ 1'
    """
    return re.sub(r"_\{(.*?)\}", r"[\1]", formula).replace("^T", "ᵀ")


def _identity(assumption: Assumption, extra: tuple[str, ...] = (), finding: str = "") -> Statement:
    def examine(setting: Setting) -> Finding:
        return examine_identities(setting, assumption, PUBLISHED[assumption])

    group, assumed = _plain(", ".join(PUBLISHED[assumption])), _plain(ASSUMPTIONS[assumption])
    return Statement(
        ids=(f"Section {assumption}", *extra),
        title=f"Invariants under {assumed}",
        words=f"Where {assumed}, S containing the common tokens, these invariants "
        f"are functions of one string and S alone: {group}. Tried on all strings over three "
        "tokens up to a length; a proof for all lengths is in "
        "theory.derivatives.symbolic.identities.",
        latex=ASSUMPTIONS[assumption],
        examine=examine,
        finding=finding,
    )


COLUMN_SUMS = _identity(
    "F.2.1",
    ("Open point 3",),
    "The two traces need the assumption of F.2.2, that positions match; the proof of Lemma 4.7 "
    "goes through with them there.",
)
COLUMNS = _identity("F.2.2")
NORMS = _identity("F.2.3")
DEGREES = _identity("F.2.4")


def _compared(verdict: ClaimVerdict) -> str:
    """What a claim's verdict says, in one line."""
    if verdict.counterexample:
        return f"contradicted by {', '.join(verdict.counterexample)}"
    if not verdict.compared:
        return "nothing to compare: earlier orders separated all"
    lost = verdict.compared - verdict.tied
    ties = f"{verdict.tied} tie and match as claimed" if verdict.tied else "none ties"
    return f"{lost} of {verdict.compared} competitors lose, {ties}"


def _claim(number: int) -> Statement:
    claim, forces, _ = CLAIMS[number]
    order = PROOF_ORDERS[number]

    def examine(setting: Setting) -> Finding:
        found = {verdict.claim: verdict for verdict in check_claims(setting.task)}
        if claim not in found:
            last = list(found.values())[-1]
            open_case = Case(
                last.claim,
                Outcome.INCONCLUSIVE,
                ErrorKind.EXACT,
                {"violated before": last.claim, "templates": list(last.counterexample)},
                f"its premise is void: Claim {last.claim} is violated on this task",
            )
            return conclude([open_case], f"premise void: Claim {last.claim} is violated")
        verdict = found[claim]
        margin = None if verdict.margin is None else str(verdict.margin)
        evidence = {
            "order": list(order),
            "compared": verdict.compared,
            "still tied": verdict.tied,
            "least margin": margin,
            "templates": list(verdict.counterexample),
        }
        case = fact(f"order {order}", verdict.verdict == "holds", evidence)
        return conclude([case], _compared(verdict))

    return Statement(
        ids=(f"Claim {claim}",),
        title=f"Stage {number + 1}: {forces}",
        words=f"At order {order} no permutation that tied so far beats the identity, and where "
        f"one ties, {forces}.",
        latex=rf"\sum_i \partial^{{{order}}} \kappa_{{X_i,Y_i}} \ge "
        rf"\sum_i \partial^{{{order}}} \kappa_{{X_i,Y_{{\pi(i)}}}}",
        examine=examine,
        hypotheses=(SEVERAL,),
        default_task=staged_task,
    )


CLAIM_STAGES = tuple(_claim(number) for number in range(len(CLAIMS)))
"""Claims F.2 to F.6."""
