"""The pictures of statements; to add one, write its file and name it here."""

from __future__ import annotations

from collections.abc import Callable

from validation.plots.gallery import Gallery
from validation.report.blocks import Picture
from validation.report.statements.checked import Checked
from validation.report.statements.pictures import (
    activations,
    conditioning,
    copying,
    held_out,
    ideal_gap,
    random_features,
)

Drawing = Callable[[Checked, Gallery], Picture]
"""Draws the evidence of a statement into the gallery."""

DRAWINGS: dict[str, Drawing] = {
    "Theorem 4.4": held_out.draw,
    "Lemma 4.5": held_out.draw,
    "Conjecture on activations": activations.draw,
    "Observation 1.2": conditioning.draw,
    "Theorem 5.1": copying.draw,
    "Theorem 5.2": copying.draw,
    "Claim D.2": ideal_gap.draw,
    "Appendix H": random_features.draw,
}
"""By the main number of the statement."""


def picture(one: Checked, gallery: Gallery) -> Picture | None:
    """The picture of a statement, None where words say it all or the check refused."""
    drawing = DRAWINGS.get(one.statement.id)
    return None if drawing is None else drawing(one, gallery)
