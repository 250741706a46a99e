"""What a statement is checked on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kernels.boundary.exceptions import InvalidInputError
from kernels.contract.kernel import Kernel
from theory.task import TemplateTask


@dataclass(frozen=True)
class Setting:
    """What a statement is checked on.

    Attributes:
        given_task: the task; None for a statement that takes none.
        given_kernel: the kernel; None for a statement that takes none.
        quick: a smaller check, for a first look.
        seed: of everything random.
    """

    given_task: TemplateTask | None = None
    given_kernel: Kernel | None = None
    quick: bool = False
    seed: int = 0

    @property
    def task(self) -> TemplateTask:
        """The task.

        Raises:
            InvalidInputError: none is given and the statement has none.
        """
        if self.given_task is None:
            raise TypeError("a statement that uses a task needs a default_task")
        return self.given_task

    @property
    def kernel(self) -> Kernel:
        """The kernel.

        Raises:
            InvalidInputError: none is given and the statement has none.
        """
        if self.given_kernel is None:
            raise TypeError("a statement that uses a kernel needs a default_kernel")
        return self.given_kernel

    def shown(self, argument: str) -> str | None:
        """The task or the kernel on one line, as errors print it."""
        value = self.given_task if argument == "task" else self.given_kernel
        return str(value).replace("\n", ", ") if value is not None else None

    def to_json(self) -> dict[str, object]:
        """What it is, for the evidence."""
        shown = {argument: self.shown(argument) for argument in ("task", "kernel")}
        given: dict[str, object] = {name: said for name, said in shown.items() if said is not None}
        if self.given_kernel is not None:
            given |= {"parameters": self.given_kernel.labels}
        return {**given, "quick": self.quick, "seed": self.seed}

    def require_finite(self) -> None:
        """Refuse a kernel that has no finite values; tried at the shortest strings.

        Raises:
            InvalidInputError: its value there is no finite number, or cannot be computed.
        """
        if self.given_kernel is None:
            return
        try:
            found: float | Exception = self.given_kernel("A", "A").value
        except InvalidInputError:
            raise
        except (ArithmeticError, ValueError) as problem:
            found = problem
        if isinstance(found, Exception) or not math.isfinite(found):
            raise InvalidInputError(
                "kernel",
                self.shown("kernel"),
                f"its value at A, A is {found}; give a kernel whose values are finite numbers",
            )

    def rng(self) -> np.random.Generator:
        """A fresh generator of the seed."""
        return np.random.default_rng(self.seed)
