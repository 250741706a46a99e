"""N of multilayer perceptrons: Remark I.6."""

from __future__ import annotations

import numpy as np

from kernels.contract.kernel import Kernel
from theory.matrix.singularity import Singularity
from theory.matrix.template_matrix import template_matrix
from theory.significance import SIGNIFICANCE
from theory.statements.framework.claims import Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.finding import holding
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.of_tasks import SEVERAL, WILDCARDS_ONLY
from theory.statements.shared.instances.defaults import small_task
from theory.statements.shared.instances.package_kernels import mlp_kernels


def examine_mlp(setting: Setting, kernels: list[Kernel] | None = None) -> Examination:
    """N of STATEMENT kernels on the task: one number in every entry, certified to be singular.

    Args:
        setting: the task.
        kernels: other kernels to examine than the package's.
    """
    claims = []
    for kernel in kernels or mlp_kernels():
        matrix = template_matrix(kernel, setting.task)
        spread = float(np.ptp(matrix.values))
        allowed = 2.0 * float(matrix.entries.radii(SIGNIFICANCE / matrix.values.size).max())
        singular = matrix.verdict.outcome is Singularity.SINGULAR
        evidence = {
            "entry": matrix.entries[0, 0].to_json(),
            "spread": spread,
            "null vector": list(matrix.verdict.null_vector or ()),
        }
        good = singular and spread <= allowed
        claims.append(Fact(kernel.name, good, evidence, matrix.entries.kind))
    return Examination(
        claims, lambda cases: f"N is constant for {holding(cases)} of {len(cases)} MLP kernels"
    )


STATEMENT = Statement(
    ids=("Remark I.6",),
    title="The template matrix of an STATEMENT is constant",
    words="For templates of wildcards, two substituted strings without common tokens agree "
    "at [CLS] alone, so that N of an STATEMENT kernel is a multiple of the matrix of ones.",
    latex=r"N = \kappa(1/k)\, 11^T",
    examine=examine_mlp,
    hypotheses=(WILDCARDS_ONLY, SEVERAL),
    default_task=small_task,
)
