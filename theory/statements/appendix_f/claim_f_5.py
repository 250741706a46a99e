"""Stage 4 of the comparison of S(id) with S(pi): Claim F.5."""

from __future__ import annotations

from theory.statements.appendix_f.stages import stage

STATEMENT = stage(3)
