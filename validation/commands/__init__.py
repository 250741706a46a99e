"""The commands, one file each; to add one, write its file and register it here."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Sequence

import typer

from validation.commands import (
    certificate,
    certify_matrix,
    derivatives,
    kernel,
    matrix,
    plan,
    reproduce,
    separate,
    task,
    train,
    train_text,
    tune,
)
from validation.commands.frame.command import Command
from validation.commands.frame.options import expanded
from validation.commands.frame.streams import prepare
from validation.commands.ridge.command import ridge
from validation.commands.statements.command import statements

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Kernels of 'When can transformers reason with abstract symbols?' (arXiv 2310.09753).",
    epilog="In a template, lower-case Greek letters are wildcards and any other character is a "
    "token; in a string, every character is a token. One with spaces is split into words. [CLS] is "
    "appended where missing.",
)
COMMANDS = (
    kernel.kernel,
    matrix.matrix,
    certify_matrix.certify_matrix,
    ridge,
    certificate.certificate,
    plan.plan,
    tune.tune,
    task.task,
    derivatives.derivatives,
    separate.separate,
    statements,
    train.train,
    train_text.train_text,
    reproduce.reproduce,
)
"""In the order of the help; each is named as its function, with hyphens."""


def described(command: Callable[..., None]) -> str:
    """The docstring of a command as its page of help has it: one line a paragraph.

    A terminal is not as wide as the source, and breaks lines itself.

    >>> def command() -> None:
    ...     '''Say what it does.
    ...
    ...     More on
    ...     that.
    ...     '''
    >>> described(command).splitlines()
    ['Say what it does.', '', 'More on that.']
    """
    paragraphs = inspect.cleandoc(command.__doc__ or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


for command in COMMANDS:
    named = app.command(command.__name__.replace("_", "-"), cls=Command, help=described(command))
    named(expanded(command))


def run(arguments: Sequence[str] | None = None) -> int:
    """Parse the arguments, run the command, and return the exit status.

    A request that cannot be met ends with one line on standard error that names the argument,
    the value and the remedy, and with status 2.
    """
    prepare()
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = app(given or ["--help"], prog_name="template-kernels", standalone_mode=False)
    except typer.TyperException as error:
        message = " ".join(error.format_message().split())
        print(f"template-kernels: {message}", file=sys.stderr)
        return error.exit_code
    return status if isinstance(status, int) else 0
