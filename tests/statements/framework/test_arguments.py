"""Arguments of a check: a refusal names what was given, and says what to do."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from kernels import MonteCarlo
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates import Numerical
from tests.instances import SAME, TOY, TWO
from tests.toy_kernels import RelationalKernel
from theory import statements
from theory.statements import HypothesisError, Outcome
from theory.statements.shared.instances.defaults import transformer_kernel

COARSE = transformer_kernel().set_params(attention=MonteCarlo(16))
# Arguments


WRONG = {
    "find('Lemma 4.5').check(kernel=3)": "kernel = 3: give a kernel",
    "find('Lemma 4.5').check(kernel='abc')": "kernel = 'abc': give a kernel",
    "find('Lemma 4.5').check('AA')": "task = 'AA': give a TemplateTask",
    "find('Lemma 4.5').check(quick='yes')": "quick = 'yes': give True or False",
    "find('Lemma 4.5').check(seed=1.5)": "seed = 1.5: give a whole number",
    "find(4.7)": "id = 4.7: give a string; ids look like",
    "find(None)": "id = None: give a string; ids look like",
}
"""Arguments of wrong types, and what the error says."""


def test_wrong_types_are_named() -> None:
    # In a fresh interpreter: here, the checker of annotations would refuse them first.
    code = ["from theory.statements import find"]
    for call in WRONG:
        code += ["try:", f"    {call}", "except ValueError as error:", "    print(error)"]
    run = [sys.executable, "-c", "\n".join(code)]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert len(lines) == len(WRONG)
    for line, said in zip(lines, WRONG.values(), strict=True):
        assert line.startswith(said)


@pytest.mark.parametrize("seed", [-1, 2**62, 10**26])
def test_seeds_out_of_range_are_named(seed: int) -> None:
    with pytest.raises(InvalidInputError, match=f"seed = {seed}: give a whole number"):
        statements.find("Lemma 4.5").check(quick=True, seed=seed)


def test_the_largest_seed_is_taken() -> None:
    found = statements.find("Definition 3.2").check(SAME, quick=True, seed=2**62 - 1)
    assert found.outcome is Outcome.HOLDS


@pytest.mark.parametrize("id", ["Equation (16)", "Claim D.2"])
def test_a_kernel_of_large_errors_is_named(id: str) -> None:
    with pytest.raises(HypothesisError, match=r"kernel = .*could not be shown: N has"):
        statements.find(id).check(kernel=COARSE, quick=True)


def test_an_error_inside_names_what_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise np.linalg.LinAlgError("singular matrix")

    monkeypatch.setattr(np.linalg, "solve", fail)
    with pytest.raises(InvalidInputError, match=r"kernel = .*cannot be checked on it"):
        statements.find("Definition 3.3").check(TWO, TOY, quick=True)


def test_doubt_about_n_says_what_would_settle_it() -> None:
    # A kernel that no theorem is about: of the others, errors leave nothing open.
    with pytest.raises(HypothesisError, match="could not be shown: the smallest eigenvalue") as it:
        statements.find("Claim D.3").check(kernel=RelationalKernel(Numerical(1.0)), quick=True)
    assert "would settle it" in str(it.value)
