"""Certificates for Coq: what the file says, that Coq accepts it, and that it refuses false ones."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kernels import AttentionKernel, InvalidInputError, ReLU, TransformerKernel
from kernels.attention.proved.estimator import ProvedQuadrature
from theory import Template
from theory.enclosure.certificate import MatrixCertificate, certify_matrix
from theory.enclosure.coq import coq_file

PROVED = ProvedQuadrature(tolerance=1e-12)
TEMPLATES = [Template.parse(z) for z in ("αα", "αβ", "αc")]

needs_coq = pytest.mark.skipif(shutil.which("coqc") is None, reason="Coq is not installed")

Given = dict[str, Any]


@pytest.fixture(scope="module")
def certificate() -> MatrixCertificate:
    """Of three templates, with factors of rows and columns."""
    return certify_matrix(TransformerKernel(1.0, 0.5, attention=PROVED), TEMPLATES)


@pytest.fixture(scope="module")
def text(certificate: MatrixCertificate) -> str:
    return coq_file(certificate)


def definitions(text: str) -> Given:
    """The numbers that a file defines."""
    numbers = text[text.index("End Certificate.") :]
    found = re.findall(r"^Definition (\w+) := (.*?)%Z\.$", numbers, re.MULTILINE | re.DOTALL)
    return {name: json.loads(re.sub(r"[()]", "", value).replace(";", ",")) for name, value in found}


def holds(given: Given) -> bool:
    """The premise of the theorem, in fractions and by another order of sums than the file's."""
    size = range(len(given["centre"]))
    whole, one = Fraction(1, 2 ** given["places"]), Fraction(1, 2 ** given["bits"])
    low, pivots = given["lower"], given["pivots"]
    rest = [[Fraction(0)] * len(size) for _ in size]
    for i in size:
        for j in size:
            left = whole * (given["centre"][i][j] - (given["shift"] if i == j else 0))
            for k in size:
                left -= one * pivots[k] * (one * low[i][k]) * (one * low[j][k])
            rest[i][j] = abs(left) + whole * given["radii"][i][j]
    g = Fraction(given["relative"], 2 ** given["relative_places"])
    margin = given["margin"] * whole * one**3
    claim = Fraction(given["numerator"], given["denominator"])
    return (
        min(pivots) >= 0
        and rest == [list(column) for column in zip(*rest, strict=True)]
        and all(sum(row) <= whole * given["shift"] - margin for row in rest)
        and 0 <= g < 1
        and 0 < claim <= (1 - g) ** 2 * margin
    )


CHANGES: dict[str, Callable[[Given], object]] = {
    "centre": lambda given: given["centre"][1].__setitem__(0, given["centre"][1][0] + 1),
    "radii": lambda given: given["radii"][2].__setitem__(1, given["radii"][2][1] - 1),
    "shift": lambda given: given.update(shift=given["shift"] * 9 // 10),
    "places": lambda given: given.update(places=given["places"] + 1),
    "lower": lambda given: given["lower"][1].__setitem__(0, given["lower"][1][0] * 9 // 10),
    "pivots": lambda given: given["pivots"].__setitem__(2, -given["pivots"][2]),
    "bits": lambda given: given.update(bits=given["bits"] - 1),
    "relative": lambda given: given.update(relative=2 ** (given["relative_places"] - 1)),
    "relative_places": lambda given: given.update(relative_places=10),
    "margin": lambda given: given.update(margin=given["margin"] + 1),
    "numerator": lambda given: given.update(numerator=given["numerator"] + 1),
    "denominator": lambda given: given.update(denominator=given["denominator"] * 9 // 10),
}


def changed(given: Given, change: Callable[[Given], object]) -> Given:
    """The same numbers but for one, changed so that the premise fails."""
    other: Given = json.loads(json.dumps(given))
    change(other)
    return other


def test_the_numbers_are_those_of_the_certificate(
    certificate: MatrixCertificate, text: str
) -> None:
    """Nothing is rounded in favour of the claim, and little is lost."""
    given, content = definitions(text), certificate.content
    assert given.keys() == CHANGES.keys()
    assert holds(given)
    for key, unit in {"centre": 0, "radii": 1}.items():
        for row, original in zip(given[key], content[key], strict=True):  # type: ignore[call-overload]
            for number, float_ in zip(row, original, strict=True):
                off = Fraction(number) - Fraction(float_) * 2 ** given["places"]
                assert 0 <= off <= unit
    assert Fraction(given["shift"], 2 ** given["places"]) == content["shift"]
    g = Fraction(given["relative"], 2 ** given["relative_places"])
    assert 0 <= g - Fraction(content["relative"]) < 2.0**-127  # type: ignore[arg-type]
    claim = given["numerator"] / given["denominator"]
    assert 0.999 * certificate.smallest_eigenvalue < claim <= certificate.smallest_eigenvalue


@pytest.mark.parametrize("name", CHANGES)
def test_every_number_counts(text: str, name: str) -> None:
    """One that is changed is refused by the same premise."""
    assert not holds(changed(definitions(text), CHANGES[name]))


def test_what_the_file_says(certificate: MatrixCertificate, text: str) -> None:
    """Templates, kernel and digest in a comment that no name can end, and no unproved step."""
    heading = text[: text.index("Require Import")]
    for part in ("αα[CLS], αβ[CLS]", "beta = 1.0", "b2 = 0.4", certificate.content["digest"]):
        assert str(part) in heading
    assert not re.search(r"\b(Admitted|Axiom|Parameter|admit|Conjecture)\b", text)
    odd = [Template.parse(z) for z in ('αα"', "α*)")]
    named = certify_matrix(TransformerKernel(1.0, 1.0, ReLU(), PROVED), odd)
    heading = coq_file(named).split("Require Import")[0]
    assert heading.count("*)") == heading.count("(*") == 2
    assert '"' not in heading
    assert "is not checked" in " ".join(heading.split())


def test_radii_that_are_too_large_are_refused(certificate: MatrixCertificate) -> None:
    """Before a file is made that Coq would refuse."""
    content = certificate.content | {"radii": [[1.0] * 3] * 3}
    with pytest.raises(InvalidInputError, match="tighten the tolerance"):
        coq_file(replace(certificate, content=content))


def accepts(folder: Path, text: str) -> tuple[bool, str]:
    """Whether Coq does, and what it says."""
    (folder / "certificate.v").write_text(text, encoding="utf-8")
    found = subprocess.run(
        ["coqc", "certificate.v"], cwd=folder, capture_output=True, text=True, check=False
    )
    return found.returncode == 0, found.stdout + found.stderr


@needs_coq
def test_coq_accepts_it_and_none_of_its_twins(text: str, tmp_path: Path) -> None:
    """The file as it is, and theorems with changed numbers, each of which must ``Fail``."""
    given, theorem = definitions(text), text[text.index("Theorem positive_definite") :]
    steps = "vm_compute. reflexivity.\nQed."
    assert theorem.count(steps) == 1
    theorem = theorem[: theorem.index("Print")]
    theorem = theorem.replace(steps, "Fail (vm_compute; reflexivity).\nAbort.")
    twins = []
    for name in ("centre", "lower", "pivots", "margin", "numerator"):
        numbers = (
            f"Definition {key} := {json.dumps(value).replace(',', ';')}%Z."
            for key, value in changed(given, CHANGES[name]).items()
        )
        twins += [f"Module changed_{name}.", *numbers, theorem, f"End changed_{name}."]
    accepted, said = accepts(tmp_path, "\n".join([text, *twins]))
    assert accepted, said
    assumed = re.findall(r"^(\w+\.\w+)\n? +:", said, re.MULTILINE)
    assert assumed == [  # of Coq's real numbers
        "ClassicalDedekindReals.sig_forall_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
    ]


@needs_coq
def test_coq_refuses_a_digit_that_is_wrong(tmp_path: Path) -> None:
    """The whole file, of a kernel without factors, with one digit of a pivot changed."""
    text = coq_file(certify_matrix(AttentionKernel(0.7, 1.0, PROVED), TEMPLATES[:2]))
    place = text.index("pivots := [(") + len("pivots := [(")
    digit = text[place]
    twin = text[:place] + str((int(digit) + 1) % 10 or 1) + text[place + 1 :]
    accepted, said = accepts(tmp_path, twin)
    assert not accepted
    assert "Unable to unify" in said
