"""Trained MLPs cannot tell strings of unseen symbols apart: Theorem I.2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from theory.catalogue import same_different
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement

if TYPE_CHECKING:
    from theory.networks.perceptron import Initialization
from theory.statements.appendix_i.training import NOT_CONSTANT, SETTINGS, Trained, examine_training
from theory.statements.hypotheses.of_tasks import WILDCARDS_ONLY


def examine_lower_bound(
    setting: Setting,
    initialization: Initialization | None = None,
    **trained: Unpack[Trained],
) -> Examination:
    """Theorem I.2 for stochastic gradient descent."""
    from theory.networks.optimizers import SGD  # noqa: PLC0415 - JAX is slow to import

    return examine_training(setting, [SGD(rate=0.1)], initialization, distribution=False, **trained)


STATEMENT = Statement(
    ids=("Theorem I.2",),
    title="MLPs fail on unseen symbols",
    words="If templates consist of wildcards and f_* is not constant, then at every step of SGD "
    "some string of unseen symbols has E(f_MLP - f_*)² ≥ ((max f_* - min f_*) / 2)².",
    latex=r"\max_x \mathbb{E} (f_{MLP}(x; \theta_t) - f_*(x))^2 \ge "
    r"\tfrac14 (\max f_* - \min f_*)^2 > 0",
    examine=examine_lower_bound,
    hypotheses=(WILDCARDS_ONLY, NOT_CONSTANT),
    default_task=same_different,
    settings=SETTINGS,
)
