"""Other optimizers fail alike: Remarks I.4 and I.5."""

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


def examine_optimizers(
    setting: Setting,
    initialization: Initialization | None = None,
    **trained: Unpack[Trained],
) -> Examination:
    """Remarks I.4 and I.5: minibatches, Adam, and gradient flow."""
    from theory.networks.optimizers import (  # noqa: PLC0415 - JAX is slow to import
        SGD,
        Adam,
        GradientFlow,
    )

    adam = Adam(rate=0.02, batch=4)
    # Compiling takes most of the time: a first look contents itself with the odd one out.
    chosen = [adam] if setting.quick else [SGD(rate=0.2, batch=4), adam, GradientFlow(rate=0.5)]
    return examine_training(setting, chosen, initialization, **trained)


STATEMENT = Statement(
    ids=("Remark I.4", "Remark I.5"),
    title="Other optimizers fail alike",
    words="Theorem I.2 and its proof hold for minibatch SGD, Adam and gradient flow.",
    latex=r"\pi\,\mathrm{step}(\theta) = \mathrm{step}(\pi\theta)",
    examine=examine_optimizers,
    hypotheses=(WILDCARDS_ONLY, NOT_CONSTANT),
    default_task=same_different,
    settings=SETTINGS,
)
