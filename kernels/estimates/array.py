"""An array of numbers, each with its error and with what kind of error that is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from jaxtyping import Float, Shaped
from numpy.typing import ArrayLike

from kernels.boundary.checks import instance
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates.conversion import reals
from kernels.estimates.display import Shown
from kernels.estimates.error import ErrorKind, Exact, Numerical, Proved, StandardError, make_error
from kernels.estimates.estimate import Estimate
from kernels.estimates.operators import ArrayOperators
from kernels.estimates.provenance import Provenance, Source
from kernels.estimates.rules import linear_algebra
from kernels.estimates.rules.arithmetic import Parts


@dataclass(frozen=True, slots=True, eq=False)
class EstimateArray(Shown, ArrayOperators):
    """An array of numbers with their errors, entry by entry.

    Made by `of`, `exact` or `gather`. Behaves as an array: shape, length, indices and slices,
    ``+``, ``-``, ``*``, ``/`` and ``@`` with arrays, estimates and numbers, which count as exact;
    ``np.asarray`` gives the numbers alone. One entry is an `Estimate`. The rules of the errors
    are in `kernels.estimates.rules`. Nothing in it can be changed: a copy, ``np.array``, can.

    Attributes:
        values: the numbers, any shape.
        bounds: the part of each error that bounds, same shape.
        deviations: the part that chance decides, as standard errors, same shape.
        provenance: what each error means and which method gave the number.

    Raises:
        InvalidInputError: parts of different shapes.

    >>> both = EstimateArray.of(np.array([1.0, 2.0]), Numerical, np.array([1e-9, 1e-8]))
    >>> print((2.0 * both - 1.0)[1])
    3 ± 2.0e-08 (numerical)
    """

    values: Float[np.ndarray, "*shape"]
    bounds: Float[np.ndarray, "*shape"]
    deviations: Float[np.ndarray, "*shape"]
    provenance: Provenance

    def __post_init__(self) -> None:
        for part in ("bounds", "deviations"):
            if getattr(self, part).shape != self.values.shape:
                raise InvalidInputError(
                    part, getattr(self, part).shape, f"needs the shape of values, {self.shape}"
                )
        for part in ("values", "bounds", "deviations"):
            fixed = getattr(self, part).view()
            fixed.flags.writeable = False
            object.__setattr__(self, part, fixed)
        object.__setattr__(self, "provenance", self.provenance.settled(self.bounds))

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        """How it is copied and stored: by its parts, which are then as fixed as here."""
        return type(self), (*self.parts, self.provenance)

    @classmethod
    def of(
        cls,
        values: ArrayLike,
        kind: type[Exact] | type[Proved] | type[Numerical],
        bounds: ArrayLike = 0.0,
        method: str = "",
    ) -> Self:
        """Numbers with bounds of one kind.

        Args:
            values: any shape; copied.
            kind: the type of the bounds.
            bounds: broadcast to the shape of values; 0 where they are exact.
            method: which algorithm produced them.

        Raises:
            InvalidInputError: a negative bound, or NaN; one of what is exact; NaN called exact;
                numbers that float64 does not hold exactly; standard errors, which `gather` takes.
        """
        if kind not in (Exact, Proved, Numerical):
            remedy = "give Exact, Proved or Numerical; gather estimates with standard errors"
            raise InvalidInputError("kind", kind, remedy)
        numbers, sizes = reals("values", values), reals("bounds", bounds)
        try:
            sizes = np.broadcast_to(sizes, numbers.shape)
        except ValueError:
            remedy = f"needs the shape of values, {numbers.shape}"
            raise InvalidInputError("bounds", sizes.shape, remedy) from None
        refused = ~(sizes == 0.0) if kind is Exact else ~(sizes >= 0.0)
        for size in sizes[refused].ravel()[:1].tolist():
            kind(size)  # says what is wrong with it
        if kind is Exact and np.isnan(numbers).any():
            raise InvalidInputError("values", math.nan, "what is exact is a number")
        provenance = Provenance.uniform(Source(kind.kind, np.inf, method), numbers.shape)
        return cls(numbers, sizes, np.broadcast_to(0.0, numbers.shape), provenance)

    @classmethod
    def exact(cls, values: ArrayLike) -> Self:
        """Numbers that are exact; `of` says what is refused."""
        return cls.of(values, Exact)

    @classmethod
    def gather(cls, estimates: Iterable[Estimate]) -> Self:
        """A one-dimensional array of the given estimates, each with its own kind and method.

        Raises:
            InvalidInputError: something that is no `Estimate`.

        >>> EstimateArray.gather([Estimate(1.0, Exact()), Estimate(2.0, Numerical(0.1))]).kinds
        array([<ErrorKind.EXACT: 'exact'>, <ErrorKind.NUMERICAL: 'numerical'>], dtype=object)
        """
        items = list(estimates)
        for item in items:
            instance("estimates", item, Estimate, "give estimates; of and exact take numbers")
        columns = np.array(
            [(e.value, e.error.bound, e.error.deviation) for e in items], dtype=np.float64
        ).reshape(-1, 3)
        values, bounds, deviations = columns.T
        return cls(values, bounds, deviations, Provenance.listed([Source.of(e) for e in items]))

    @classmethod
    def carried(cls, parts: Parts, *inputs: EstimateArray) -> Self:
        """Numbers each computed from the same entry of several arrays.

        Args:
            parts: the numbers with the errors that those of the inputs make of them.
            inputs: what they were computed from, broadcast to their shape; at least one.
        """
        shape = parts.values.shape
        return cls._of_parts(parts, Provenance.combined((one.provenance for one in inputs), shape))

    @classmethod
    def reduced(cls, parts: Parts, *inputs: EstimateArray) -> Self:
        """Numbers each computed from all entries of several arrays: of the weakest kind there.

        The arguments are those of `carried`.
        """
        source = Source.combined(one.provenance.weakest for one in inputs)
        return cls._of_parts(parts, Provenance.uniform(source, parts.values.shape))

    @classmethod
    def _of_parts(cls, parts: Parts, provenance: Provenance) -> Self:
        values, bounds, deviations = (np.broadcast_to(p, parts.values.shape) for p in parts)
        return cls(values, bounds, deviations, provenance)

    @classmethod
    def known(cls, given: object) -> Self | None:
        """Numbers, arrays of them or estimates as an array; None for what is none of these."""
        if isinstance(given, cls):
            return given
        if isinstance(given, Estimate):
            return cls.gather([given]).reshape()
        if isinstance(given, bool | str | bytes):
            return None
        try:
            numbers = np.asarray(given)
        except ValueError:
            return None
        return cls.exact(numbers) if numbers.dtype.kind in "iuf" else None

    def scalar(self) -> Any:
        """The only entry of an array without axes as an `Estimate`; other arrays as they are."""
        return self if self.shape else self.item()

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of ``values``."""
        return self.values.shape

    @property
    def ndim(self) -> int:
        """How many axes it has."""
        return self.values.ndim

    @property
    def size(self) -> int:
        """How many entries it has."""
        return self.values.size

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of ``values``, float64."""
        return self.values.dtype

    @property
    def errors(self) -> Float[np.ndarray, "*shape"]:
        """The errors as numbers: bounds, or standard errors with what bounds the rest."""
        return np.asarray(self.bounds + self.deviations)

    @property
    def kinds(self) -> Shaped[np.ndarray, "*shape"]:
        """What each error means: an array of `ErrorKind`, which equal their names."""
        return self.provenance.kinds

    @property
    def kind(self) -> ErrorKind:
        """The weakest kind among the entries."""
        return self.provenance.weakest.kind

    @property
    def method(self) -> str:
        """The methods that produced the entries."""
        return self.provenance.weakest.method

    @property
    def largest_error(self) -> float:
        """The largest error of an entry, 0 for an empty array."""
        return float(self.errors.max(initial=0.0))

    def radii(self, significance: float) -> Float[np.ndarray, "*shape"]:
        """How far each truth may be from its value, each but for this probability."""
        times = [
            StandardError(1.0, one.degrees).radius(significance) for one in self.provenance.sources
        ]
        return np.asarray(self.bounds + np.array(times)[self.provenance.codes] * self.deviations)

    @property
    def T(self) -> Self:  # noqa: N802 - NumPy's name
        """The transpose."""
        return self._each(np.transpose)

    def reshape(self, *shape: int) -> Self:
        """The same entries in another shape."""
        return self._each(lambda part: part.reshape(shape))

    def item(self) -> Estimate:
        """The only entry.

        Raises:
            InvalidInputError: no entry, or several.
        """
        if self.size != 1:
            raise InvalidInputError("array", self.shape, "pick one entry, array[i]")
        kind, degrees, method = self.provenance.item()
        value, bound, deviation = (part.item() for part in self.parts)
        return Estimate(value, make_error(kind, bound, deviation, degrees), method)

    def eigenvalues(self) -> Self:
        """The eigenvalues of a symmetric matrix, ascending, see `linear_algebra.eigenvalues`."""
        lapack = self.of(0.0, Numerical, 0.0, "symmetric eigenvalues")
        return self.reduced(linear_algebra.eigenvalues(self.parts), self, lapack)

    def smallest_eigenvalue(self) -> Estimate:
        """The least eigenvalue of a symmetric matrix."""
        return self.eigenvalues()[:1].item()

    @property
    def parts(self) -> Parts:
        """The numbers and the two parts of their errors."""
        return Parts(self.values, self.bounds, self.deviations)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Shaped[np.ndarray, "..."]:
        return np.array(self.values, dtype=dtype, copy=copy)

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        if np.ndim(self.values[index]) == 0:
            return self._each(lambda part: np.asarray(part[index])).item()
        return self._each(lambda part: part[index])

    def __repr__(self) -> str:
        largest = f"errors up to {self.largest_error:.1e}, " if self.largest_error else ""
        shown = np.array2string(self.values, precision=8, threshold=50)
        return f"EstimateArray(shape={self.shape}, {largest}{self.kinds_in_words},\n{shown})"

    def _each(self, move: Callable[[Any], Any]) -> Self:
        parts = Parts(*(move(part) for part in self.parts))
        return type(self)(*parts, self.provenance.moved(move))
