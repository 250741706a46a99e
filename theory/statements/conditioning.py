"""N for small tasks, transformers beside MLPs: Observation 1.2, Section 4.3, Remark I.6."""

from __future__ import annotations

import numpy as np
from kernels.estimate import ErrorKind, Estimate

from kernels.activations import Cosine, ReLU
from kernels.attention.automatic import Automatic
from kernels.kernel import Kernel
from kernels.mlp import MLPKernel
from kernels.transformer import TransformerKernel
from theory import catalogue
from theory.matrix.template_matrix import template_matrix
from theory.matrix.verdict import Outcome
from theory.statements.hypothesis import Hypothesis
from theory.statements.nonsingularity import nonsingular_case
from theory.statements.setting import Setting
from theory.statements.settings import (
    SEVERAL,
    TOKEN_SYMMETRIC,
    needs_kernel,
    small_task,
    transformer_kernel,
)
from theory.statements.statement import Statement
from theory.statements.token_symmetry import ACTIVATIONS
from theory.statements.verdict import Finding, conclude, equal, fact
from theory.statements.verdict import Outcome as Found

_ENTRIES = ((("AA", "BB"), ("AA", "BC")), (("BC", "AA"), ("AB", "CD")))


def examine_observation(setting: Setting) -> Finding:
    """The four entries that the paper writes, the MLP's, and conditioning over (beta, gamma)."""
    kernel = setting.kernel
    task = catalogue.same_different()
    matrix = template_matrix(kernel, task)
    cases = []
    for i, row in enumerate(_ENTRIES):
        for j, (x, y) in enumerate(row):
            entry = equal(
                f"N_{i + 1}{j + 1}", matrix.entries.at(i, j), kernel(x, y), resolution=1e-4
            )
            cases.append(entry)
    cases.append(nonsingular_case("N of the kernel is nonsingular", matrix))
    mlp = template_matrix(MLPKernel(ReLU(), depth=2), task).verdict
    cases.append(
        fact(
            "N of an MLP kernel is singular",
            mlp.outcome is Outcome.SINGULAR,
            {"null vector": list(mlp.null_vector or ())},
        )
    )
    table = []
    for beta in (0.0, 0.5, 1.0, 2.0):
        for gamma in (0.5, 1.0) if setting.quick else (0.0, 0.5, 1.0, 2.0):
            other = TransformerKernel(beta, gamma, Cosine(1.0, 0.4), Automatic(tolerance=1e-6))
            there = template_matrix(other, task)
            smallest = there.smallest_eigenvalue
            table.append({"beta": beta, "gamma": gamma, **smallest.to_json()})
            if beta:
                name = f"beta {beta:g}, gamma {gamma:g}: N is nonsingular"
                cases.append(nonsingular_case(name, there))
            else:
                zero = Estimate(0.0, 0.0, ErrorKind.EXACT)
                name = f"beta 0, gamma {gamma:g}: attention is blind"
                cases.append(equal(name, smallest, zero, resolution=1e-4))
    value = matrix.smallest_eigenvalue.value
    figure = f"smallest eigenvalue of N: {value:.2e} for the kernel, 0 for an MLP"
    return conclude(cases, figure, evidence={"conditioning": table})


def _no_attention(setting: Setting) -> str | None:
    kernel = setting.kernel
    if isinstance(kernel, TransformerKernel) and kernel.beta == 0.0:
        return "at beta = 0 attention is blind and N has equal entries; give a positive beta"
    return None


OBSERVATION = Statement(
    ids=("Observation 1.2", "Section 4.3"),
    title="Same and different: transformers can, inner-product kernels cannot",
    words="For the templates αα and αβ, N of a transformer kernel is nonsingular where β is "
    "positive, and its smallest eigenvalue says how well; N of an inner-product kernel is a "
    "multiple of the matrix of ones.",
    latex=r"N = \begin{bmatrix} K(AA,BB) & K(AA,BC) \\ K(BC,AA) & K(AB,CD) \end{bmatrix}",
    examine=examine_observation,
    hypotheses=(
        needs_kernel(TransformerKernel, "the kernel is a transformer kernel"),
        Hypothesis("beta is positive", "kernel", _no_attention),
        TOKEN_SYMMETRIC,
    ),
    default_kernel=transformer_kernel,
)


def _regular(setting: Setting) -> str | None:
    found = setting.task.regular_tokens
    return f"{found[0]!r} is a regular token; give templates of wildcards" if found else None


WILDCARDS_ONLY = Hypothesis("the templates consist of wildcards", "task", _regular)


def mlp_kernels() -> list[Kernel]:
    """MLP kernels of each activation, one and two layers deep."""
    return [MLPKernel(activation, depth) for activation in ACTIVATIONS for depth in (1, 2)]


def examine_mlp(setting: Setting, kernels: list[Kernel] | None = None) -> Finding:
    """N of MLP kernels on the task: one number in every entry, certified to be singular.

    Args:
        setting: the task.
        kernels: other kernels to examine than the package's.
    """
    cases = []
    for kernel in kernels or mlp_kernels():
        matrix = template_matrix(kernel, setting.task)
        spread = float(np.ptp(matrix.values))
        allowed = 2.0 * matrix.entries.largest_error
        singular = matrix.verdict.outcome is Outcome.SINGULAR
        evidence = {
            "entry": matrix.entries.at(0, 0).to_json(),
            "spread": spread,
            "null vector": list(matrix.verdict.null_vector or ()),
        }
        good = singular and spread <= allowed
        cases.append(fact(kernel.name, good, evidence, matrix.entries.kind))
    constant = sum(case.outcome is Found.HOLDS for case in cases)
    return conclude(cases, f"N is constant for {constant} of {len(cases)} MLP kernels")


MLP = Statement(
    ids=("Remark I.6",),
    title="The template matrix of an MLP is constant",
    words="For templates of wildcards, two substituted strings without common tokens agree "
    "at [CLS] alone, so that N of an MLP kernel is a multiple of the matrix of ones.",
    latex=r"N = \kappa(1/k)\, 11^T",
    examine=examine_mlp,
    hypotheses=(WILDCARDS_ONLY, SEVERAL),
    default_task=small_task,
)
