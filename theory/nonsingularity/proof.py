"""What is proved of a template matrix, beside its numbers; a contradiction is a bug."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from kernels.estimate import ErrorKind, EstimateArray

from kernels.contract.kernel import Kernel
from theory.matrix.verdict import Outcome
from theory.nonsingularity.answer import Answer
from theory.nonsingularity.criterion import decide
from theory.template import Template

_ROUNDINGS = 8.0
"""Of a product N_ij v_j and of the vector's own entry, in machine epsilons."""


class ContradictionError(RuntimeError):
    """A theorem and the numbers exclude each other: a bug in one of the two.

    Args:
        theorem: the section that proves the claim.
        kernel: whose template matrix it is about.
        claim: what the theorem says.
        fault: which number excludes it.
    """

    def __init__(self, theorem: str, kernel: str, claim: str, fault: str) -> None:
        super().__init__(
            f"bug: for N of {kernel}, theorem {theorem} says: {claim}; but {fault}. One of the two "
            "is wrong: a kernel value, its error, the code that applies the theorem, or the form "
            "that is vouched for of an activation"
        )
        self.theorem = theorem
        self.kernel = kernel
        self.claim = claim
        self.fault = fault

    def __reduce__(self) -> tuple[object, ...]:
        """How it travels between processes."""
        return type(self), (self.theorem, self.kernel, self.claim, self.fault)


@dataclass(frozen=True)
class Proof:
    """What is proved of N, and by what.

    Attributes:
        by: ``"theorem"``, ``"enclosure"`` where the numbers and their proved errors alone show it,
            None where nothing is proved.
        outcome: nonsingular or singular where proved, None otherwise.
        sentence: the reason in words, or why there is none.
        theorem: as in `Answer`.
        null_vector: as in `Answer`.
    """

    by: Literal["theorem", "enclosure"] | None
    outcome: Outcome | None
    sentence: str
    theorem: str = ""
    null_vector: tuple[float, ...] | None = None

    def to_json(self) -> dict[str, str | None]:
        """The fields that scripts rely on."""
        return {"by": self.by, "sentence": self.sentence}


def proof_of_rank(
    kernel: Kernel,
    templates: Sequence[Template],
    entries: EstimateArray,
    spectrum: EstimateArray,
    *,
    multiple: float = 1.0,
    common_null: Sequence[int] | None = None,
) -> Proof:
    """The theorem's answer where there is one, the numbers' where their errors are proved.

    Args:
        kernel: that N was computed with.
        templates: in the order of N's rows.
        entries: N, shape ``(r, r)``.
        spectrum: its eigenvalues, ascending.
        multiple: how many of their errors the numbers may be off.
        common_null: integers that every kernel of this symmetry maps to 0, where there are some
            (`theory.matrix.structure.common_null_vector`): a proof of its own.

    Raises:
        ContradictionError: theorem and numbers exclude each other.

    >>> from kernels import TransformerKernel
    >>> from theory import catalogue, template_matrix
    >>> kernel, task = TransformerKernel(), catalogue.same_different()
    >>> matrix = template_matrix(kernel, task)
    >>> proof = proof_of_rank(kernel, task.templates, matrix.entries, matrix.eigenvalues)
    >>> proof.by, str(proof.outcome), proof.theorem
    ('theorem', 'nonsingular', 'A2, A3')
    """
    answer = decide(kernel, templates)
    fault = contradiction(answer, entries, spectrum, multiple=multiple, common_null=common_null)
    if fault is not None:
        claim = f"N is {answer.outcome}, as {answer.sentence}"
        raise ContradictionError(answer.theorem, kernel.name, claim, fault)
    if answer.outcome is not None:
        sentence = f"{answer.sentence} (theorem {answer.theorem})"
        return Proof("theorem", answer.outcome, sentence, answer.theorem, answer.null_vector)
    if common_null is not None:
        sentence = "entries of N on which the kernel provably agrees make a combination of rows 0"
        largest = max(abs(weight) for weight in common_null)
        vector = tuple(weight / largest for weight in common_null)
        return Proof("theorem", Outcome.SINGULAR, sentence, "C.1", vector)
    least = float((np.abs(spectrum.values) - spectrum.errors).min())
    if least > 0.0 and spectrum.kind.rank <= ErrorKind.PROVED.rank:
        sentence = f"every eigenvalue is at least {least:.3g} in size, errors included"
        return Proof("enclosure", Outcome.NONSINGULAR, sentence)
    return Proof(None, None, answer.sentence)


def contradiction(
    answer: Answer,
    entries: EstimateArray,
    spectrum: EstimateArray,
    *,
    multiple: float = 1.0,
    common_null: Sequence[int] | None = None,
) -> str | None:
    """Which number a theorem's answer excludes, in words; None where they agree.

    A positive definite N has no eigenvalue below 0 and no vector that it provably maps to 0; a
    singular one maps the theorem's vector to 0, and has an eigenvalue 0.

    Args:
        answer: what the theorem says.
        entries: N.
        spectrum: its eigenvalues.
        multiple: how many of their errors the numbers may be off.
        common_null: as in `proof_of_rank`.

    >>> import numpy as np
    >>> from kernels.estimate import ErrorKind, EstimateArray
    >>> from theory.nonsingularity.answer import dependent_rows
    >>> entries = EstimateArray(np.eye(2), np.full((2, 2), 1e-9), ErrorKind.NUMERICAL)
    >>> spectrum = EstimateArray(np.ones(2), np.full(2, 2e-9), ErrorKind.NUMERICAL)
    >>> contradiction(dependent_rows("A2", "equal rows", (0, 1), 2), entries, spectrum)
    'entry 1 of N v is 1, further from 0 than its error, 2e-09, for the v of the theorem'
    """
    if answer.outcome is None:
        return None
    errors = multiple * spectrum.errors
    if answer.outcome is Outcome.NONSINGULAR:
        if common_null is not None:
            return f"the symmetry of the kernel alone makes N map {tuple(common_null)} to 0"
        lowest = int(np.argmin(spectrum.values + errors))
        value, error = float(spectrum.values[lowest]), float(errors[lowest])
        if value + error < 0.0:
            return f"N has an eigenvalue {value:.3g}, below 0 by more than its error, {error:.1g}"
        return None
    return _not_singular(answer, entries, spectrum, multiple)


def _not_singular(
    answer: Answer, entries: EstimateArray, spectrum: EstimateArray, multiple: float
) -> str | None:
    """Which number shows that N is nonsingular, or does not map the vector to 0."""
    errors = multiple * spectrum.errors
    if answer.null_vector is not None:
        vector = np.array(answer.null_vector)
        image = entries.values @ vector
        rounding = _ROUNDINGS * float(np.finfo(np.float64).eps) * len(vector)
        allowed = (multiple * entries.errors + rounding * np.abs(entries.values)) @ np.abs(vector)
        worst = int(np.argmax(np.abs(image) - allowed))
        if abs(image[worst]) > allowed[worst]:
            return (
                f"entry {worst + 1} of N v is {image[worst]:.3g}, further from 0 than its error, "
                f"{allowed[worst]:.1g}, for the v of the theorem"
            )
    smallest = int(np.argmin(np.abs(spectrum.values) - errors))
    if abs(spectrum.values[smallest]) > errors[smallest]:
        return f"no eigenvalue of N is 0: the one nearest is {spectrum.values[smallest]:.3g}"
    return None
