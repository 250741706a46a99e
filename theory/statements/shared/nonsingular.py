"""The claim that a template matrix is nonsingular."""

from __future__ import annotations

from theory.matrix.singularity import Singularity
from theory.matrix.template_matrix import TemplateMatrix
from theory.statements.framework.claims import Fact, Open


def nonsingular(name: str, matrix: TemplateMatrix) -> Fact | Open:
    """It fails only where N is provably singular, and is open where errors leave it open.

    >>> from kernels import MLPKernel
    >>> from theory import catalogue, template_matrix
    >>> nonsingular("N of an MLP", template_matrix(MLPKernel(), catalogue.same_different())).true
    False
    """
    smallest, verdict = matrix.smallest_eigenvalue, matrix.verdict
    evidence = {"smallest eigenvalue": smallest.to_json(), "N": str(verdict.outcome)}
    if verdict.outcome is Singularity.INCONCLUSIVE:
        return Open(name, f"{name}: {verdict.reason}", evidence, smallest.kind)
    return Fact(name, verdict.outcome is Singularity.NONSINGULAR, evidence, smallest.kind)
