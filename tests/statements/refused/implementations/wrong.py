"""What a wrong implementation of a statement's subject is, and what its check must make of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from kernels.contract.kernel import Kernel
from theory import TemplateTask
from theory.statements import Outcome

Breaking = Callable[[], AbstractContextManager[object]]
"""Replaces some function of the program by a wrong one, as long as the context lasts."""


@dataclass(frozen=True)
class Wrong:
    """An implementation with a mistake in it.

    Attributes:
        statement: whose check must see it.
        name: the mistake.
        breaking: makes it.
        outcomes: what may come of the check; none where it must be refused.
        task: what the check is given.
        kernel: the same.
        quick: whether the small check must see it.
        settings: what else the check is given.
    """

    statement: str
    name: str
    breaking: Breaking = nullcontext
    outcomes: tuple[Outcome, ...] = (Outcome.VIOLATED,)
    task: TemplateTask | None = None
    kernel: Callable[[], Kernel] | None = None
    quick: bool = True
    settings: Mapping[str, object] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """For test reports."""
        return f"{self.statement}: {self.name}"


REFUSED: tuple[Outcome, ...] = ()
"""No verdict at all: an error that says what is wrong."""

OPEN = (Outcome.INCONCLUSIVE,)
UNEARNED = (Outcome.VIOLATED, Outcome.INCONCLUSIVE)
