"""Attention with a term b_h I copies: Theorem 5.2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from kernels.estimates import ErrorKind
from theory.statements.framework.claims import Claim, Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.shared.claims.falls import falls

if TYPE_CHECKING:
    from theory.networks.copying import Copying
from theory.statements.section_5.copying import SETTINGS, Measured, Shape, examine_copies


def _negative(found: Measured) -> tuple[list[Claim], str]:
    """Theorem 5.2: dL_test/dt is negative and of order 1."""
    where, limit = f"gamma = {found.model.weight:g}", found.limit(1)
    law, evidence = found.approach(1)
    widest = found.values(1)[-1]
    largest = float(widest.max())
    shown = {
        "gamma": found.model.weight,
        "limit of dL_test/dt": limit,
        "largest at the widest": largest,
        "networks": len(widest),
    }
    negative = limit < 0.0 and largest < 0.5 * limit
    name = f"dL_test/dt <= -c < 0, {where}"
    claims: list[Claim] = [
        falls(f"dL_test/dt tends to its limit, {where}", law, evidence),
        Fact(name, negative, shown, ErrorKind.STATISTICAL, example={"case": name, **shown}),
    ]
    return claims, f"→ {limit:.3g}"


def examine_copying(
    setting: Setting,
    models: Sequence[Copying] | None = None,
    identity: float = 1.0,
    **shape: Unpack[Shape],
) -> Examination:
    """Whether dL_test/dt is negative and of order 1 at the stated learning rates.

    Args:
        setting: quick or not, and the seed.
        models: those of ``shape`` where left out.
        identity: the rate of the b_h in units of H, 0 for the architecture without them.
        shape: what else is set.
    """
    return examine_copies(setting, models, identity, _negative, **shape)


STATEMENT = Statement(
    ids=("Theorem 5.2", "Theorem J.3"),
    title="Attention with b_h I copies",
    words="With W_V W_O + b_h I in place of W_V W_O and b_h trained from 0, there are learning "
    "rates with |dL_train/dt(0)| = O(1) and dL_test/dt(0) negative of order 1.",
    latex=r"|\partial_t L_{train}(0)| = O(1),\quad \partial_t L_{test}(0) = -\Omega(1)",
    examine=examine_copying,
    settings=SETTINGS,
)
