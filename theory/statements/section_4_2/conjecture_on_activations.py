"""The conjecture that most activations which are not polynomials make N nonsingular."""

from __future__ import annotations

from functools import cache

from kernels.activations import Activation, Cosine, Polynomial
from kernels.attention.automatic import Automatic
from kernels.contract.kernel import Kernel
from kernels.estimates import Estimate
from kernels.transformer import TransformerKernel
from theory import catalogue
from theory.conditioning import activation_bound
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
from theory.statements.shared.claims.nonsingular import above_bound, different, nonsingular
from theory.statements.shared.instances.package_kernels import ACTIVATIONS
from theory.task import TemplateTask

_QUICK_TASKS = ("same-different", "aba-abb")
_TASKS = (*_QUICK_TASKS, "majority-3", "majority-4", "random-4", "relational-match-to-sample")
"""Of the catalogue, but the two whose attention values take minutes."""


_ELSEWHERE = ({"beta": 3.0, "gamma": 0.5}, {"beta": 0.5, "gamma": 1.0}, {"beta": 2.0, "gamma": 4.0})
"""Other parameters, on the first task."""


@cache
def precise_kernel() -> TransformerKernel:
    """A kernel whose attention values tell the smallest eigenvalue of 40 templates from 0."""
    return TransformerKernel(1.0, 2.0, Cosine(1.0, 0.4), Automatic(tolerance=1e-12))


def non_polynomial() -> tuple[Activation, ...]:
    """The package's activations that are not polynomials."""
    return tuple(phi for phi in ACTIVATIONS if not isinstance(phi, Polynomial))


def _with(kernel: Kernel, phi: Activation, **parameters: float) -> TransformerKernel:
    if not isinstance(kernel, TransformerKernel):
        raise TypeError("the hypotheses ask for a TransformerKernel")
    return kernel.set_params(activation=phi, **parameters)


def _matrix(kernel: Kernel, phi: Activation, task: TemplateTask) -> TemplateMatrix:
    return template_matrix(_with(kernel, phi), task)


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
            name = f"{phi!r} on {task.name}"
            claims.append(nonsingular(name, matrix))
            claims.append(above_bound(name, activation_bound(_with(setting.kernel, phi), task)))
            rows.append(_row(task, repr(phi), matrix.smallest_eigenvalue))
    for parameters in _ELSEWHERE[:1] if setting.quick else _ELSEWHERE:
        for phi in activations or non_polynomial():
            there = _with(setting.kernel, phi, **parameters)
            where = ", ".join(f"{name} {value:g}" for name, value in parameters.items())
            matrix = template_matrix(there, tasks[0])
            claims.append(nonsingular(f"{phi!r} on {tasks[0].name} at {where}", matrix))
    claims += [different(task) for task in tasks]
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
    "nonsingular. By theorem A3 every activation that is not constant does, at every (β, γ) off "
    "the axes. Checked are the theorem's bound and the eigenvalue, for each activation of the "
    "package on tasks of the catalogue, with 2 to 40 templates. Of the monomials of degree 0 to 3 "
    "beside them, the constant must fail; the others need not.",
    latex=r"\lambda_{\min}(N) > 0",
    examine=examine_activations,
    hypotheses=(
        needs_kernel(TransformerKernel, "the kernel is a transformer kernel"),
        Hypothesis("beta and gamma are positive", "kernel", _on_an_axis),
    ),
    default_kernel=precise_kernel,
    finding="Every activation that is not constant makes N nonsingular off the axes, polynomials "
    "too (theorem A3).",
)
