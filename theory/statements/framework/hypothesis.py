"""The hypotheses of a statement: checked before it is, and named where they fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kernels.errors import InvalidInputError
from theory.statements.framework.outcome import Outcome
from theory.statements.framework.setting import Setting


class HypothesisError(InvalidInputError):
    """A statement is not examined on this task or kernel: a hypothesis fails, or is not shown.

    Attributes:
        hypothesis: the name of the hypothesis.
        outcome: what that says: nothing, where a hypothesis of the paper's fails; inconclusive,
            where it could not be shown or is a limit of the check.
    """

    def __init__(self, hypothesis: Hypothesis, value: object, objection: str | Doubt) -> None:
        failing = isinstance(objection, str)
        ends = "fails" if failing else "could not be shown"
        words = f"hypothesis {hypothesis.name!r} {ends}: {objection}"
        super().__init__(hypothesis.argument, value, words)
        self.hypothesis = hypothesis.name
        empty = failing and not hypothesis.limit
        self.outcome = Outcome.SAYS_NOTHING if empty else Outcome.INCONCLUSIVE


@dataclass(frozen=True)
class Doubt:
    """Why a hypothesis that may be true could not be shown, and what would settle it."""

    words: str

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Hypothesis:
    """A condition under which a statement is made, or can be checked.

    Attributes:
        name: the condition in words, as an error names it.
        argument: what the condition is about: ``"task"`` or ``"kernel"``.
        objection: what is wrong with a setting and what would do instead, a `Doubt` where errors
            leave that open, None where the setting is fine.
        limit: whether it is a limit of the check and not a hypothesis of the paper's.
    """

    name: str
    argument: str
    objection: Callable[[Setting], str | Doubt | None]
    limit: bool = False

    def require(self, setting: Setting) -> None:
        """Refuse a setting in which the condition fails.

        Raises:
            HypothesisError: it fails, or could not be shown.
        """
        found = self.objection(setting)
        if found is not None:
            raise HypothesisError(self, setting.shown(self.argument), found)
