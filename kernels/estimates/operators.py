"""Operators, sums and extremes of arrays of estimates: each picks its rule, and kinds go along."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, NoReturn, Self

import numpy as np

from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates.error import ErrorKind
from kernels.estimates.estimate import Estimate
from kernels.estimates.provenance import Provenance
from kernels.estimates.rules import arithmetic, linear_algebra
from kernels.estimates.rules.arithmetic import Parts

Rule = Callable[[Parts, Parts], Parts]


class ArrayOperators:
    """``+``, ``-``, ``*``, ``/`` and ``@``, with the other side an array, an estimate or a number.

    Comparisons are refused: one answer for each entry would leave the errors out, and no
    comparison of two objects is meant.

    Raises:
        InvalidInputError: shapes that do not go together; division by an exact 0; a comparison.
    """

    __slots__ = ()

    provenance: Provenance

    # NumPy's arrays leave the operators to this class, which would lose its errors otherwise.
    __array_ufunc__ = None

    @property
    @abstractmethod
    def parts(self) -> Parts:
        """The numbers and the two parts of their errors."""

    @classmethod
    @abstractmethod
    def known(cls, given: object) -> Self | None:
        """Numbers, arrays of them or estimates as an array; None for what is none of these."""

    @classmethod
    @abstractmethod
    def carried(cls, parts: Parts, *inputs: Self) -> Self:
        """Numbers each computed from the same entry of several arrays."""

    @classmethod
    @abstractmethod
    def reduced(cls, parts: Parts, *inputs: Self) -> Self:
        """Numbers each computed from all entries of several arrays."""

    @abstractmethod
    def scalar(self) -> Any:
        """The only entry of an array without axes as an `Estimate`; other arrays as they are."""

    def sum(
        self, axis: int | tuple[int, ...] | None = None, dtype: None = None, out: None = None
    ) -> Any:
        """The sum along axes, of all entries where left out; one number as an `Estimate`.

        `np.sum` calls it too, and gives the last two arguments, which have to be None.
        """
        _refuse_given(dtype=dtype, out=out)
        return self.reduced(arithmetic.total(self.parts, axis), self).scalar()

    def mean(
        self, axis: int | tuple[int, ...] | None = None, dtype: None = None, out: None = None
    ) -> Any:
        """The mean along axes, of all entries where left out; `np.mean` gives it too."""
        _refuse_given(dtype=dtype, out=out)
        total = self.sum(axis)
        return total / (self.parts.values.size / max(np.size(total), 1))

    def smallest(self) -> Estimate:
        """The least of the true entries, see `linear_algebra.least`."""
        return self.reduced(linear_algebra.least(self.parts), self).scalar()

    def largest(self) -> Estimate:
        """The largest of the true entries."""
        return -(-self).smallest()

    def norm(self) -> Estimate:
        """The Euclidean norm of all entries, of a matrix Frobenius'."""
        return self.reduced(linear_algebra.norm(self.parts), self).scalar()

    def __neg__(self) -> Self:
        return self.carried(arithmetic.minus(self.parts), self)

    def __abs__(self) -> Self:
        return self.carried(arithmetic.absolute(self.parts), self)

    def __add__(self, other: object) -> Self:
        return self._combine(arithmetic.plus, other)

    __radd__ = __add__

    def __sub__(self, other: object) -> Self:
        return NotImplemented if (known := self.known(other)) is None else self + -known

    def __rsub__(self, other: object) -> Self:
        return -self + other

    def __mul__(self, other: object) -> Self:
        return self._combine(arithmetic.times, other)

    __rmul__ = __mul__

    def __truediv__(self, divisor: object) -> Self:
        known = self.known(divisor)
        if known is None:
            return NotImplemented
        if known.provenance.weakest.kind is ErrorKind.EXACT and not known.parts.values.all():
            raise InvalidInputError("divisor", divisor, "divide by numbers other than 0")
        return self._combine(arithmetic.over, known)

    def __rtruediv__(self, dividend: object) -> Self:
        return NotImplemented if (known := self.known(dividend)) is None else known / self

    def __matmul__(self, other: object) -> Any:
        known = self.known(other)
        if known is None:
            return NotImplemented
        product = linear_algebra.matmul(self.parts, known.parts)
        return self.reduced(product, self, known).scalar()

    def __rmatmul__(self, other: object) -> Any:
        return NotImplemented if (known := self.known(other)) is None else known @ self

    def _combine(self, rule: Rule, other: object) -> Self:
        known = self.known(other)
        if known is None:
            return NotImplemented
        shapes = self.parts.values.shape, known.parts.values.shape
        try:
            np.broadcast_shapes(*shapes)
        except ValueError:
            raise InvalidInputError("operands", shapes, "give shapes that broadcast") from None
        return self.carried(rule(self.parts, known.parts), self, known)

    def __lt__(self, other: object) -> bool:
        return NotImplemented if self.known(other) is None else _refuse("<")

    def __le__(self, other: object) -> bool:
        return NotImplemented if self.known(other) is None else _refuse("<=")

    def __gt__(self, other: object) -> bool:
        return NotImplemented if self.known(other) is None else _refuse(">")

    def __ge__(self, other: object) -> bool:
        return NotImplemented if self.known(other) is None else _refuse(">=")

    def __eq__(self, other: object) -> bool:
        return NotImplemented if self.known(other) is None else _refuse("==")

    __hash__ = object.__hash__


def _refuse_given(**arguments: object) -> None:
    for argument, value in arguments.items():
        if value is not None:
            raise InvalidInputError(argument, value, "leave it out: the result is a new estimate")


def _refuse(sign: str) -> NoReturn:
    remedy = "compare np.asarray(array) with or without .errors, or one entry, array[i]"
    raise InvalidInputError("comparison", sign, remedy)
