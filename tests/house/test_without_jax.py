"""What works where JAX is not installed, and what says how to get it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kernels.boundary.exceptions import InvalidInputError, MissingPackageError
from kernels.boundary.optional_packages import needed
from kernels.regression.arrays.engine import Engine, device_of

ROOT = Path(__file__).parents[2]

WITHOUT = '''
import contextlib, io, json, sys

class Hidden:
    """A finder that hides JAX, and what comes with it."""
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in ("jax", "jaxlib", "optax"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Hidden)
import kernels, theory, validation
from validation.__main__ import main

found = {}
for command in json.loads(sys.stdin.read()):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(command.split())
    found[command] = [code, out.getvalue(), err.getvalue()]
print(json.dumps(found))
'''

WORKS = (
    "kernel AA BC --json",
    "matrix αα αβ --json",
    "ridge αα=1 αβ=-1 --kernel mlp --samples 100 --alphabet 50 --json",
    "statements 3.1 --quick --json",
    "plan --help",
)
NEEDS_JAX = (
    "kernel AA BC --method monte-carlo --json",
    "statements 5.1 --quick --json",
    "train aba-abb --size taste --json --out {out}",
    "reproduce --quick --json --out {out}",
)
"""A sampler, the copying of symbols, the training of transformers, the report."""


def test_most_works_without_jax_and_the_rest_names_the_extra(tmp_path: Path) -> None:
    needs = [command.format(out=tmp_path / "report") for command in NEEDS_JAX]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT],
        input=json.dumps([*WORKS, *needs]),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    for command in WORKS:
        code, out, err = found[command]
        assert (code, bool(out), "jax" in err) == (0, True, False), command
    for command in needs:
        code, out, err = found[command]
        assert (code, out, err.count("\n")) == (2, "", 1), command
        assert "pip install 'template-kernels[jax]'" in err, command
    assert not (tmp_path / "report").exists()  # refused before any work


@pytest.mark.parametrize(
    ("engine", "package", "extra"), [("jax", "jax", "jax"), ("dask", "distributed", "cluster")]
)
def test_an_engine_without_its_package_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, package: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingPackageError, match=rf"template-kernels\[{extra}\]"):
        device_of(engine)


@pytest.mark.parametrize("kind", [InvalidInputError, ImportError])
def test_a_missing_package_is_bad_input_and_a_failed_import(kind: type[Exception]) -> None:
    with pytest.raises(kind, match=r"no_such.*template-kernels\[cluster\]"):
        needed("no_such", "cluster")
