"""The commands, one file each; to add one, write its file and register it here."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

import typer

from validation.commands import (
    certificate,
    derivatives,
    kernel,
    matrix,
    plan,
    reproduce,
    ridge,
    separate,
    statements,
    task,
)
from validation.commands.frame import Command

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Kernels of 'When can transformers reason with abstract symbols?' (arXiv 2310.09753).",
    epilog="In a template, lower-case Greek letters are wildcards and any other character is a "
    "token; in a string, every character is a token. One with spaces is split into words. [CLS] is "
    "appended where missing.",
)
app.command("kernel", cls=Command)(kernel.kernel)
app.command("matrix", cls=Command)(matrix.matrix)
app.command("ridge", cls=Command)(ridge.ridge)
app.command("certificate", cls=Command)(certificate.certificate)
app.command("plan", cls=Command)(plan.plan)
app.command("task", cls=Command)(task.task)
app.command("derivatives", cls=Command)(derivatives.derivatives)
app.command("separate", cls=Command)(separate.separate)
app.command("statements", cls=Command)(statements.statements)
app.command("reproduce", cls=Command)(reproduce.reproduce)


def run(arguments: Sequence[str] | None = None) -> int:
    """Parse the arguments, run the command, and return the exit status.

    A request that cannot be met ends with one line on standard error that names the argument,
    the value and the remedy, and with status 2.
    """
    if isinstance(sys.stdout, TextIOWrapper):  # a table's Greek letters may not be in its encoding
        sys.stdout.reconfigure(errors="backslashreplace")
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = app(given or ["--help"], prog_name="template-kernels", standalone_mode=False)
    except typer.TyperException as error:
        message = " ".join(error.format_message().split())
        print(f"template-kernels: {message}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader has gone, `| head` for one; what is still buffered has nowhere to go either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status if isinstance(status, int) else 0
