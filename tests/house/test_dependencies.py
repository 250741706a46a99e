"""What the packages import is what pyproject.toml declares."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.house.test_house import MODULES, PACKAGES, ROOT, normalized

OURS = {*PACKAGES, "template_kernels"}


def imported(path: Path) -> set[str]:
    """The top-level names of other projects' packages that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module))
    return {name.partition(".")[0] for name in found} - OURS - set(sys.stdlib_module_names)


def declared() -> tuple[set[str], set[str]]:
    """The distributions that an installation brings, and those that extras bring."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    optional = [
        one for name in ("cluster", "jax", "pretrained", "tables", "text") for one in extras[name]
    ]
    names = [
        {normalized(name) for one in several for name in re.findall(r"[A-Za-z][\w.-]*", one)}
        for several in (project["dependencies"], optional)
    ]
    return names[0], names[1]


def guarded(path: Path) -> bool:
    """Whether a file is reached, or imports, through the error that names the extra."""
    text = path.read_text(encoding="utf-8")
    reached = ("theory/networks", "sampling/moments", "arrays/jax_arrays", "arrays/dask_arrays")
    named = any(part in path.as_posix() for part in reached)
    return named or 'needed("' in text or "if TYPE_CHECKING:" in text


def test_what_is_imported_is_declared() -> None:
    distributions = packages_distributions()
    always, optional = declared()
    undeclared = {
        (str(path.relative_to(ROOT)), name)
        for path in MODULES
        for name in imported(path)
        if not {normalized(one) for one in distributions.get(name, [name])}
        & (always | (optional if guarded(path) else set()))
    }
    assert not undeclared
