"""The claim that a template matrix is nonsingular: by its numbers, and by theorem."""

from __future__ import annotations

from theory.matrix.singularity import Singularity
from theory.matrix.template_matrix import TemplateMatrix
from theory.statements.framework.claims import Fact, Open
from theory.task import TemplateTask


def nonsingular(name: str, matrix: TemplateMatrix) -> Fact | Open:
    """It fails where N is provably singular, or has a negative eigenvalue beyond its error.

    N is a Gram matrix: where an eigenvalue is below 0, whoever computed it is wrong, however far
    from singular the matrix is. Errors that leave it open leave the claim open.

    >>> from kernels import MLPKernel
    >>> from theory import catalogue, template_matrix
    >>> nonsingular("N of an MLP", template_matrix(MLPKernel(), catalogue.same_different())).true
    False
    """
    smallest, verdict = matrix.smallest_eigenvalue, matrix.verdict
    lowest = matrix.eigenvalues[0]
    evidence = {
        "smallest eigenvalue": smallest.to_json(),
        "lowest eigenvalue": lowest.to_json(),
        "N": str(verdict.outcome),
    }
    if verdict.outcome is Singularity.INCONCLUSIVE:
        return Open(name, f"{name}: {verdict.reason}", evidence, smallest.kind)
    definite = verdict.outcome is Singularity.NONSINGULAR and lowest.value > 0.0
    return Fact(name, definite, evidence, smallest.kind)


def different(task: TemplateTask) -> Fact:
    """That N is positive definite at *every* beta, gamma other than 0, by theorem A2, A3.

    The theorem asks that no two templates agree up to the names of wildcards, and that the
    activation is not constant; ``docs/theorems-nonsingular.md`` has the proof.

    >>> from theory import catalogue
    >>> different(catalogue.same_different()).true
    True
    """
    known: dict[tuple[str, ...], str] = {}
    same: list[str] = []
    for z in task.templates:
        if z.canonical in known:
            same = [known[z.canonical], str(z)]
            break
        known[z.canonical] = str(z)
    evidence = {"theorem": "A2, A3", "templates": len(task), "that agree": same}
    return Fact("the templates differ: N is positive definite off the axes", not same, evidence)
