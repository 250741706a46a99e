"""The conjecture that most activations which are not polynomials make N nonsingular."""

from __future__ import annotations

from functools import cache

from kernels.activations import Activation, Cosine, Polynomial
from kernels.attention.automatic import Automatic
from kernels.contract.kernel import Kernel
from kernels.estimates import Estimate
from kernels.transformer import TransformerKernel
from theory import catalogue
from theory.matrix.singularity import Singularity
from theory.matrix.template_matrix import TemplateMatrix, template_matrix
from theory.statements.framework.claims import Claim, Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.finding import holding
from theory.statements.framework.hypothesis import Hypothesis
from theory.statements.framework.series import Entry, Series
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.of_kernels import needs_kernel
from theory.statements.shared.nonsingular import nonsingular
from theory.statements.shared.package_kernels import ACTIVATIONS
from theory.task import TemplateTask

_QUICK_TASKS = ("same-different", "aba-abb")
_TASKS = (*_QUICK_TASKS, "majority-3", "majority-4", "random-4", "relational-match-to-sample")
"""Of the catalogue, but the two whose attention values take minutes."""


@cache
def precise_kernel() -> TransformerKernel:
    """A kernel whose attention values tell the smallest eigenvalue of 40 templates from 0."""
    return TransformerKernel(1.0, 2.0, Cosine(1.0, 0.4), Automatic(tolerance=1e-12))


def non_polynomial() -> tuple[Activation, ...]:
    """The package's activations that are not polynomials."""
    return tuple(phi for phi in ACTIVATIONS if not isinstance(phi, Polynomial))


def _matrix(kernel: Kernel, phi: Activation, task: TemplateTask) -> TemplateMatrix:
    if not isinstance(kernel, TransformerKernel):
        raise TypeError("the hypotheses ask for a TransformerKernel")
    return template_matrix(kernel.with_activation(phi), task)


def examine_activations(
    setting: Setting, activations: tuple[Activation, ...] | None = None
) -> Examination:
    """The smallest eigenvalue of N by activation and task, and that of polynomials beside it."""
    tasks = [catalogue.find(name) for name in (_QUICK_TASKS if setting.quick else _TASKS)]
    claims: list[Claim] = []
    rows = []
    for task in tasks:
        for phi in activations or non_polynomial():
            matrix = _matrix(setting.kernel, phi, task)
            claims.append(nonsingular(f"{phi!r} on {task.name}", matrix))
            rows.append(_row(task, repr(phi), matrix.smallest_eigenvalue))
    for degree in range(4):
        phi = Polynomial((0.0,) * degree + (1.0,))
        for task in tasks:
            matrix = _matrix(setting.kernel, phi, task)
            smallest, outcome = matrix.smallest_eigenvalue, matrix.verdict.outcome
            rows.append(_row(task, f"monomial of degree {degree}", smallest))
            if degree == 0:
                blind = outcome is not Singularity.NONSINGULAR
                name = f"contrast: constant activation on {task.name}"
                claims.append(Fact(name, blind, smallest.to_json(), smallest.kind))
    series = Series.of_rows("smallest eigenvalues", ["task", "activation", "value", "error"], rows)
    return Examination(
        claims,
        lambda cases: f"{holding(cases)} of {len(cases)} matrices N are as conjectured",
        series=[series],
    )


def _row(task: TemplateTask, activation: str, smallest: Estimate) -> list[Entry]:
    return [task.name, activation, smallest.value, smallest.error]


def _on_an_axis(setting: Setting) -> str | None:
    kernel = setting.kernel
    if isinstance(kernel, TransformerKernel) and min(kernel.beta, kernel.gamma) == 0.0:
        return "almost every (β, γ) has neither at 0; give a positive beta and a positive gamma"
    return None


STATEMENT = Statement(
    ids=("Conjecture on activations",),
    title="Other activations work too",
    words="The paper conjectures that most activations that are not polynomials make N "
    "nonsingular. Checked at the kernel's (β, γ) for each activation of the package on "
    "tasks of the catalogue, with 2 to 40 templates: evidence for the conjecture, not a proof. "
    "Of the monomials of degree 0 to 3 beside them, the constant must fail; the others need not.",
    latex=r"\lambda_{\min}(N) > 0",
    examine=examine_activations,
    hypotheses=(
        needs_kernel(TransformerKernel, "the kernel is a transformer kernel"),
        Hypothesis("beta and gamma are positive", "kernel", _on_an_axis),
    ),
    default_kernel=precise_kernel,
    finding="Linear, quadratic and cubic activations work on these tasks too; constants do not.",
)
