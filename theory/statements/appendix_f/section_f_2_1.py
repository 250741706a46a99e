"""Invariants that depend on one string alone: Section F.2.1."""

from __future__ import annotations

from theory.statements.appendix_f.invariants import invariants_under

STATEMENT = invariants_under(
    "F.2.1",
    ("Open point 3",),
    "The two traces need the assumption of F.2.2, that positions match; the proof of Lemma 4.7 "
    "goes through with them there.",
)
