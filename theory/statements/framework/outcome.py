"""How a check can end."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How a check, or the decision of one claim, can end.

    "Says nothing here" is the end of a check whose premise is empty: the statement is true of the
    task for want of anything that it is about, and nothing was compared.
    """

    HOLDS = "holds"
    VIOLATED = "violated"
    INCONCLUSIVE = "inconclusive"
    SAYS_NOTHING = "says nothing here"
