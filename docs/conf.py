"""How the documentation is built: MyST pages, and a reference made from the docstrings."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = PROJECT["name"]
author = PROJECT["authors"][0]["name"]
copyright = author
release = version = PROJECT["version"]

extensions = [
    "myst_parser",
    "sphinx.ext.apidoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
]
# apidoc writes a modules.rst for each package, which api/index.md makes needless.
exclude_patterns = ["_build", "api/generated/*/modules.rst"]
nitpicky = True
show_warning_types = True

# Functions and classes are not listed beside the pages: with a thousand of them the copying of that
# list into each page takes most of the build.
toc_object_entries = False

html_theme = "furo"
html_title = f"{project} {release}"

myst_enable_extensions = ["amsmath", "colon_fence", "dollarmath"]
myst_heading_anchors = 3

# One reference page for each module, so that a new module needs no line here.
apidoc_modules = [
    {
        "path": f"../{package}",
        "destination": f"api/generated/{package}",
        "separate_modules": True,
        "module_first": True,
        "include_private": False,
    }
    for package in ("kernels", "theory", "validation")
]

# A name is documented in the module that defines it, not again where it is re-exported.
autodoc_default_options = {"members": True, "show-inheritance": True, "ignore-module-all": True}
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
# There are none, and to look for them takes long.
autodoc_use_type_comments = False
# Attributes are listed in the docstring of their class, their types in its signature: as text, a
# shape such as "*axes" would read as markup.
napoleon_use_ivar = True
napoleon_attr_annotations = False
# `name` in a docstring is code.
default_role = "literal"

# The build needs no network, so that what annotations take from elsewhere stays plain text: names
# of other projects, dotted or not, and the shapes of arrays. Names of this project must resolve.
nitpick_ignore_regex = [
    (r"py:.*", r"(?!(kernels|theory|validation)\b)\w+\..*"),
    (r"py:class", r"'.*'"),
    (r"py:.*", r"([\w.]+\.)?[A-Z]"),  # type variables
    (r"py:class", r"[\w.]+\.Annotated\[.*"),  # options of the command line, with their help
    (r"py:.*", r"ndarray|Array|Float|Float64|arb"),
]


def attribute_docstring(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Keep napoleon from taking ``words: more words`` in an attribute's docstring for a type.

    It looks at the first line alone. A line with only a backslash prints as nothing.
    """
    if what in {"attribute", "data", "property"}:
        lines.insert(0, "\\")


def bars_are_bars(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Print ``|x|`` as it stands: docstrings write absolute values and use no substitutions."""
    for number, line in enumerate(lines):
        if not line.lstrip().startswith((">>>", "...")):
            parts = line.split("``")
            parts[::2] = [part.replace("|", "\\|") for part in parts[::2]]
            lines[number] = "``".join(parts)


def skip_member(
    app: Sphinx, what: str, name: str, obj: object, skip: bool, options: object
) -> bool | None:
    """Leave out what scikit-learn adds to an estimator for its own routing of metadata."""
    return True if name.startswith("set_") and name.endswith("_request") else None


def setup(app: Sphinx) -> None:
    """Register the handlers: the first ahead of napoleon's, the second after it."""
    app.connect("autodoc-process-docstring", attribute_docstring, priority=400)
    app.connect("autodoc-process-docstring", bars_are_bars, priority=600)
    app.connect("autodoc-skip-member", skip_member)
