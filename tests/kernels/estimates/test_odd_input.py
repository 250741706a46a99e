"""What is no number, or not exactly, is refused where it is given, each in one clear sentence."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from kernels import (
    Estimate,
    EstimateArray,
    Exact,
    InvalidInputError,
    Numerical,
    Proved,
    StandardError,
)
from kernels.estimates.error import checked_error


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: checked_error(0.1), "error"),
        (lambda: Numerical(-1.0), "bound"),
        (lambda: Proved(math.nan), "bound"),
        (lambda: Exact(0.1), "bound"),
        (lambda: StandardError(0.1, degrees=0), "degrees"),
        (lambda: StandardError(-0.1), "deviation"),
        (lambda: Estimate(1.0, Exact()) / 0.0, "divisor"),
        (lambda: 1.0 / Estimate(0.0, Exact()), "divisor"),
        (lambda: EstimateArray.exact([1.0, 2.0]) / [1.0, 0.0], "divisor"),
        (lambda: Estimate(1.0, Exact()) + (2**53 + 1), "number"),
        (lambda: EstimateArray.of([1.0], Numerical, -1.0), "bound"),
        (lambda: EstimateArray.exact([1.0, 2.0]).eigenvalues(), "matrix"),
        (lambda: EstimateArray.exact([[1.0, 2.0], [3.0, 4.0]]).eigenvalues(), "matrix"),
        (lambda: Numerical(0.1).radius(1.0), "significance"),
        (lambda: StandardError(0.1, degrees=math.nan), "degrees"),
        (lambda: Exact(math.nan), "bound"),
        (lambda: Estimate(math.nan, Exact()), "value"),
        (lambda: Estimate(1.0, Exact()) + math.nan, "value"),
        (lambda: EstimateArray.exact([1.0, math.nan]), "values"),
        (lambda: EstimateArray.of([1.0], Exact, 0.1), "bound"),
        (lambda: EstimateArray.of([1.0, 2.0], Numerical, [0.1, 0.2, 0.3]), "bounds"),
        (lambda: EstimateArray.exact([]).smallest(), "values"),
        (lambda: EstimateArray.exact([]).largest(), "values"),
        (lambda: EstimateArray.exact([]).item(), "array"),
        (lambda: EstimateArray.exact([1.0, 2.0]).item(), "array"),
        (lambda: EstimateArray.exact([1.0, 2.0]) - [1.0, 2.0, 3.0], "operands"),
        (lambda: EstimateArray.exact([1.0, 2.0]) @ [1.0, 2.0, 3.0], "operands"),
        (lambda: EstimateArray.exact([1.0]) @ np.ones((1, 1, 1)), "operands"),
        (lambda: 1.0 / EstimateArray.exact([1.0, 0.0]), "divisor"),
        (lambda: np.ones(2) * Estimate(1.0, Exact()), "EstimateArray.exact"),
        (lambda: Estimate(1.0, Exact()) / np.ones(2), "EstimateArray.exact"),
    ],
)
def test_odd_input_is_refused(make: Callable[[], object], named: str) -> None:
    with pytest.raises(InvalidInputError, match=named):
        make()


@pytest.mark.parametrize("other", ["1", None, True, [1, "a"]])
def test_what_is_no_number_has_no_sum(other: object) -> None:
    for one in (Estimate(1.0, Exact()), EstimateArray.exact([1.0])):
        with pytest.raises(TypeError):
            one + other


WRONG_TYPES = {
    "Numerical('a')": "bound",
    "Numerical(None)": "bound",
    "Proved(True)": "bound",
    "StandardError('a')": "deviation",
    "StandardError(0.1, 'a')": "degrees",
    "Estimate('x', Exact())": "value",
    "Estimate(2**53 + 1, Exact())": "value",
    "Estimate(1.0, 0.1)": "error",
    "A.exact(['a'])": "values",
    "A.exact([1 + 2j])": "values",
    "A.exact([True, False])": "values",
    "A.exact([[1.0], [1.0, 2.0]])": "values",
    "A.of([1.0], Numerical, ['a'])": "bounds",
    "A.of([1.0], StandardError, 0.1)": "kind",
    "A.of([1.0], ErrorKind.NUMERICAL, 0.1)": "kind",
    "A.gather([1.0])": "estimates",
    "A.exact([1.0]).sum(dtype=np.float32)": "dtype",
    "np.sum(A.exact([1.0]), out=np.ones(1))": "out",
}
"""Calls that are no Python of ours, and the argument each is blamed on."""

_CHILD = """
import sys
import numpy as np
from kernels import *
A = EstimateArray
assert type(Estimate(np.float32(0.5), Numerical(np.float32(0.25))).value) is float
for call in sys.argv[1:]:
    try:
        print("nothing refused:", eval(call))
    except InvalidInputError as refusal:
        print(refusal.argument)
"""


def test_wrong_types_are_refused_where_nobody_checks_annotations() -> None:
    """In a process of its own, as for users: in the tests, every call's types are checked."""
    command = [sys.executable, "-c", _CHILD, *WRONG_TYPES]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:-1] == list(WRONG_TYPES.values())
