"""Attention fails to copy unseen tokens: Theorem 5.1."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from theory.statements.framework.claims import Claim
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.shared.claims.falls import falls

if TYPE_CHECKING:
    from theory.networks.copying import Copying
from theory.statements.section_5.copying import (
    SETTINGS,
    Measured,
    Shape,
    examine_copies,
    worst_ratios,
)
from theory.statements.section_5.exact_limits import exact_claims


def _vanishes(found: Measured) -> tuple[list[Claim], str]:
    """Theorem 5.1: dL_test/dt -> 0 at every choice of learning rates."""
    law, evidence = found.approach(1)
    worst = found.law([worst_ratios(part, found.rates) for part in found.draws])
    shown: dict[str, object] = {
        "gamma": found.model.weight,
        "limit of dL_test/dt": found.limit(1),
        "limit of dL_train/dt": found.limit(0),
        "of": "the largest |dL_test/dt| / |dL_train/dt| over all learning rates",
        "limit_of_it": float(worst_ratios(found.limits[None], found.rates)[0]),
        # Where this is 0 or more, the unseen loss does not fall, whatever the rates.
        "smallest limit of dL_test/dt by one matrix": float(
            found.limits[1, found.rates > 0.0].min()
        ),
        "dL_test/dt at the stated rates": {**evidence, "deviation": law.to_json()},
    }
    name = f"dL_test/dt -> 0, gamma = {found.model.weight:g}"
    few = ("gamma", "limit of dL_test/dt", "limit of dL_train/dt")
    example = {"case": name, **{key: shown[key] for key in few}, "exponent": worst.exponent.value}
    claim = dataclasses.replace(falls(name, worst, shown), example=example)
    return [*exact_claims(found.model), claim], f"→ {found.limit(1):.3g}"


def examine_failure(
    setting: Setting,
    models: Sequence[Copying] | None = None,
    identity: float = 0.0,
    **shape: Unpack[Shape],
) -> Examination:
    """Whether dL_test/dt vanishes for all learning rates under which dL_train/dt does not blow up.

    Args:
        setting: quick or not, and the seed.
        models: those of ``shape`` where left out.
        identity: a rate for the b_h, which the statement is not about.
        shape: what else is set.
    """
    return examine_copies(setting, models, identity, _vanishes, **shape)


STATEMENT = Statement(
    ids=("Theorem 5.1", "Theorem J.2"),
    title="Attention fails to copy unseen tokens",
    words="For template α labelled α and any learning rates with |dL_train/dt(0)| = O(1), the loss "
    "on an unseen token has dL_test/dt(0) → 0 as d_emb grows.",
    latex=r"|\partial_t L_{train}(0)| = O(1) \implies \partial_t L_{test}(0) \to 0",
    examine=examine_failure,
    settings=SETTINGS,
    finding="It holds without positional weights, γ = 0; with them dL_test/dt tends to a number of "
    "0 or more, so that the unseen loss does not fall. Moving the position alone, |dL_test/dt| is "
    "n / (m - n) times |dL_train/dt|, for n of m tokens seen.",
)
