"""N for the templates αα and αβ: Observation 1.2 and Section 4.3."""

from __future__ import annotations

from copy import deepcopy

import numpy as np

from kernels.activations import Cosine, ReLU
from kernels.activations.form import Constant
from kernels.attention.automatic import Automatic
from kernels.contract.kernel import Kernel
from kernels.estimates import Estimate, Exact
from kernels.mlp import MLPKernel
from kernels.transformer import TransformerKernel
from theory import catalogue
from theory.matrix.singularity import Singularity
from theory.matrix.template_matrix import TemplateMatrix, template_matrix
from theory.statements.framework.claims import Claim, Equal, Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.hypothesis import Hypothesis
from theory.statements.framework.series import Series
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.of_kernels import needs_kernel
from theory.statements.hypotheses.symmetry import TOKEN_SYMMETRIC
from theory.statements.shared.claims.nonsingular import nonsingular
from theory.statements.shared.instances.defaults import transformer_kernel
from theory.statements.shared.second_routes.evaluated import evaluated
from theory.statements.shared.second_routes.sampled_attention import sampled_attention

_ENTRIES = ((("AA", "BB"), ("AA", "BC")), (("BC", "AA"), ("AB", "CD")))


_DRAWS, _QUICK_DRAWS = 400_000, 100_000

_RESOLUTION = 1e-4
"""Of two computations of an entry, beside the largest."""

_COARSEST = 0.05
"""Of a sample mean of attention values, beside the largest."""


def entry_claims(setting: Setting, matrix: TemplateMatrix) -> list[Claim]:
    """The entries as the paper writes them, computed anew, and attention by sampling alone.

    A kernel keeps its values by pattern, and the strings of the paper have the patterns of N: to
    look them up would compare a number with itself.
    """
    kernel, rng = setting.kernel, setting.rng()
    fresh = deepcopy(kernel)  # copies of a kernel leave its tables of values behind
    places = [(f"N_{i + 1}{j + 1}", i, j, *_ENTRIES[i][j]) for i in (0, 1) for j in (0, 1)]
    fine = _RESOLUTION * float(np.abs(matrix.values).max())
    claims: list[Claim] = [
        Equal(name, evaluated(fresh, x, y, rng), matrix.entries[i, j], resolution=fine)
        for name, i, j, x, y in places
    ]
    if not isinstance(kernel, TransformerKernel):
        return claims
    attention = template_matrix(kernel.attention_kernel, catalogue.same_different())
    draws = _QUICK_DRAWS if setting.quick else _DRAWS
    coarse = _COARSEST * float(np.abs(attention.values).max())
    for name, i, j, x, y in places:
        read, looked_up = sampled_attention(kernel, x, y, draws, rng), attention.entries[i, j]
        claims.append(
            Equal(f"attention in {name}, by sampling", read, looked_up, resolution=coarse)
        )
    return claims


def _exception(kernel: Kernel) -> str:
    """Why a singular N would refute nothing: constant activations see nothing, attention or not."""
    if isinstance(kernel, TransformerKernel) and isinstance(kernel.activation.form, Constant):
        return "the activation is constant, so all rows are equal; one that is not would settle it"
    return ""


def examine_observation(setting: Setting) -> Examination:
    """The four entries that the paper writes, the MLP's, and conditioning over (beta, gamma)."""
    kernel = setting.kernel
    task = catalogue.same_different()
    matrix = template_matrix(kernel, task)
    claims = entry_claims(setting, matrix)
    claims.append(nonsingular("N of the kernel is nonsingular", matrix, _exception(kernel)))
    mlp = template_matrix(MLPKernel(ReLU(), depth=2), task).verdict
    claims.append(
        Fact(
            "N of an MLP kernel is singular",
            mlp.outcome is Singularity.SINGULAR,
            {"null vector": list(mlp.null_vector or ())},
        )
    )
    rows = []
    for beta in (0.0, 0.5, 1.0, 2.0):
        for gamma in (0.5, 1.0) if setting.quick else (0.0, 0.5, 1.0, 2.0):
            other = TransformerKernel(beta, gamma, Cosine(1.0, 0.4), Automatic(tolerance=1e-6))
            there = template_matrix(other, task)
            smallest = there.smallest_eigenvalue
            rows.append([beta, gamma, smallest.value, smallest.error])
            if beta:
                name = f"beta {beta:g}, gamma {gamma:g}: N is nonsingular"
                claims.append(nonsingular(name, there))
            else:
                zero = Estimate(0.0, Exact())
                name = f"beta 0, gamma {gamma:g}: attention is blind"
                claims.append(Equal(name, smallest, zero, resolution=1e-4))
    value = matrix.smallest_eigenvalue.value
    figure = f"smallest eigenvalue of N: {value:.2e} for the kernel, 0 for an MLP"
    series = Series.of_rows("conditioning", ["beta", "gamma", "value", "error"], rows)
    return Examination(claims, figure, series=[series])


def _no_attention(setting: Setting) -> str | None:
    kernel = setting.kernel
    if isinstance(kernel, TransformerKernel) and kernel.beta == 0.0:
        return "at beta = 0 attention is blind and N has equal entries; give a positive beta"
    return None


STATEMENT = Statement(
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
