"""Lemma 4.7: templates are separated at almost every (beta, gamma), by an exact certificate."""

from __future__ import annotations

from fractions import Fraction

from kernels.transformer import AttentionKernel, TransformerKernel
from theory.derivatives import PROOF_ORDERS, separate, verify
from theory.derivatives.separation.certificate import SeparationCertificate
from theory.statements.framework.claims import Claim, Fact, Void
from theory.statements.framework.decision import level
from theory.statements.framework.examination import Examination
from theory.statements.framework.hypothesis import Hypothesis
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.of_tasks import SEVERAL
from theory.statements.section_4_2.phases.margin import attention_matrix, margin
from theory.statements.shared.claims.nonsingular import different
from theory.statements.shared.instances.defaults import staged_task, transformer_kernel


def examine_separation(
    setting: Setting, certificate: SeparationCertificate | None = None
) -> Examination:
    """A certificate that S(id) differs from every other S(pi), verified by other code."""
    found = certificate or separate(setting.task)
    problems = list(verify(found))
    margins = {stage: None if m is None else str(m) for stage, m in found.margins.items()}
    # A margin is a loss of the closest competitor, positive wherever there is one.
    positive = all(m is None or m > Fraction(0) for m in found.margins.values())
    claims: list[Claim] = [
        different(setting.task),
        Fact(
            "certificate",
            found.separated and positive,
            {"explanation": found.explanation, "stages": found.counts, "margins": margins},
        ),
        Fact("verified by other code", not problems, {"problems": problems[:3]}),
    ]
    claims.append(distance_claim(setting))
    return Examination(claims, _separated(found))


def distance_claim(setting: Setting) -> Claim:
    """That attention tells all templates apart at the kernel's own beta, gamma (A1, A2).

    Off the axes it does by theorem, whatever its size; a distance that errors leave open is no
    contradiction to that, and one that is surely not positive is.
    """
    attention = attention_matrix(setting)
    found = margin(attention)
    beta, gamma = setting.kernel.beta, setting.kernel.gamma  # type: ignore[attr-defined]
    name = "least squared distance of two templates at the kernel's beta, gamma"
    evidence = {"theorem": "A1, A2", "distance": found.to_json()}
    if beta * gamma == 0.0:
        return Void(name, "one of beta and gamma is 0: a null set, which the lemma leaves out")
    off = found.value + found.radius(level(attention.values.size)) <= 0.0
    return Fact(name, not off, evidence, attention.kind)


def _separated(found: SeparationCertificate) -> str:
    """What a certificate says, in one line."""
    total = sum(found.counts.values())
    if found.refuted_by:
        return "a permutation beats the identity"
    if found.ties:
        return f"{found.ties} of {total + found.ties} competitors tie with the identity"
    counts = [count for count in found.counts.values() if count]
    places = [
        "later" if stage == "later" else "at ({},{})".format(*PROOF_ORDERS[int(stage) - 1])
        for stage, count in found.counts.items()
        if count
    ]
    if len(counts) == 1:
        return f"all {total} competitors separated {places[0]}"
    shown = ", ".join(f"{count} {place}" for count, place in zip(counts, places, strict=True))
    return f"{total} separated: {shown}"


def _no_attention(setting: Setting) -> str | None:
    if isinstance(setting.kernel, TransformerKernel | AttentionKernel):
        return None
    return "give an AttentionKernel or a TransformerKernel"


STATEMENT = Statement(
    ids=("Lemma 4.7", "Lemma C.4", "Lemma F.1"),
    title="The premise holds for almost every (β, γ)",
    words="For pairwise disjoint templates S(id) differs from S(π) for every other π, at almost "
    "every (β, γ); by theorem A2, at every one with βγ ≠ 0, disjoint or not. Checked also as the "
    "paper proves it, by derivatives at (0, 0), exactly, for the given templates: a "
    "derivative in which the two differ makes them different functions, which are analytic off "
    "the axes and smooth at them (see Open point 1), so that they agree on a null set only. "
    "How far S(id) is from the others at the kernel's own (β, γ) is the least squared distance.",
    latex=r"\exists (i, j):\ \partial_\beta^i \partial_\gamma^j S(\mathrm{id})(0,0) > "
    r"\partial_\beta^i \partial_\gamma^j S(\pi)(0,0)",
    examine=examine_separation,
    hypotheses=(SEVERAL, Hypothesis("the kernel has attention", "kernel", _no_attention)),
    default_task=staged_task,
    finding="Templates need to be different, not disjoint; see also Lemma G.1 on the axes.",
    default_kernel=transformer_kernel,
)
