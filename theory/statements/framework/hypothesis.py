"""The hypotheses of a statement: checked before it is, and named where they fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from kernels.boundary.exceptions import InvalidInputError
from theory.statements.framework.outcome import Outcome
from theory.statements.framework.setting import Setting


class HypothesisError(InvalidInputError):
    """A statement is not examined on this task or kernel: a hypothesis fails, or is not shown.

    Attributes:
        hypothesis: the name of the hypothesis.
        outcome: what that says: nothing, where a hypothesis of the paper's fails; inconclusive,
            where it could not be shown or is a limit of the check.
    """

    def __init__(
        self, argument: str, value: object, remedy: str, *, hypothesis: str, outcome: Outcome
    ) -> None:
        super().__init__(argument, value, remedy)
        self.hypothesis, self.outcome = hypothesis, outcome

    def __reduce__(self) -> tuple[object, ...]:
        """How it travels between processes."""
        made = partial(type(self), hypothesis=self.hypothesis, outcome=self.outcome)
        return made, (self.argument, self.value, self.remedy)


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
        if found is None:
            return
        failing = isinstance(found, str)
        ends = "fails" if failing else "could not be shown"
        raise HypothesisError(
            self.argument,
            setting.shown(self.argument),
            f"hypothesis {self.name!r} {ends}: {found}",
            hypothesis=self.name,
            outcome=(Outcome.SAYS_NOTHING if failing and not self.limit else Outcome.INCONCLUSIVE),
        )
