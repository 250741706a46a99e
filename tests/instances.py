"""What an instance of a check is, sound or broken, and the settings that instances share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from unittest.mock import patch

from tests.toy_kernels import AgreementKernel, RelationalKernel
from theory import TemplateTask, catalogue, statements
from theory.statements import Examination, Finding, Setting, decide
from theory.statements.shared.instances.defaults import mixed_task

Check = Callable[[], Examination | Finding]
"""A check by its statement, or the examination that the statement leaves to be decided."""

TWO = catalogue.aba_abb()
SAME = catalogue.same_different()
QUICK = Setting(quick=True)
TOY = RelationalKernel()
BLIND = AgreementKernel()
ON_TWO = Setting(TWO, TOY, quick=True)
ON_MIXED = Setting(mixed_task(), TOY, quick=True)
PAIR = TemplateTask.parse({"aα": 1.0, "bα": -1.0})
CONSTANT = TemplateTask.parse({"αα": 1.0, "αβ": 1.0})


@dataclass(frozen=True)
class Instances:
    """A check on a sound instance, and on broken ones by what is wrong with them."""

    sound: Check
    broken: Mapping[str, Check]


def result(check: Check) -> Finding:
    """What comes of a check, decided."""
    found = check()
    return decide(found) if isinstance(found, Examination) else found


def check(id: str, *given: object) -> Check:
    """A statement on a task, or on a task and a kernel."""
    return lambda: statements.find(id).check(*given, quick=True)


def patched(owner: object, name: str, value: object, run: Check) -> Check:
    """A check with one function of the program replaced."""

    def broken() -> Examination | Finding:
        with patch.object(owner, name, value):
            return run()

    return broken


def scaled(
    examine: Callable[..., Examination], factor: object, setting: Setting = QUICK, what: str = ""
) -> Instances:
    """A check whose claimed constant can be multiplied."""
    wrong = partial(examine, setting, factor)
    return Instances(partial(examine, setting), {what or f"a constant times {factor}": wrong})
