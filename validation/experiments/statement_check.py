"""One check of one statement of the paper, as a point: stored at once, and found again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from kernels import InvalidInputError, Kernel
from theory import TemplateTask, catalogue, statements
from validation.experiments.kernel_parameters import KernelParameters
from validation.experiments.storage.point import Json, Point


@dataclass(frozen=True)
class StatementCheck(Point):
    """A statement, and the task that it is checked on.

    Attributes:
        statement: its number, as `theory.statements.find` takes it.
        task: a name of the catalogue; empty for the statement's own task.
        templates: labelled templates such as ``"αα=1"``, instead of a name.
        quick: a smaller check.
        seed: of everything random in the check.
        kernel: the kernel that it is checked with; None for the statement's own.
        settings: what else is set: names, and numbers or words.
    """

    kind: ClassVar[str] = "statement"

    statement: str
    task: str = ""
    templates: tuple[str, ...] = ()
    quick: bool = False
    seed: int = 0
    kernel: KernelParameters | None = None
    settings: tuple[tuple[str, int | float | str], ...] = ()

    def measure(self, tables: Path) -> dict[str, Json]:
        """Check.

        Returns:
            ``verdict``, as `theory.statements.Verdict.to_json` has it; ``figure``, one line on it;
            and ``refusal``, null or, where the statement says nothing of the task, which
            ``argument`` with which ``value`` it refused and the ``remedy``.
        """
        del tables  # a check has kernels of its own, of few values each
        statement = statements.find(self.statement)
        try:
            found = statement.check(
                self.given_task(),
                self.given_kernel(),
                quick=self.quick,
                seed=self.seed,
                **dict(self.settings),
            )
        except InvalidInputError as error:
            refusal = {
                "argument": error.argument,
                "value": str(error.value),
                "remedy": error.remedy,
            }
            inconclusive = statements.Outcome.INCONCLUSIVE
            outcome = inconclusive
            if isinstance(error, statements.HypothesisError):
                outcome = error.outcome
            settles = {"would_settle": error.remedy} if outcome is inconclusive else {}
            verdict = {
                "id": statement.id,
                "ids": list(statement.ids),
                "title": statement.title,
                "verdict": str(outcome),
                "kind": "exact",
                "evidence": {"refusal": refusal, **settles},
                "counterexample": None,
                "seconds": 0.0,
            }
            return {"verdict": verdict, "figure": error.remedy, "refusal": refusal}
        return {"verdict": found.to_json(), "figure": found.figure, "refusal": None}

    def given_task(self) -> TemplateTask | None:
        """The task, None for the statement's own."""
        if self.templates:
            return TemplateTask.parse(self.templates)
        return catalogue.find(self.task) if self.task else None

    def given_kernel(self) -> Kernel | None:
        """The kernel, None for the statement's own."""
        return None if self.kernel is None else self.kernel.kernel()
