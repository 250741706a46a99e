"""What every command stands in: errors in the user's terms, and Ctrl-C."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import typer
from typer.core import TyperCommand


class Command(TyperCommand):
    """A command whose bad input ends in one line, and whose interruption in another."""

    def invoke(self, ctx: Any) -> Any:  # the type of a context is private to typer
        """Run the command; see `typer.core.TyperCommand`."""
        # Half a second of scientific libraries, which --help can do without.
        from kernels.boundary.exceptions import InvalidInputError  # noqa: PLC0415

        try:
            with warnings.catch_warnings():
                warnings.showwarning = _warn
                return super().invoke(ctx)
        except InvalidInputError as error:
            shown = str(error).removeprefix(error.argument)
            failure = typer.BadParameter(self._as_written(error.argument) + shown)
        except BrokenPipeError:
            raise
        except Warning as warning:  # who runs Python with -W error asks for this
            failure = typer.BadParameter(str(warning))
        except (ArithmeticError, MemoryError) as error:
            cause = str(error) or type(error).__name__
            failure = typer.BadParameter(
                f"the numbers given lead too far ({cause}); give smaller ones"
            )
        except OSError as error:
            failure = typer.BadParameter(f"{error.filename or 'file'}: {error.strerror or error}")
        except KeyboardInterrupt:
            print("template-kernels: interrupted", file=sys.stderr)
            raise typer.Exit(130) from None
        failure.format_message = lambda: failure.message  # type: ignore[method-assign] # no prefix
        raise failure

    def _as_written(self, argument: str) -> str:
        """An argument's name as it is written on the command line."""
        for parameter in self.params:
            if parameter.name == argument:
                first = parameter.opts[0]
                return first if first.startswith("-") else argument.upper()
        return argument


def _warn(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """A warning as one line without the place in the code, which a user has no use for."""
    del category, filename, lineno, file, line
    print(f"template-kernels: {' '.join(str(message).split())}", file=sys.stderr)


@contextmanager
def naming(**names: str) -> Iterator[None]:
    """Give arguments of the library the names that they have on the command line.

    Raises:
        InvalidInputError: the one that was raised inside, with the argument as it was written.

    >>> from kernels.boundary.exceptions import InvalidInputError
    >>> with naming(n="--samples"):
    ...     raise InvalidInputError("n", 0, "give more")
    Traceback (most recent call last):
    ...
    kernels.boundary.exceptions.InvalidInputError: --samples = 0: give more
    """
    from kernels.boundary.exceptions import InvalidInputError  # noqa: PLC0415 - slow, and --help needs none

    try:
        yield
    except InvalidInputError as error:
        if error.argument not in names:
            raise
        raise InvalidInputError(names[error.argument], error.value, error.remedy) from None
