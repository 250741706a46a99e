"""The statement that invariants depend on one string alone, for Sections F.2.1 to F.2.4."""

from __future__ import annotations

import re

from theory.derivatives import (
    check_identity,
)
from theory.derivatives.symbolic.identities import ASSUMPTIONS, PUBLISHED, Assumption
from theory.statements.framework.claims import Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.finding import holding
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement


def examine_identities(
    setting: Setting, assumption: Assumption, expressions: tuple[str, ...]
) -> Examination:
    """Invariants under an assumption, on all triples (x, y, S) up to a length."""
    claims, triples = [], 0
    for expression in expressions:
        found = check_identity(assumption, expression, length=2 if setting.quick else 3)
        triples += found.triples
        evidence: dict[str, object] = {"triples": found.triples}
        if found.counterexample is not None:
            example = found.counterexample
            evidence["first"], evidence["second"] = list(example.first), list(example.second)
            evidence["S"] = list(example.common)
        claims.append(Fact(expression, found.verdict == "holds", evidence))
    return Examination(
        claims,
        lambda cases: (
            f"{holding(cases)} of {len(cases)} invariants depend on one string alone "
            f"({triples} triples)"
        ),
    )


def _plain(formula: str) -> str:
    """A formula as it reads without LaTeX.

    >>> _plain("X_{:,S}^T 1")
    'X[:,S]ᵀ 1'
    """
    return re.sub(r"_\{(.*?)\}", r"[\1]", formula).replace("^T", "ᵀ")


def invariants_under(
    assumption: Assumption, extra: tuple[str, ...] = (), finding: str = ""
) -> Statement:
    """The statement of one of the Sections F.2.1 to F.2.4."""

    def examine(setting: Setting) -> Examination:
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
