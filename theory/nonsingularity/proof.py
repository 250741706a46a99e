"""What is proved of a template matrix, beside its numbers; a contradiction is a bug."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kernels.contract.kernel import Kernel
from kernels.estimates import Estimate, EstimateArray, Numerical
from theory.enclosure.spectrum import SpectralEnclosure
from theory.matrix.singularity import Singularity
from theory.nonsingularity.answer import Answer
from theory.nonsingularity.criterion import decide_singularity
from theory.significance import SIGNIFICANCE
from theory.template import Template

_VECTOR_ROUNDING = 2.0**-50
"""Of an entry of a theorem's null vector, which is at most 1 and at worst an exponential."""


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
    outcome: Singularity | None
    sentence: str
    theorem: str = ""
    null_vector: tuple[float, ...] | None = None

    def to_json(self) -> dict[str, str | None]:
        """The fields that scripts rely on."""
        return {"by": self.by, "sentence": self.sentence}

    def __str__(self) -> str:
        return f"{'proved, as' if self.by else 'not proved:'} {self.sentence}"


def proof_of_rank(
    kernel: Kernel,
    templates: Sequence[Template],
    entries: EstimateArray,
    spectrum: EstimateArray,
    *,
    common_null: Sequence[int] | None = None,
    enclosure: SpectralEnclosure | None = None,
) -> Proof:
    """The theorem's answer where there is one, the numbers' where their errors are proved.

    Args:
        kernel: that N was computed with.
        templates: in the order of N's rows.
        entries: N, shape ``(r, r)``.
        spectrum: its eigenvalues, ascending.
        common_null: integers that every kernel of this symmetry maps to 0, where there are some
            (`theory.matrix.structure.common_null_vector`): a proof of its own.
        enclosure: proved bounds of the eigenvalues, where there are some.

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
    answer = decide_singularity(kernel, templates)
    fault = contradiction(answer, entries, spectrum, common_null=common_null, enclosure=enclosure)
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
        sentence += " (Definition C.1)"
        return Proof("theorem", Singularity.SINGULAR, sentence, "C.1", vector)
    if enclosure is not None and enclosure.positive_definite:
        return Proof("enclosure", Singularity.NONSINGULAR, enclosure.sentence)
    return Proof(None, None, answer.sentence)


def contradiction(
    answer: Answer,
    entries: EstimateArray,
    spectrum: EstimateArray,
    *,
    common_null: Sequence[int] | None = None,
    enclosure: SpectralEnclosure | None = None,
) -> str | None:
    """Which number a theorem's answer excludes, in words; None where they agree.

    A positive definite N has no eigenvalue below 0 and no vector that it provably maps to 0; a
    singular one maps the theorem's vector to 0, and has an eigenvalue 0. Where chance enters, the
    numbers exclude what would happen with a probability below `SIGNIFICANCE`.

    Args:
        answer: what the theorem says.
        entries: N.
        spectrum: its eigenvalues.
        common_null: as in `proof_of_rank`.
        enclosure: as in `proof_of_rank`.

    >>> import numpy as np
    >>> from theory.nonsingularity.answer import dependent_rows
    >>> entries = EstimateArray.of(np.eye(2), Numerical, 1e-9)
    >>> answer = dependent_rows("A2", "equal rows", (0, 1), 2)
    >>> contradiction(answer, entries, entries.eigenvalues())
    'entry 1 of N v is 1, further from 0 than its error, 2e-09, for the v of the theorem'
    """
    if answer.outcome is None:
        return None
    if answer.outcome is Singularity.NONSINGULAR:
        return _not_positive(spectrum, common_null, enclosure)
    if enclosure is not None and enclosure.positive_definite:
        return enclosure.sentence
    return _not_singular(answer, entries, spectrum)


def _not_positive(
    spectrum: EstimateArray,
    common_null: Sequence[int] | None,
    enclosure: SpectralEnclosure | None,
) -> str | None:
    """What shows that N is not positive definite."""
    if common_null is not None:
        return f"the symmetry of the kernel alone makes N map {tuple(common_null)} to 0"
    if enclosure is not None and enclosure.upper < 0.0:
        return f"it is proved that N has an eigenvalue of at most {enclosure.upper:.3g}"
    lowest: Estimate = spectrum[0]
    radius = lowest.radius(SIGNIFICANCE)
    if lowest.value + radius < 0.0:
        said = f"below 0 by more than its error, {radius:.1g}"
        return f"N has an eigenvalue {lowest.value:.3g}, {said}"
    return None


def _not_singular(answer: Answer, entries: EstimateArray, spectrum: EstimateArray) -> str | None:
    """Which number shows that N is nonsingular, or does not map the vector to 0."""
    level = SIGNIFICANCE / (1.0 + len(spectrum))  # one comparison for each entry, one for all of N
    if answer.null_vector is not None:
        vector = np.array(answer.null_vector)
        rounded = (vector != 0.0) & (np.abs(vector) != 1.0)
        image = entries @ EstimateArray.of(vector, Numerical, _VECTOR_ROUNDING * rounded)
        for place, entry in enumerate(image, start=1):
            if abs(entry.value) > (radius := entry.radius(level)):
                return (
                    f"entry {place} of N v is {entry.value:.3g}, further from 0 than its error, "
                    f"{radius:.1g}, for the v of the theorem"
                )
    nearest: Estimate = spectrum[int(np.argmin(np.abs(spectrum.values)))]
    if abs(nearest.value) > nearest.radius(level):
        return f"no eigenvalue of N is 0: the one nearest is {nearest.value:.3g}"
    return None
