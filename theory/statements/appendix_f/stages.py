"""The statement of one of five stages of comparison, for Claims F.2 to F.6."""

from __future__ import annotations

from theory.derivatives import (
    PROOF_ORDERS,
    check_claims,
)
from theory.derivatives.separation.claims import (
    CLAIMS,
    ClaimVerdict,
)
from theory.statements.framework.claims import Fact, Void
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.of_tasks import SEVERAL
from theory.statements.shared.instances.defaults import staged_task


def _compared(verdict: ClaimVerdict) -> str:
    """What a claim's verdict says, in one line."""
    if verdict.counterexample:
        return f"contradicted by {', '.join(verdict.counterexample)}"
    if not verdict.compared:
        return "nothing to compare: earlier orders separated all"
    lost = verdict.compared - verdict.tied
    ties = f"{verdict.tied} tie and match as claimed" if verdict.tied else "none ties"
    return f"{lost} of {verdict.compared} competitors lose, {ties}"


def stage(number: int) -> Statement:
    """The statement of one of the Claims F.2 to F.6, numbered from 0."""
    claim, forces, _ = CLAIMS[number]
    order = PROOF_ORDERS[number]

    def examine(setting: Setting) -> Examination:
        found = {verdict.claim: verdict for verdict in check_claims(setting.task)}
        name = f"order {order}"
        if claim not in found:
            last = list(found.values())[-1]
            evidence: dict[str, object] = {"templates": list(last.counterexample)}
            reason = f"premise void: Claim {last.claim} is violated"
            return Examination([Void(name, reason, evidence)], reason)
        verdict = found[claim]
        evidence = {
            "order": list(order),
            "compared": verdict.compared,
            "still tied": verdict.tied,
            "least margin": None if verdict.margin is None else str(verdict.margin),
            "templates": list(verdict.counterexample),
        }
        if not verdict.compared and not verdict.counterexample:
            return Examination([Void(name, _compared(verdict), evidence)], _compared(verdict))
        return Examination([Fact(name, verdict.verdict == "holds", evidence)], _compared(verdict))

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
