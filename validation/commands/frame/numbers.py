"""Several numbers in one option."""

from __future__ import annotations


def numbers(argument: str, written: str) -> tuple[float, ...]:
    """Numbers above 0 with commas between them.

    Args:
        argument: the option, as errors name it.
        written: what was given.

    Raises:
        InvalidInputError: one is no finite number above 0, or one comes twice.

    >>> numbers("ridge", "1e-2, 1")
    (0.01, 1.0)
    """
    # Slow, and --help waits for them.
    from kernels.boundary.checks import positive  # noqa: PLC0415
    from kernels.boundary.exceptions import InvalidInputError  # noqa: PLC0415

    try:
        found = tuple(positive(argument, float(part)) for part in written.split(","))
    except ValueError as error:
        if isinstance(error, InvalidInputError):
            raise
        raise InvalidInputError(argument, written, "give numbers such as 0.1 or 0.1,1") from None
    if len(set(found)) < len(found):
        raise InvalidInputError(argument, written, "give each number once")
    return found


def interval(argument: str, written: str) -> tuple[float, float]:
    """A range: two numbers with a comma between them, or one number.

    Args:
        argument: the option, as errors name it.
        written: what was given.

    Raises:
        InvalidInputError: no numbers, or more than two.

    >>> interval("beta", "0.5,2"), interval("beta", "1")
    ((0.5, 2.0), (1.0, 1.0))
    """
    from kernels.boundary.exceptions import InvalidInputError  # noqa: PLC0415 - slow, as above

    try:
        found = [float(part) for part in written.split(",")]
    except ValueError:
        found = []
    if len(found) not in (1, 2):
        raise InvalidInputError(argument, written, "give LOW,HIGH, such as 0.5,2, or one number")
    return found[0], found[-1]
