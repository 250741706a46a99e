"""Stage 2 of the comparison of S(id) with S(pi): Claim F.3."""

from __future__ import annotations

from theory.statements.appendix_f.stages import stage

STATEMENT = stage(1)
