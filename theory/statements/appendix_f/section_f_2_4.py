"""Invariants that depend on one string alone: Section F.2.4."""

from __future__ import annotations

from theory.statements.appendix_f.invariants import invariants_under

STATEMENT = invariants_under("F.2.4")
