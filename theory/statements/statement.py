"""A statement of the paper: in words, in LaTeX, with its hypotheses and a check."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kernels.checks import instance, whole
from kernels.errors import InvalidInputError, TooLargeError
from kernels.kernel import Kernel
from theory.statements.verdict import Finding, Verdict
from theory.task import TemplateTask

_LARGEST_SEED = 2**62
"""Checks add small numbers to the seed, and generators take 64-bit ones."""

_GIVEN = ("task", "kernel", "quick", "seed")
"""The arguments of `Statement.check`: what an error may name."""

_OF_TASK = (
    *("alphabet", "fixed_tokens", "labels", "length", "n", "named", "samples", "strings"),
    *("substitution", "symbols", "template", "templates", "weights"),
)
"""Arguments inside a check that its task decides: where one is refused, the task is at fault."""

_OF_KERNEL = ("activation", "attention", "beta", "beta, gamma", "gamma", "scaling", "tolerance")
"""Arguments of kernels: an error that names one says itself what would do."""

_REMEDIES = {
    "task": "give fewer or shorter templates, or templates of fewer wildcards",
    "kernel": "give a kernel whose values are finite numbers of moderate size and small error: "
    "another beta, gamma or activation, say",
}


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
        """The task."""
        if self.given_task is None:
            raise TypeError("a statement that uses a task needs a default_task")
        return self.given_task

    @property
    def kernel(self) -> Kernel:
        """The kernel."""
        if self.given_kernel is None:
            raise TypeError("a statement that uses a kernel needs a default_kernel")
        return self.given_kernel

    def shown(self, argument: str) -> str | None:
        """The task or the kernel on one line, as errors print it."""
        value = self.given_task if argument == "task" else self.given_kernel
        return str(value).replace("\n", ", ") if value is not None else None

    def rng(self) -> np.random.Generator:
        """A fresh generator of the seed."""
        return np.random.default_rng(self.seed)


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


@dataclass(frozen=True, eq=False)
class Statement:
    """A numbered statement of the paper, and how to check it.

    Attributes:
        ids: the paper's numbers, the main one first; restatements share one object.
        title: a few words.
        words: the statement in our words.
        latex: its formula, without dollar signs.
        examine: the check.
        hypotheses: conditions that the setting must satisfy before it is examined.
        default_task: makes the task that is examined where none is given; None where the
            statement is not about a task.
        default_kernel: the same for the kernel.
    """

    ids: tuple[str, ...]
    title: str
    words: str
    latex: str
    examine: Callable[[Setting], Finding]
    hypotheses: tuple[Hypothesis, ...] = ()
    default_task: Callable[[], TemplateTask] | None = None
    default_kernel: Callable[[], Kernel] | None = None

    @property
    def id(self) -> str:
        """The main number."""
        return self.ids[0]

    @property
    def takes_task(self) -> bool:
        """Whether `check` accepts a task."""
        return self.default_task is not None

    @property
    def takes_kernel(self) -> bool:
        """Whether `check` accepts a kernel."""
        return self.default_kernel is not None

    def check(
        self,
        task: TemplateTask | None = None,
        kernel: Kernel | None = None,
        *,
        quick: bool = False,
        seed: int = 0,
    ) -> Verdict:
        """Examine the statement on a task and a kernel.

        Args:
            task: the task; one of the paper's where left out.
            kernel: the kernel; one of the package's where left out.
            quick: a smaller check, for a first look.
            seed: the same seed gives the same evidence; below 2^62.

        Raises:
            HypothesisError: the statement says nothing of this task or kernel.
            InvalidInputError: a task or kernel for a statement that is not about one, or on which
                the check cannot be carried out; another argument that is not what it should be.
        """
        if task is not None:
            instance("task", task, TemplateTask, "give a TemplateTask")
        if kernel is not None:
            instance("kernel", kernel, Kernel, "give a kernel: TransformerKernel(), say")
        instance("quick", quick, bool, "give True or False")
        if whole("seed", seed) >= _LARGEST_SEED:
            raise InvalidInputError("seed", seed, "give a whole number below 2^62")
        for argument, value, taken in (
            ("task", task, self.takes_task),
            ("kernel", kernel, self.takes_kernel),
        ):
            if value is not None and not taken:
                raise InvalidInputError(
                    argument, value, f"{self.id} is not about a {argument}; leave it out"
                )
        start = time.perf_counter()
        setting = Setting(
            self.default_task() if task is None and self.default_task else task,
            self.default_kernel() if kernel is None and self.default_kernel else kernel,
            quick,
            whole("seed", seed),
        )
        found = self._examined(setting)
        fields = {f.name: getattr(found, f.name) for f in dataclasses.fields(Finding)}
        return Verdict(**fields, id=self.id, title=self.title, seconds=time.perf_counter() - start)

    def _examined(self, setting: Setting) -> Finding:
        """What the check finds; errors from inside it name what the caller gave."""
        try:
            for hypothesis in self.hypotheses:
                hypothesis.require(setting)
            return self.examine(setting)
        except (ArithmeticError, ValueError) as problem:  # a LinAlgError is a ValueError
            named = isinstance(problem, InvalidInputError) and problem.argument in _GIVEN
            if named or not (self.takes_task or self.takes_kernel):
                raise
            raise self._blaming(setting, problem) from problem

    def _blaming(self, setting: Setting, problem: Exception) -> InvalidInputError:
        """The error that says which of what the caller gave is at fault, and what would do."""
        argument = problem.argument if isinstance(problem, InvalidInputError) else None
        of_task = argument in _OF_TASK
        blamed = "task" if self.takes_task and (of_task or not self.takes_kernel) else "kernel"
        # The last argument: the operating system's errors have a number before their words.
        said = str(problem.args[-1] if problem.args else type(problem).__name__)
        if of_task:
            # What would do there is advice about an argument that the caller does not have.
            said = said.rpartition("; ")[0] or said
        remedy = "" if argument in _OF_KERNEL else f"; {_REMEDIES[blamed]}"
        kind = TooLargeError if isinstance(problem, TooLargeError) else InvalidInputError
        return kind(
            blamed, setting.shown(blamed), f"{self.id} cannot be checked on it: {said}{remedy}"
        )

    def __str__(self) -> str:
        return f"{' = '.join(self.ids)}: {self.title}"
