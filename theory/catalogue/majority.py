"""Majority: is the first symbol in the majority among the rest?"""

from __future__ import annotations

from itertools import product

from kernels.boundary.checks import whole
from kernels.boundary.exceptions import TooLargeError
from kernels.strings.tokens import CLS
from theory.task import TemplateTask
from theory.template import Template

_LONGEST = 16


def majority(length: int = 4) -> TemplateTask:
    """The templates ``α z_2 ... z_k`` with each z_i in {α, β}: 2^(k-1) of them.

    The label is +1 where the first symbol fills more than half of the other k - 1 positions, and
    -1 otherwise. A tie, which needs an odd k, is thus -1: a convention of ours, since half is no
    majority.

    Args:
        length: k, at least 2, ``[CLS]`` not counted.

    Raises:
        InvalidInputError: ``length`` is below 2.
        TooLargeError: more than 2^15 templates.

    >>> print(majority(3))
    ααα -> 1
    ααβ -> -1
    αβα -> -1
    αββ -> -1
    """
    k = whole("length", length, least=2)
    if k > _LONGEST:
        raise TooLargeError("length", length, f"makes 2^{k - 1} templates; give at most {_LONGEST}")
    rests = list(product("αβ", repeat=k - 1))
    return TemplateTask(
        tuple(Template(("α", *rest, CLS)) for rest in rests),
        tuple(1.0 if 2 * rest.count("α") > k - 1 else -1.0 for rest in rests),
        name=f"majority-{k}",
    )
