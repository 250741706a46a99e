"""The hypotheses of a statement: checked before it is, and named where they fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kernels.errors import InvalidInputError
from theory.statements.framework.setting import Setting


class HypothesisError(InvalidInputError):
    """A statement says nothing of this task or kernel: a hypothesis fails, or is not shown.

    Attributes:
        hypothesis: the name of the hypothesis.
    """

    def __init__(
        self, hypothesis: str, argument: str, value: object, objection: str | Doubt
    ) -> None:
        failing = isinstance(objection, str)
        ends = "fails" if failing else "could not be shown"
        super().__init__(argument, value, f"hypothesis {hypothesis!r} {ends}: {objection}")
        self.hypothesis = hypothesis


@dataclass(frozen=True)
class Doubt:
    """Why a hypothesis that may be true could not be shown, and what would settle it."""

    words: str

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Hypothesis:
    """A condition under which a statement is made.

    Attributes:
        name: the condition in words, as an error names it.
        argument: what the condition is about: ``"task"`` or ``"kernel"``.
        objection: what is wrong with a setting and what would do instead, a `Doubt` where errors
            leave that open, None where the setting is fine.
    """

    name: str
    argument: str
    objection: Callable[[Setting], str | Doubt | None]

    def require(self, setting: Setting) -> None:
        """Refuse a setting in which the condition fails.

        Raises:
            HypothesisError: it fails, or could not be shown.
        """
        found = self.objection(setting)
        if found is not None:
            raise HypothesisError(self.name, self.argument, setting.shown(self.argument), found)
