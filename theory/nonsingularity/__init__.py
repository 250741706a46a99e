"""When the template matrix is nonsingular: theorems, and the numbers beside them.

Statements and proofs are in ``docs/theorems-nonsingular.md``. `decide_singularity` applies them to
templates and a kernel without computing anything; `proof_of_rank` puts the answer beside the
numbers, as `theory.template_matrix` does.
"""

from __future__ import annotations

from theory.nonsingularity.answer import Answer
from theory.nonsingularity.criterion import decide_singularity
from theory.nonsingularity.proof import ContradictionError, Proof, contradiction, proof_of_rank

__all__ = [
    "Answer",
    "ContradictionError",
    "Proof",
    "contradiction",
    "decide_singularity",
    "proof_of_rank",
]
