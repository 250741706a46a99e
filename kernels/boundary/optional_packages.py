"""Packages that a part of this project needs and an installation may lack."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from kernels.boundary.exceptions import MissingPackageError


def needed(package: str, extra: str) -> Any:
    """An optional package, imported.

    Args:
        package: its name in imports.
        extra: of this project, which installs it.

    Raises:
        MissingPackageError: it is not installed, or cannot be imported.

    >>> needed("math", "jax").pi > 3
    True
    >>> needed("no_such_package", "tables")
    Traceback (most recent call last):
    ...
    kernels.boundary.exceptions.MissingPackageError: package = 'no_such_package': this needs it, and
    it is not there (No module named 'no_such_package'); pip install 'template-kernels[tables]'
    """
    try:
        return import_module(package)
    except ImportError as error:
        remedy = f"this needs it, and it is not there ({error}); "
        remedy += f"pip install 'template-kernels[{extra}]'"
        raise MissingPackageError("package", package, remedy) from None
