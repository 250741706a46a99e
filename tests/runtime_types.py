"""The checker that compares every call in the tests with its annotations."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import re
from collections.abc import Callable
from types import CodeType
from typing import Any, get_args

import jaxtyping
from beartype import BeartypeConf, beartype
from jaxtyping import AbstractArray, TypeCheckError, jaxtyped

# An int is accepted where a float is annotated, as type checkers do (PEP 484).
_CONFIGURATION = BeartypeConf(is_pep484_tower=True, violation_type=TypeCheckError)
_ALL_CHECKED, _ONE_OF = 500, 20
_INNER: set[CodeType] = set()
_SELF = re.compile(r"\bSelf\b")


def install(packages: list[str]) -> None:
    """Check each function and dataclass of the packages that is imported from now on.

    jaxtyping's hook puts ``jaxtyping.jaxtyped`` before each of them, which binds and checks the
    arguments of a call twice, through stand-ins. Half of the time of all tests went there. Most
    signatures have no shapes to compare, and beartype checks those by itself in a microsecond.
    """
    jaxtyping.jaxtyped = lambda *, typechecker: typechecker
    jaxtyping.install_import_hook(packages, f"{__name__}.{checked.__name__}")


class _Test:
    """The test that runs."""

    number = 0


def begin_test() -> None:
    """From here on, calls are counted anew."""
    _Test.number += 1


def checked(subject: Any) -> Any:
    """A function with its arguments and its result checked at each call, or a dataclass.

    What is defined within a function is defined anew at each call of that; its first is checked.
    """
    if inspect.isclass(subject):
        if dataclasses.is_dataclass(subject) and "__init__" in vars(subject):
            subject.__init__ = _checked(subject.__init__)
        return subject
    if "<locals>" in subject.__qualname__:
        if subject.__code__ in _INNER:
            return subject
        _INNER.add(subject.__code__)
    return _checked(subject)


def _checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """The check is made at the first call: no process calls more than a part of all functions.

    A few functions are called a million times, and their checks took more time than their work.
    After many calls of a function in one test, one of several is checked. Tests do not add up, so
    that what one of them sees does not depend on those before it.
    """
    with_check: Callable[..., Any] | None = None
    calls = test = 0

    @functools.wraps(function)
    def within(*args: object, **kwargs: object) -> object:
        nonlocal with_check, calls, test
        if test != _Test.number:
            calls, test = 0, _Test.number
        calls += 1
        if calls > _ALL_CHECKED and calls % _ONE_OF:
            return function(*args, **kwargs)
        if with_check is None:
            with_check = _with_check(function)
        return with_check(*args, **kwargs)

    return within


def _with_check(function: Callable[..., Any]) -> Callable[..., Any]:
    """Sizes with one name are compared within one call: that takes a context of jaxtyping's."""
    for name, hint in function.__annotations__.items():
        function.__annotations__[name] = _resolved(hint, function)
    inner: Callable[..., Any] = beartype(conf=_CONFIGURATION)(function)
    if not any(map(_has_shape, function.__annotations__.values())):
        return inner

    def within(*args: object, **kwargs: object) -> object:
        with jaxtyped("context"):
            return inner(*args, **kwargs)

    return within


def _resolved(hint: object, function: Callable[..., Any]) -> object:
    """What an annotation says.

    Beartype cannot read ``Self`` outside of a class and refuses such a signature whole, and names
    that are imported for type checkers alone do not exist here: both go unchecked.
    """
    if not isinstance(hint, str):
        return hint
    if _SELF.search(hint):
        return Any
    try:
        return eval(hint, function.__globals__)
    except (NameError, AttributeError, TypeError):
        return Any


def _has_shape(hint: object) -> bool:
    if inspect.isclass(hint) and issubclass(hint, AbstractArray):
        return True
    return any(map(_has_shape, get_args(hint)))
