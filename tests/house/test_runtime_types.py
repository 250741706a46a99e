"""The checker of types in tests: what it must refuse, once for each kind of fault."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from jaxtyping import Float64, Int, TypeCheckError

from kernels.boundary.memory import require_memory
from tests import runtime_types
from tests.runtime_types import checked
from theory import Template
from theory.statements.framework.setting import Setting

ROWS, OTHERS = np.ones((2, 3)), np.ones((4, 3))


@checked
def joined(x: Float64[np.ndarray, "n k"], y: Float64[np.ndarray, "m k"]) -> Float64[Any, "n m"]:
    """Right where both have one k."""
    return x @ y.T


@checked
def turned(x: Float64[np.ndarray, "n k"], y: Float64[np.ndarray, "m k"]) -> Float64[Any, "n m"]:
    """Wrong: the result is m by n."""
    return y @ x.T


@checked
def named(name: str, weight: float = 1.0, *, codes: list[int] | None = None) -> str:
    """A signature without shapes."""
    return name * int(weight) + str(codes or "")


@checked
def misnamed(name: str) -> str:
    """Wrong: the result is no string."""
    return len(name)  # type: ignore[return-value] # that is the fault


@checked
@dataclass(frozen=True)
class Held:
    """A dataclass with arrays that share a size."""

    x: Float64[np.ndarray, " n"]
    y: Int[np.ndarray, " n"]
    words: tuple[str, ...] = field(default=())


def test_right_calls_pass_and_sizes_are_free_from_call_to_call() -> None:
    assert joined(ROWS, OTHERS).shape == (2, 4)
    assert joined(x=OTHERS, y=OTHERS[:1]).shape == (4, 1)
    assert joined(np.ones((1, 5)), y=np.ones((1, 5))).shape == (1, 1)
    assert named("a", 2, codes=[1]) == "aa[1]"  # an int for a float, as in PEP 484
    assert Held(np.ones(2), np.arange(2), ("a",)).words == ("a",)
    assert Held(np.ones(3), np.arange(3)).words == ()


@pytest.mark.parametrize(
    "call",
    [
        lambda: named(1),
        lambda: named("a", "b"),
        lambda: named("a", codes=["b"]),
        lambda: misnamed("a"),
        lambda: joined(ROWS, [[1.0]]),
        lambda: joined(ROWS, ROWS.astype(np.float32)),
        lambda: joined(ROWS, ROWS[0]),
        lambda: joined(ROWS, np.ones((4, 2))),  # one k in both
        lambda: turned(ROWS, OTHERS),
        lambda: Held(np.ones(2), np.ones(2)),
        lambda: Held(np.ones(2), np.arange(3)),  # one n in both
        lambda: Held(np.ones(2), np.arange(2), (1,)),  # type: ignore[arg-type]
    ],
)
def test_wrong_ones_are_refused(call: Any) -> None:
    with pytest.raises(TypeCheckError):
        call()


def test_a_wrong_result_that_was_right_before_is_refused() -> None:
    """The sizes of one call bind those of its result, and no earlier call does."""
    assert turned(ROWS, ROWS).shape == (2, 2)
    with pytest.raises(TypeCheckError):
        turned(ROWS, OTHERS)


def test_what_is_called_often_is_checked_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime_types, "_ALL_CHECKED", 4)
    monkeypatch.setattr(runtime_types, "_ONE_OF", 3)

    @checked
    def often(x: int) -> int:
        return x

    refused = []
    for count in range(1, 13):
        try:
            often("x")
        except TypeCheckError:
            refused.append(count)
    assert refused == [1, 2, 3, 4, 6, 9, 12]
    runtime_types.begin_test()
    with pytest.raises(TypeCheckError):
        often("x")


def test_names_that_only_type_checkers_know_leave_the_others_checked() -> None:
    def mixed(x: Nowhere, y: int) -> Nowhere:  # type: ignore[name-defined]
        return x

    within = checked(mixed)
    assert within("x", 1) == "x"
    with pytest.raises(TypeCheckError):
        within("x", "y")


@pytest.mark.skipif("UNCHECKED_TYPES" in os.environ, reason="no package is checked in this run")
def test_packages_are_checked_as_they_are_imported() -> None:
    """A function, a class method, and the fields of a dataclass."""
    for call in (
        lambda: require_memory("n", 1, "many", ""),  # type: ignore[arg-type]
        lambda: Template.parse(1),  # type: ignore[arg-type]
        lambda: Setting("task", None),  # type: ignore[arg-type]
    ):
        with pytest.raises(TypeCheckError):
            call()
