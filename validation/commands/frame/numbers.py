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
