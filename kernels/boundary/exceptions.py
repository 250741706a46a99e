"""The errors a user can meet; each names the argument, the value and the remedy."""

from __future__ import annotations

from functools import partial


class InvalidInputError(ValueError):
    """An argument cannot be used as given.

    Args:
        argument: the argument's name as the caller wrote it.
        value: what was given.
        remedy: what would be accepted.

    >>> raise InvalidInputError("alpha", -1.0, "give a positive number")
    Traceback (most recent call last):
    ...
    kernels.boundary.exceptions.InvalidInputError: alpha = -1.0: give a positive number
    """

    def __init__(self, argument: str, value: object, remedy: str) -> None:
        self.argument = argument
        self.value = value
        self.remedy = remedy
        try:
            shown = repr(value)
        except ValueError:  # Python prints no integer of more than some thousand digits
            shown = f"a {type(value).__name__} too long to print"
        if len(shown) > 120:
            shown = shown[:117] + "..."
        super().__init__(f"{argument} = {shown}: {remedy}")

    def __reduce__(self) -> tuple[object, ...]:
        """How it travels between processes; by itself, Python would pass on the message alone."""
        return type(self), (self.argument, self.value, self.remedy)


class TooLargeError(InvalidInputError, MemoryError):
    """The work was refused before it began because it would not fit in memory or time."""


class MissingPackageError(InvalidInputError, ImportError):
    """A package is missing that only a part of this project needs."""


class ToleranceNotMetError(InvalidInputError):
    """The tolerance asked for is below what the method can reach.

    Attributes:
        reached: the error that was reached.
    """

    def __init__(self, argument: str, value: object, remedy: str, *, reached: float) -> None:
        super().__init__(argument, value, remedy)
        self.reached = reached

    def __reduce__(self) -> tuple[object, ...]:
        given = self.argument, self.value, self.remedy
        return partial(type(self), reached=self.reached), given
