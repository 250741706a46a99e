"""Which kernel conditions a task best: the parameters at which N is farthest from singular."""

from __future__ import annotations

from theory.tuning.best_parameters import BestParameters, best_parameters
from theory.tuning.search import Trial

__all__ = ["BestParameters", "Trial", "best_parameters"]
