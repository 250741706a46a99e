"""Training commutes with renaming unseen inputs: Lemma I.7."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from theory.catalogue import same_different
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.of_tasks import SEVERAL

if TYPE_CHECKING:
    from theory.networks.perceptron import Initialization
from theory.statements.appendix_i.training import SETTINGS, Trained, examine_training
from theory.statements.hypotheses.of_tasks import WILDCARDS_ONLY


def examine_lemma(
    setting: Setting,
    initialization: Initialization | None = None,
    **trained: Unpack[Trained],
) -> Examination:
    """Lemma I.7 for stochastic gradient descent."""
    from theory.networks.optimizers import SGD  # noqa: PLC0415 - JAX is slow to import

    return examine_training(setting, [SGD(rate=0.1)], initialization, bound=False, **trained)


STATEMENT = Statement(
    ids=("Lemma I.7",),
    title="Training commutes with renaming unseen inputs",
    words="Renaming the unseen tokens' inputs and the initialization gives the same trained MLP up "
    "to the renaming, at each step; so its outputs on strings of unseen symbols have one law.",
    latex=r"\pi\theta_0 \overset{d}{=} \theta_0 \implies "
    r"f(x; \theta_t) \overset{d}{=} f(\pi x; \theta_t)",
    examine=examine_lemma,
    # One template has one test string, which the identity takes to itself.
    hypotheses=(WILDCARDS_ONLY, SEVERAL),
    default_task=same_different,
    settings=SETTINGS,
)
