"""Kernel values that the points of an experiment share, kept beside them while it runs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kernels import InvalidInputError, Kernel
from validation.experiments.storage.code import code_digest
from validation.experiments.storage.manifest import Manifest


@contextmanager
def kept_values(kernel: Kernel, tables: Path) -> Iterator[None]:
    """Read the kernel's table from the folder, and write it back if it has grown.

    Where two processes add to one table at once, the last to write wins, and what the other
    found is computed again if it is needed: a loss of time, not of correctness.

    Args:
        kernel: whose values.
        tables: a folder in one that has a manifest; made where missing.
    """
    name = f"{kernel.table.kernel!r} {code_digest()}"
    file = f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.json"
    with suppress(InvalidInputError):  # there is no table yet, or none that can be read
        kernel.table.load(tables / file)
    known = len(kernel.table)
    yield
    if len(kernel.table) > known:
        manifest = Manifest(tables.parent)
        manifest.make_folder(tables.name)
        # Another run that ends just now removes the folder; then the values are lost, no more.
        with suppress(InvalidInputError):
            kernel.table.save(manifest.claim(f"{tables.name}/{file}"))
