"""The command ``template-kernels``, under a name that no other distribution has taken.

The names of the three packages are short, and others install packages of those names. Which ones
Python finds is looked up here before any of them is imported.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

FAILED = 2
"""Exit status of a request that cannot be met as it stands."""

_OURS = {
    "kernels": "TransformerKernel",
    "theory": "TemplateTask",
    "validation": "When can transformers reason with abstract symbols?",
}
"""The packages, and what stands in the first file of each."""

_REMEDY = (
    "another distribution, or a folder on the path, has a package of that name; install "
    "template-kernels into an environment of its own: python3 -m venv .venv && "
    ".venv/bin/python -m pip install -c constraints.txt -e ."
)


def foreign_packages() -> str | None:
    """What is wrong with the packages that an import would find; None if nothing.

    Another one can hide ours, or overwrite its files. So each must lie beside this file, and its
    first file must hold what ours holds. The files are read, not run.
    """
    for name, ours in _OURS.items():
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            return f"the package '{name}' of this project was not found: {_REMEDY}"
        origin, beside = Path(spec.origin), Path(__file__).resolve().parent / name
        if origin.resolve().parent != beside or ours not in origin.read_text(encoding="utf-8"):
            return f"the package '{name}' in {origin.parent} is not this project's: {_REMEDY}"
    return None


def main() -> int:
    """Run the command with the arguments of the process, if the packages are this project's.

    Returns:
        The exit status, as `validation.__main__.main` has it.
    """
    foreign = foreign_packages()
    if foreign is not None:
        print(f"template-kernels: {foreign}", file=sys.stderr)
        return FAILED
    from validation.__main__ import main as run  # noqa: PLC0415 - not before the check above

    return run()
