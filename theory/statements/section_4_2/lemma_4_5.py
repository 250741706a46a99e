"""Ridge regression generalizes on unseen symbols where N is nonsingular: Lemma 4.5."""

from __future__ import annotations

import dataclasses

from theory import catalogue
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.of_kernels import NONSINGULAR
from theory.statements.hypotheses.semidefinite import SEMIDEFINITE
from theory.statements.hypotheses.symmetry import TOKEN_SYMMETRIC
from theory.statements.section_4_2.rates.effort import LARGE, sizes_up_to
from theory.statements.section_4_2.rates.fitted import (
    DRAWS,
    FEW_WILDCARDS,
    QUICK_DRAWS,
    SHORT,
    examine_bound,
)
from theory.statements.shared.instances.defaults import conditioned_kernel
from theory.statements.shared.instances.scale import divided_by, with_unit_labels


def examine_rate(
    setting: Setting, samples: int | None = None, seconds: float | None = None
) -> Examination:
    """Fit C on small n; count how often larger ones exceed the bound.

    Args:
        setting: the task, the kernel and the seed.
        samples: the largest n to test the bound at; 800 where left out.
        seconds: n rises as long as larger ones should end in that time, up to ``samples``.
    """
    setting, scale = with_unit_labels(setting)
    draws = QUICK_DRAWS if setting.quick else DRAWS
    large = sizes_up_to(LARGE[::2] if setting.quick else LARGE, samples, seconds)
    found = examine_bound(setting.task, setting.kernel, large, draws, setting.seed, seconds=seconds)
    return dataclasses.replace(found, evidence={**divided_by(scale), **found.evidence})


STATEMENT = Statement(
    ids=("Lemma 4.5", "Lemma C.2", "Lemma D.1"),
    title="Nonsingular N makes ridge regression generalize",
    words="If the kernel is token-symmetric and N nonsingular, ridge regression generalizes on "
    "unseen symbols with an error of order √(log(1/δ)/n) + √(1/ρ).",
    latex=r"|\hat f(x) - f_*(z)| \le C\sqrt{\log(1/\delta)/n} + C\sqrt{1/\rho}",
    examine=examine_rate,
    hypotheses=(SHORT, FEW_WILDCARDS, TOKEN_SYMMETRIC, NONSINGULAR, SEMIDEFINITE),
    settings=("samples", "seconds"),
    default_task=catalogue.same_different,
    default_kernel=conditioned_kernel,
)
