"""What the documentation is made of; the strict build runs the gallery, and nothing here does."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
from html import unescape
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from typer.main import get_command

from kernels import Cosine, Quadrature, TransformerKernel
from validation.commands import app

DOCS = Path(__file__).parents[2] / "docs"
PROGRAMS = sorted((DOCS / "gallery").rglob("*.py"))
REMOTE = re.compile(r"""(?:src|href)=["']?https?://|url\(\s*["']?https?://|import\(|fetch\(""")
"""How a page would load something from elsewhere."""


def extension(name: str, folder: str = "extensions") -> ModuleType:
    """A module of the documentation, which stands on no path but Sphinx's."""
    found = importlib.util.spec_from_file_location(name, DOCS / folder / f"{name}.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_there_is_a_gallery() -> None:
    assert len(PROGRAMS) >= 12
    conf = (DOCS / "conf.py").read_text("utf-8")
    for room in {program.parent for program in PROGRAMS}:
        assert (room / "GALLERY_HEADER.rst").exists()
        assert f'"{room.name}"' in conf  # its place in the order


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_programs_are_short_and_have_a_title(path: Path) -> None:
    text = path.read_text("utf-8")
    title, underline, *_ = (ast.get_docstring(ast.parse(text)) or "").splitlines()
    assert underline == "=" * len(title)
    code = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(code) <= 75


def test_every_option_stands_on_its_commands_page() -> None:
    pages = extension("command_pages")
    found = get_command(app).commands  # type: ignore[attr-defined] # of typer's groups
    assert len(found) > 8
    for name, command in found.items():
        text = pages.page(name, command)
        assert text.startswith(f"template-kernels {name}\n")
        for parameter in command.params:
            for option in parameter.opts:
                assert not option.startswith("-") or option in text, (name, option)
    assert pages.examples("kernel")
    assert not pages.examples("kern")


def test_formulas_become_mathml_and_unknown_commands_are_warned_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    nodes = pytest.importorskip("docutils.nodes")
    pytest.importorskip("sphinx")
    mathml = extension("mathml")
    good = mathml._formula(nodes.math("", r"\lambda_{\min}(N)"), display="inline")
    assert good.startswith("<math")
    assert "λ" in unescape(good)
    assert not caplog.records
    for latex, letter in ((r"\mathbb Ee", "𝔼"), (r"\mathbb{R}", "ℝ"), (r"\mathcal N", "𝒩")):
        assert letter in unescape(mathml._formula(nodes.math("", latex), display="inline"))
    mathml._formula(nodes.math("", r"\nosuchcommand x"), display="inline")
    assert "nosuchcommand" in caplog.text


@pytest.mark.parametrize("name", ["frame.html", "script.js"])
def test_the_page_to_explore_loads_nothing_from_elsewhere(name: str) -> None:
    assert not REMOTE.search((DOCS / "explorer" / name).read_text("utf-8"))
    assert REMOTE.search('<script src="https://example.org/x.js">')


@pytest.mark.long  # some seconds of kernel values
def test_the_page_to_explore_shows_what_the_library_computes() -> None:
    make = extension("make", "explorer")
    stored = json.loads(make.GRID.read_text("utf-8"))
    assert stored["axes"] == {name: list(values) for name, values in make.AXES.items()}
    sizes = [len(stored["axes"][name]) for name in ("beta", "gamma", "b1", "b2")]
    assert len(stored["points"]) == np.prod(sizes)
    places = (0, 1, 2, 1)
    beta, gamma, b1, b2 = (
        stored["axes"][name][i]
        for name, i in zip(("beta", "gamma", "b1", "b2"), places, strict=True)
    )
    found = make.point(TransformerKernel(beta, gamma, Cosine(b1, b2), Quadrature(1e-8)))
    # The last of four digits, and what eight digits of N leave of its smallest eigenvalue.
    for new, old in zip(found, stored["points"][np.ravel_multi_index(places, sizes)], strict=True):
        assert np.allclose(new, old, rtol=2e-3, atol=2e-6)
    N, eigenvalues, _ = found
    assert np.allclose(np.linalg.eigvalsh(N), eigenvalues, rtol=1e-3, atol=2e-6)
