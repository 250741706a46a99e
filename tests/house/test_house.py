"""The rules of the house that no other tool checks."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest
from jaxtyping import TypeCheckError

import kernels
from kernels.strings.encoding import EncodedStrings
from kernels.strings.vocabulary import Vocabulary

ROOT = Path(__file__).parents[2]
PACKAGES = ("kernels", "theory", "validation")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LONGEST_FILE = 300
HEAVY = {"jax", "matplotlib", "sklearn", "dask", "hypothesis", "typer"}

each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))


def test_there_are_modules_to_check() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(PACKAGES)


@each_module
def test_file_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@each_module
def test_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


CHECKS = {"finite", "nonnegative", "positive", "whole", "workers", "instance", "require_memory"}
"""Functions of `kernels` that exist to raise; whoever calls one raises."""

ELSEWHERE = re.compile(r"[Ss]ee `[\w.]+`")
"""How the docstring of an overriding method points to the contract that says what is raised."""

MAKERS = {"__init__", "__post_init__"}

HELP_PAGES = "validation/commands"
"""The docstrings of commands are their pages of help, for people who meet no exceptions."""


def raising(body: ast.AST) -> bool:
    """Whether code raises an error of its own, or calls a check that does."""
    return any(
        (isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call))
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in CHECKS
        )
        for node in ast.walk(body)
    )


def silent_raisers(definitions: list[ast.stmt], prefix: str = "") -> list[str]:
    """Public functions and classes that raise and whose docstrings do not say so."""
    found = []
    for node in definitions:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef) or node.name.startswith("_"):
            continue
        said = ast.get_docstring(node) or ""
        if isinstance(node, ast.ClassDef):
            makers = [n for n in node.body if getattr(n, "name", "") in MAKERS]
            silent = any(map(raising, makers)) and "Raises:" not in said
            inside = silent_raisers(node.body, f"{prefix}{node.name}.")
        else:
            silent = raising(node) and "Raises:" not in said and not ELSEWHERE.search(said)
            inside = []
        found += [f"{prefix}{node.name}"] * silent + inside
    return found


@each_module
def test_docstrings_say_what_is_raised(path: Path) -> None:
    if not str(path.relative_to(ROOT)).startswith(HELP_PAGES):
        assert not silent_raisers(ast.parse(path.read_text(encoding="utf-8")).body)


def test_silence_about_what_is_raised_is_found() -> None:
    code = """
    def silent(n): whole("n", n)
    def honest(n):
        '''Raises: an error.'''
        raise ValueError(n)
    def _private(n): raise ValueError(n)
    class Silent:
        def __post_init__(self): positive("n", self.n)
        def method(self): raise ValueError(self.n)
        def overriding(self):
            '''See `Base.overriding`.'''
            raise ValueError(self.n)
    """
    found = silent_raisers(ast.parse(dedent(code)).body)
    assert found == ["silent", "Silent", "Silent.method"]


def test_tests_run_with_shapes_checked() -> None:
    codes = np.zeros(3, dtype=np.int32)  # one axis, where two are annotated
    with pytest.raises(TypeCheckError):
        EncodedStrings(codes, Vocabulary())


def test_kernels_is_the_one_of_this_project() -> None:
    assert Path(kernels.__file__).parent == ROOT / "kernels"


def loaded_by(statement: str) -> set[str]:
    """The top-level names of all modules that a fresh interpreter has after a statement."""
    code = f"{statement}\nimport sys\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("package", ["kernels", "theory"])
def test_import_is_light(package: str) -> None:
    assert not loaded_by(f"import {package}") & HEAVY


def test_light_import_test_can_fail() -> None:
    assert "typer" in loaded_by("import typer") & HEAVY


def test_constraints_hold_names_and_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert pins
    for pin in pins:
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9.+!]+", pin), pin


def test_every_dependency_is_constrained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *chain.from_iterable(extras)]
    names = {re.split(r"[\[<>=~!; ]", requirement)[0] for requirement in wanted}
    names -= {project["name"]}  # one extra includes another
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.split("==")[0] for line in lines}
    assert {normalized(name) for name in names} <= {normalized(name) for name in pinned}


def normalized(name: str) -> str:
    """A distribution's name in the one spelling that PEP 503 compares."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_one_version_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^version: (.+)$", citation, re.MULTILINE) == [project["version"]]


def test_make_alone_prints_every_target() -> None:
    declared = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert declared is not None
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.findall(r"^ +make ([a-z-]+) +\S", done.stdout, re.MULTILINE) == declared[1].split()
