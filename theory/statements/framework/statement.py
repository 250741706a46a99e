"""A statement of the paper: in words, in LaTeX, with its hypotheses and a check."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from dataclasses import dataclass

from kernels.checks import instance, whole
from kernels.errors import InvalidInputError, TooLargeError
from kernels.kernel import Kernel
from theory.statements.framework.hypothesis import Hypothesis
from theory.statements.framework.setting import Setting
from theory.statements.framework.verdict import Finding, Verdict
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
        finding: where the check of the paper's wording comes out otherwise, or needs one more
            hypothesis: the wording that stands; `docs/findings.md` says more.
    """

    ids: tuple[str, ...]
    title: str
    words: str
    latex: str
    examine: Callable[[Setting], Finding]
    hypotheses: tuple[Hypothesis, ...] = ()
    default_task: Callable[[], TemplateTask] | None = None
    default_kernel: Callable[[], Kernel] | None = None
    finding: str = ""

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
        fields["evidence"] = {**found.evidence, "checked on": setting.to_json()}
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
