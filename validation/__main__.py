"""The command line: ``template-kernels``, also ``python -m validation``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from template_kernels import FAILED, foreign_packages

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: what follows the program's name; those of the process where left out.

    Returns:
        The exit status: 0, 2 for a request that cannot be met, 130 after Ctrl-C.
    """
    foreign = foreign_packages()
    if foreign is not None:
        print(f"template-kernels: {foreign}", file=sys.stderr)
        return FAILED
    try:
        from validation.commands import run  # noqa: PLC0415 - not before the check above

        return run(arguments)
    except KeyboardInterrupt:
        print("template-kernels: interrupted", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
