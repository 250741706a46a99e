"""The template matrix N (Section 4.2, equations (12) and (13))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Float64

from kernels.boundary.checks import instance
from kernels.boundary.exceptions import InvalidInputError
from kernels.boundary.floating_point import plain_floats
from kernels.contract.kernel import Kernel
from kernels.estimates import Estimate, EstimateArray
from kernels.estimates.display import html_table
from kernels.estimates.rules.linear_algebra import eigenvalue_rounding
from theory.enclosure.spectrum import SpectralEnclosure
from theory.given_templates import Templates, given_kernel
from theory.matrix.numbers import Numbers, classes_of, numbers_of
from theory.matrix.pairs import pairs_of_templates
from theory.matrix.sharper import sharper
from theory.matrix.singularity import (
    Singularity,
    SingularityVerdict,
    judge,
    rank_of_singular,
)
from theory.matrix.structure import common_null_vector
from theory.nonsingularity.proof import Proof, proof_of_rank
from theory.significance import SIGNIFICANCE
from theory.task import TemplateTask
from theory.template import Template

_MANY = 40
"""Templates from which on values are as sharp as floats allow from the start."""

_PATIENCE, _RETRY = 1e11, 1e10
"""Multiplications that sharp values may take from the start, and where others left it open."""

_SHOWN = 8
"""Rows and columns that a notebook shows."""


@dataclass(frozen=True, eq=False, repr=False)
class TemplateMatrix:
    """N with its errors, its spectrum, and whether it is nonsingular.

    Attributes:
        kernel: the name of the kernel that it was computed with.
        templates: the r templates, in the order of the rows.
        entries: N, shape ``(r, r)``.
        eigenvalues: ascending, each with Weyl's bound as its error.
        patterns: how many joint equality patterns occur in N, and
        classes: how many classes of them on which the kernel provably agrees.
        verdict: nonsingular, singular or inconclusive, and why: by the numbers, or by a theorem
            where they leave it open.
        proof: what is proved of it, beside the numbers.
        enclosure: proved bounds of its spectrum, where the kernel's values are proved and
            templates not too many for a factorization in balls.
        labels: the kernel's parameters, as columns of a table.
    """

    kernel: str
    templates: tuple[Template, ...]
    entries: EstimateArray
    eigenvalues: EstimateArray
    patterns: int
    classes: int
    verdict: SingularityVerdict
    proof: Proof
    enclosure: SpectralEnclosure | None = None
    labels: Mapping[str, object] = field(default_factory=dict)

    @property
    def values(self) -> Float64[np.ndarray, "r r"]:
        """N itself."""
        return self.entries.values

    @property
    def errors(self) -> Float64[np.ndarray, "r r"]:
        """The errors of N's entries."""
        return self.entries.errors

    @cached_property
    def smallest_eigenvalue(self) -> Estimate:
        """The eigenvalue of least magnitude; for a positive semidefinite kernel, the smallest.

        It is proved where N is proved to be positive definite.
        """
        return Numbers(self.entries, self.eigenvalues, self.enclosure).smallest

    @property
    def resolved(self) -> bool:
        """Whether the numbers alone tell the smallest eigenvalue from 0, whatever is proved."""
        return abs(self.smallest_eigenvalue.value) > self.smallest_eigenvalue.radius(SIGNIFICANCE)

    @cached_property
    def condition_number(self) -> Estimate:
        """Largest over smallest eigenvalue, in magnitude.

        The error is infinite unless the smallest eigenvalue exceeds its own error.
        """
        if self.enclosure is not None and self.enclosure.positive_definite:
            return self.enclosure.condition_number
        largest: Estimate = self.eigenvalues[int(np.argmax(np.abs(self.eigenvalues.values)))]
        return abs(largest) / abs(self.smallest_eigenvalue)

    def to_json(self) -> dict[str, object]:
        """The fields that scripts rely on."""
        return {
            "kernel": self.kernel,
            "parameters": dict(self.labels),
            "templates": [str(template) for template in self.templates],
            "matrix": self.values.tolist(),
            "error": self.errors.tolist(),
            "eigenvalues": self.eigenvalues.values.tolist(),
            "smallest_eigenvalue": self.smallest_eigenvalue.to_json(),
            "verdict": str(self.verdict.outcome),
            "reason": self.verdict.reason,
            "proof": self.proof.to_json(),
            "enclosure": None if self.enclosure is None else self.enclosure.to_json(),
            "patterns": self.patterns,
        }

    def to_pandas(self) -> Any:
        """A ``DataFrame`` of a row for each entry, with the kernel's parameters beside it.

        Raises:
            MissingPackageError: pandas is not installed.
        """
        r = len(self.templates)
        names = [str(template) for template in self.templates]
        table = self.entries.to_pandas(**self.labels)
        table.insert(0, "row", [names[i] for i in range(r) for _ in range(r)])
        table.insert(1, "column", names * r)
        return table.drop(columns=["i", "j"])

    def __repr__(self) -> str:
        return (
            f"TemplateMatrix({self.verdict.outcome}, smallest eigenvalue "
            f"{self.smallest_eigenvalue:.6g}, {len(self.templates)} templates, {self.kernel})"
        )

    def _repr_html_(self) -> str:
        names = [str(template) for template in self.templates[:_SHOWN]]
        cells = [[f"{value:.6g}" for value in row[:_SHOWN]] for row in self.values[:_SHOWN]]
        rows = [[name, *row] for name, row in zip(names, cells, strict=True)]
        size = f"smallest eigenvalue {self.smallest_eigenvalue:.6g}"
        return html_table(f"N is {self.verdict.outcome}; {size}", ["", *names], rows)

    def __str__(self) -> str:
        return (
            f"N of {len(self.templates)} templates: {self.verdict.outcome} "
            f"({self.verdict.reason}); smallest eigenvalue {self.smallest_eigenvalue}; {self.proof}"
        )


@plain_floats
def template_matrix(
    kernel: Kernel,
    templates: Templates,
    *,
    n_jobs: int | None = None,
    progress: bool = False,
) -> TemplateMatrix:
    """N_ij = K(sub(z_i, s), sub(z_j, s')), where s and s' share no token with each other or R.

    Where the kernel chooses by itself how attention values are computed, they are as sharp as
    floats allow if templates are many, or if sharper values may settle what is left open.

    Args:
        kernel: a token-symmetric kernel, so that the choice of s and s' does not matter.
        templates: a task, or templates of one length, parsed or written.
        n_jobs: joblib workers; where left out, what ``joblib.parallel_config`` says.
        progress: show a progress bar.

    Raises:
        InvalidInputError: no templates, or templates of unequal length; no kernel.
        TooLargeError: the matrix would not fit in memory.
        ContradictionError: a theorem and the numbers exclude each other: a bug in one of the two.
    """
    given_kernel(kernel)
    pairs = pairs_of_templates(templates)
    chosen, (keys, classes) = pairs.templates, classes_of(kernel, pairs)
    many = len(chosen) >= _MANY
    used = sharper(kernel, classes.patterns, most=_PATIENCE) if many else None
    numbers = numbers_of(used or kernel, classes, n_jobs=n_jobs, progress=progress)
    verdict, null_vector = _judged(numbers), None
    if verdict.outcome is not Singularity.NONSINGULAR:
        null_vector = common_null_vector(
            [[keys[c] for c in row] for row in classes.places.tolist()]
        )
        if null_vector is not None:
            verdict = _singular(null_vector, chosen, numbers.spectrum)
        elif not many and (used := sharper(kernel, classes.patterns, most=_RETRY)) is not None:
            numbers = numbers_of(used, classes, n_jobs=n_jobs, progress=progress)
            verdict = _judged(numbers)
    entries, spectrum, enclosure = numbers.entries, numbers.spectrum, numbers.enclosure
    proof = proof_of_rank(
        kernel, chosen, entries, spectrum, common_null=null_vector, enclosure=enclosure
    )
    if verdict.outcome is Singularity.INCONCLUSIVE and proof.outcome is not None:
        verdict = _proved(proof, verdict, spectrum)
    return TemplateMatrix(
        kernel.name,
        chosen,
        entries,
        spectrum,
        len(pairs.patterns),
        len(keys),
        verdict,
        proof,
        enclosure,
        kernel.labels,
    )


def _judged(numbers: Numbers) -> SingularityVerdict:
    """The verdict by the numbers alone."""
    return judge(
        numbers.smallest,
        size=len(numbers.spectrum),
        rounding=eigenvalue_rounding(numbers.spectrum.values),
        largest_error=numbers.entries.largest_error,
    )


def matrix_of(kernel: Kernel, task: TemplateTask, given: TemplateMatrix | None) -> TemplateMatrix:
    """N of a kernel and a task: the one given if it is theirs, computed if none is given.

    Raises:
        InvalidInputError: the matrix is of another kernel or of other templates; or one of the
            three is something else altogether.
    """
    instance("kernel", kernel, Kernel, "give a kernel, such as TransformerKernel()")
    instance("task", task, TemplateTask, "give a TemplateTask, as TemplateTask.parse makes it")
    if given is None:
        return template_matrix(kernel, task)
    remedy = "give what template_matrix returns for this kernel and this task, or leave it out"
    instance("matrix", given, TemplateMatrix, remedy)
    if given.kernel != kernel.name:
        fault = f"it is of the kernel {given.kernel}, not of {kernel.name}"
        raise InvalidInputError("matrix", str(given), f"{fault}; {remedy}")
    if given.templates != task.templates:
        fault = "its templates are not those of the task, in their order"
        raise InvalidInputError("matrix", str(given), f"{fault}; {remedy}")
    return given


def _singular(
    null_vector: tuple[int, ...], templates: Sequence[Template], spectrum: EstimateArray
) -> SingularityVerdict:
    combination = " ".join(
        f"{weight:+d}·{template}"
        for weight, template in zip(null_vector, templates, strict=True)
        if weight
    )
    mapped = f"every kernel of this symmetry maps the combination {combination} of templates to 0"
    return SingularityVerdict(
        Singularity.SINGULAR, f"{mapped}; {rank_of_singular(spectrum)}", null_vector
    )


def _proved(
    proof: Proof, by_numbers: SingularityVerdict, spectrum: EstimateArray
) -> SingularityVerdict:
    """The verdict where a theorem decides what the numbers leave open."""
    assert proof.outcome is not None
    reason = f"proved by theorem {proof.theorem}; "
    if proof.outcome is Singularity.SINGULAR:  # no precision would show that by numbers
        return SingularityVerdict(
            proof.outcome, reason + rank_of_singular(spectrum), proof.null_vector
        )
    reason += f"the numbers alone leave it open: {by_numbers.reason}"
    return SingularityVerdict(proof.outcome, reason, proof.null_vector)
