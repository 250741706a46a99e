"""A statement of the paper: in words, in LaTeX, with its hypotheses and a check."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kernels.boundary.checks import instance, whole
from kernels.boundary.exceptions import InvalidInputError, MissingPackageError, TooLargeError
from kernels.contract.kernel import Kernel
from theory.statements.framework.decision import decide
from theory.statements.framework.examination import Examination
from theory.statements.framework.finding import Finding, Verdict
from theory.statements.framework.hypothesis import Hypothesis
from theory.statements.framework.setting import Setting
from theory.task import TemplateTask

_LARGEST_SEED = 2**62
"""Checks add small numbers to the seed, and generators take 64-bit ones."""

_GIVEN = ("task", "kernel", "quick", "seed")
"""The arguments of `Statement.check`, which an error may name."""

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
        examine: the check, which claims and leaves it to `decision` to decide: a function of a
            `Setting` and of what else may be set.
        settings: the names of what else may be set: keyword arguments of ``examine``.
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
    examine: Callable[..., Examination]
    hypotheses: tuple[Hypothesis, ...] = ()
    default_task: Callable[[], TemplateTask] | None = None
    default_kernel: Callable[[], Kernel] | None = None
    finding: str = ""
    settings: tuple[str, ...] = ()

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
        **settings: object,
    ) -> Verdict:
        """Examine the statement on a task and a kernel.

        Args:
            task: the task; one of the paper's where left out.
            kernel: the kernel; one of the package's where left out.
            quick: a smaller check, for a first look.
            seed: the same seed gives the same evidence; below 2^62.
            settings: what else this statement lets you set, see `settings`: the width of a network,
                say. What is left out is as in the paper, or a choice of ours.

        Raises:
            HypothesisError: the statement says nothing of this task or kernel.
            MissingPackageError: the check trains networks, or draws their weights, and JAX is not
                installed.
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
        for name in settings.keys() - set(self.settings):
            known = ", ".join(self.settings) or "nothing beside task, kernel, quick and seed"
            raise InvalidInputError(name, settings[name], f"{self.id} lets you set {known}")
        start = time.perf_counter()
        setting = Setting(
            self.default_task() if task is None and self.default_task else task,
            self.default_kernel() if kernel is None and self.default_kernel else kernel,
            quick,
            whole("seed", seed),
        )
        try:
            setting.require_finite()
            for hypothesis in self.hypotheses:
                hypothesis.require(setting)
            found = decide(self.examine(setting, **settings))
        except MissingPackageError:
            raise
        except (ArithmeticError, ValueError) as problem:  # a LinAlgError is a ValueError
            blamed = self._blamed(problem, settings)
            if blamed is None:
                raise
            kind = TooLargeError if isinstance(problem, TooLargeError) else InvalidInputError
            words = f"{self.id} cannot be checked on it ({_said(problem)}); {_REMEDIES[blamed]}"
            raise kind(blamed, setting.shown(blamed), words) from problem
        fields = {f.name: getattr(found, f.name) for f in dataclasses.fields(Finding)}
        given = {name: _json(value) for name, value in settings.items()}
        fields["evidence"] = {**found.evidence, "checked on": {**setting.to_json(), **given}}
        seconds = time.perf_counter() - start
        return Verdict(**fields, id=self.id, ids=self.ids, title=self.title, seconds=seconds)

    def _blamed(self, problem: Exception, settings: Mapping[str, object]) -> str | None:
        """Which of task and kernel an error from inside is about, None where it says so itself.

        Hypotheses have shown that the task has what the check needs and that the kernel has finite
        values. What is too large then is the task; other numbers come from the kernel.
        """
        given = (*_GIVEN, *settings)
        if isinstance(problem, InvalidInputError) and problem.argument in given:
            return None
        if self.takes_kernel and not (self.takes_task and isinstance(problem, TooLargeError)):
            return "kernel"
        return "task" if self.takes_task else None

    def __str__(self) -> str:
        return f"{' = '.join(self.ids)}: {self.title}"


def _json(value: object) -> object:
    """A setting as the evidence shows it."""
    return value if isinstance(value, bool | int | float | str) else str(value)


def _said(problem: Exception) -> str:
    """What went wrong, without advice about arguments that the caller does not have."""
    if isinstance(problem, InvalidInputError):
        return f"{problem.argument} = {problem.value!r} is refused inside"
    return str(problem) or type(problem).__name__
