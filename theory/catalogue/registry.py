"""The tasks by name."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from kernels.boundary.exceptions import InvalidInputError
from theory.catalogue.aba_abb import aba_abb
from theory.catalogue.distribution_of_3 import distribution_of_3
from theory.catalogue.majority import majority
from theory.catalogue.match_to_sample import relational_match_to_sample
from theory.catalogue.programs import programs
from theory.catalogue.random_templates import random_templates
from theory.catalogue.raven import raven
from theory.catalogue.same_different import same_different
from theory.catalogue.symbolic import copying, printing, quoted_programs, symbolic_majority
from theory.symbolic_task import SymbolicTask
from theory.task import TemplateTask

T = TypeVar("T", TemplateTask, SymbolicTask)

_KNOWN = "known tasks are "


@dataclass(frozen=True)
class Family(Generic[T]):
    """A family of tasks, with real or with symbolic labels.

    Attributes:
        name: how it is asked for.
        build: makes a task; its parameters are integers, each with a default.
    """

    name: str
    build: Callable[..., T]

    @property
    def parameters(self) -> dict[str, int]:
        """The parameters and their defaults."""
        return {
            name: parameter.default
            for name, parameter in inspect.signature(self.build).parameters.items()
        }

    @property
    def summary(self) -> str:
        """The first line of the family's documentation, without its markup."""
        return (inspect.getdoc(self.build) or "").partition("\n")[0].replace("`", "")


FAMILIES = (
    Family("same-different", same_different),
    Family("aba-abb", aba_abb),
    Family("majority", majority),
    Family("programs", programs),
    Family("random", random_templates),
    Family("distribution-of-3", distribution_of_3),
    Family("relational-match-to-sample", relational_match_to_sample),
    Family("raven", raven),
)
"""One line a family with real labels."""

SYMBOLIC_FAMILIES = (
    Family("copying", copying),
    Family("printing", printing),
    Family("symbolic-majority", symbolic_majority),
    Family("quoted-programs", quoted_programs),
)
"""One line a family with symbolic labels."""


def names() -> list[str]:
    """The names that `find` knows, a family's first parameter shown where it has any.

    >>> names()[:3]
    ['same-different', 'aba-abb', 'majority-<length>']
    """
    return _names(FAMILIES)


def symbolic_names() -> list[str]:
    """The names that `find_symbolic` knows.

    >>> symbolic_names()[:2]
    ['copying-<length>', 'printing']
    """
    return _names(SYMBOLIC_FAMILIES)


def find(name: str, **parameters: int) -> TemplateTask:
    """A task of the catalogue.

    Args:
        name: a family's name. A number after a hyphen sets the family's first parameter, and
            ``key=value`` pairs after a colon set any: ``"random-5:length=6,seed=3"``.
        parameters: the family's parameters.

    Raises:
        InvalidInputError: an unknown name or parameter, or a parameter that the family refuses.

    >>> len(find("majority-4")), len(find("majority", length=4)), len(find("majority:length=4"))
    (8, 8, 8)
    >>> find("majority-4:width=2")
    Traceback (most recent call last):
    ...
    kernels.boundary.exceptions.InvalidInputError: task = 'majority-4:width=2': 'width' is not a
    parameter of majority; it has length
    """
    return _found(FAMILIES, name, parameters)


def find_symbolic(name: str, **parameters: int) -> SymbolicTask:
    """A task of the catalogue with symbolic labels; names are read as by `find`.

    Raises:
        InvalidInputError: an unknown name or parameter, or a parameter that the family refuses.

    >>> print(find_symbolic("copying-2"))
    αα -> α
    """
    return _found(SYMBOLIC_FAMILIES, name, parameters)


def find_any(name: str) -> TemplateTask | SymbolicTask:
    """A task of the catalogue, with real or with symbolic labels; names are read as by `find`.

    Raises:
        InvalidInputError: an unknown name or parameter, or a parameter that the family refuses.

    >>> find_any("copying-2").length, len(find_any("aba-abb"))
    (3, 2)
    """
    family = name.partition(":")[0]
    known = [one.name for one in SYMBOLIC_FAMILIES]
    if family in known or family.rpartition("-")[0] in known:
        return find_symbolic(name)
    try:
        return find(name)
    except InvalidInputError as error:
        if not error.remedy.startswith(_KNOWN):
            raise
        both = ", ".join([*names(), *symbolic_names()])
        raise InvalidInputError("task", name, f"{_KNOWN}{both}") from None


def _names(families: Sequence[Family[T]]) -> list[str]:
    return [
        f"{family.name}-<{next(iter(family.parameters))}>" if family.parameters else family.name
        for family in families
    ]


def _found(families: Sequence[Family[T]], name: str, parameters: Mapping[str, int]) -> T:
    head, _, settings = name.partition(":")
    by_name = {family.name: family for family in families}
    numbered = re.fullmatch(r"(.+)-([0-9]+)", head)
    chosen: dict[str, int] = {}
    if head in by_name:
        family = by_name[head]
    elif numbered and numbered[1] in by_name and by_name[numbered[1]].parameters:
        family = by_name[numbered[1]]
        chosen[next(iter(family.parameters))] = int(numbered[2])
    else:
        raise InvalidInputError("task", name, f"{_KNOWN}{', '.join(_names(families))}")
    for setting in filter(None, settings.split(",")):
        key, _, value = setting.partition("=")
        if not re.fullmatch(r"[0-9]+", value.strip()):
            raise InvalidInputError("task", name, "write parameters as 'key=value,key=value'")
        chosen[key.strip()] = int(value)
    chosen.update(parameters)
    unknown = [key for key in chosen if key not in family.parameters]
    if unknown:
        known = ", ".join(family.parameters) or "none"
        raise InvalidInputError(
            "task", name, f"{unknown[0]!r} is not a parameter of {family.name}; it has {known}"
        )
    return family.build(**chosen)
