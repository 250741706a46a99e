"""The rules of the house that no other tool checks."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from jaxtyping import TypeCheckError

import kernels
from kernels.strings import EncodedStrings
from kernels.vocabulary import Vocabulary

ROOT = Path(__file__).parents[1]
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
