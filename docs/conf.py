"""How the documentation is built: MyST pages, a gallery, and a reference made from the docstrings.

The reference has a page for each package that says by ``__all__`` what is public, so that a new
name needs no line here. What is private stands nowhere, and is plain text where a signature names
it.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

ROOT = Path(__file__).parents[1]
# Of this project's modules, and of the extensions beside this file.
sys.path[:0] = [str(ROOT), str(ROOT / "docs" / "extensions")]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = PROJECT["name"]
author = PROJECT["authors"][0]["name"]
copyright = author
release = version = PROJECT["version"]

extensions = [
    "command_pages",
    "explorer",
    "mathml",
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_gallery.gen_gallery",
]
# The gallery is read as it was run, in docs/examples.
exclude_patterns = ["_build", "gallery"]
html_math_renderer = "mathml"
html_static_path = ["_static"]
html_css_files = ["project.css"]

# Every program of the gallery is run, and one that fails ends the build.
sphinx_gallery_conf = {
    "examples_dirs": "gallery",
    "gallery_dirs": "examples",
    "filename_pattern": r"\.py$",
    "subsection_order": [
        f"gallery/{room}" for room in ("your_own", "comparing", "sure", "machines")
    ],
    "within_subsection_order": "FileNameSortKey",
    "run_stale_examples": True,
    "doc_module": ("kernels", "theory", "validation"),
    "reference_url": {"kernels": None, "theory": None, "validation": None},
    "backreferences_dir": None,
    "show_signature": False,
    "min_reported_time": 1e9,
    "write_computation_times": False,
    "copyfile_regex": r"",
}
# A reader copies what is typed, not what is printed.
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
nitpicky = True
show_warning_types = True

html_theme = "furo"
html_title = f"{project} {release}"

myst_enable_extensions = ["amsmath", "colon_fence", "dollarmath"]
myst_heading_anchors = 3

autodoc_default_options = {
    "members": True,
    "show-inheritance": True,
    "special-members": "__call__",
}
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
    (r"py:.*", r"ndarray|Array|Float|Float64|arb|Strings"),  # of overloads, which stay text
    (r"py:class", r"tuple\[str"),  # of a pair of strings with a default
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


def public_packages() -> list[ModuleType]:
    """The packages with an ``__all__``, outer ones first, and the strategies for tests."""
    found = []
    for top in map(importlib.import_module, ("kernels", "theory")):
        inner = pkgutil.walk_packages(top.__path__, f"{top.__name__}.")
        packages = [importlib.import_module(one.name) for one in inner if one.ispkg]
        found += [one for one in (top, *packages) if hasattr(one, "__all__")]
    return [*found, importlib.import_module("validation.strategies")]


PUBLIC: dict[str, str] = {}
"""Where a name is defined, and where it is public."""


def write_reference(app: Sphinx) -> None:
    """A page for each package: its names, but those that an outer package has."""
    folder = Path(app.srcdir) / "api" / "generated"
    folder.mkdir(parents=True, exist_ok=True)
    for package in public_packages():
        own = [name for name in vars(package) if not name.startswith("_")]
        listed = []
        for name in getattr(package, "__all__", own):
            value = getattr(package, name)
            place = f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', '')}"
            is_ours = place.startswith(("kernels.", "theory.", package.__name__))
            if callable(value) and is_ours and place not in PUBLIC:
                PUBLIC[place] = f"{package.__name__}.{name}"
                listed.append(name)
        title = package.__name__
        lines = [title, "=" * len(title), "", f".. automodule:: {title}", "   :no-members:", ""]
        for name in listed:
            kind = "class" if isinstance(getattr(package, name), type) else "function"
            lines += [f".. auto{kind}:: {title}.{name}", ""]
        (folder / f"{title}.rst").write_text("\n".join(lines), encoding="utf-8")


def resolve(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, contnode: Element
) -> Element | None:
    """Lead from where a name is defined to where it is public; what is private is plain text."""
    target = str(node.get("reftarget", ""))
    module, _, name = target.rpartition(".")
    ours = module.partition(".")[0] in ("kernels", "theory", "validation")
    if node.get("refdomain") != "py" or not ours:
        return None
    for place, public in PUBLIC.items():
        if target == place or target.startswith(f"{place}."):
            domain, found_at = env.get_domain("py"), public + target.removeprefix(place)
            kind, page = str(node["reftype"]), node.get("refdoc", "")
            found = domain.resolve_xref(env, page, app.builder, kind, found_at, node, contnode)
            return found if found is not None else contnode
    try:
        known = hasattr(importlib.import_module(module), name)
    except ImportError:
        known = False
    return contnode if known else None


def setup(app: Sphinx) -> None:
    """Register the handlers: the first ahead of napoleon's, the second after it."""
    app.connect("builder-inited", write_reference)
    app.connect("missing-reference", resolve)
    app.connect("autodoc-process-docstring", attribute_docstring, priority=400)
    app.connect("autodoc-process-docstring", bars_are_bars, priority=600)
    app.connect("autodoc-skip-member", skip_member)
