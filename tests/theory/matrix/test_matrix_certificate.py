"""Certificates of nonsingular template matrices: checked by a stranger, and corrupted."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from flint import ctx

from kernels import (
    AttentionKernel,
    Cosine,
    Exponential,
    InvalidInputError,
    Kernel,
    MLPKernel,
    ReLU,
    Sine,
    TransformerKernel,
)
from kernels.attention.proved.estimator import ProvedQuadrature
from kernels.estimates import Numerical
from tests.toy_kernels import RelationalKernel
from theory import Template, template_matrix
from theory.enclosure import verifier
from theory.enclosure.certificate import MatrixCertificate, certify_matrix

PROVED = ProvedQuadrature(tolerance=1e-12)
TEMPLATES = [Template.parse(z) for z in ("αα", "αβ", "αc")]

Content = dict[str, Any]


@pytest.fixture(scope="module")
def certificate() -> MatrixCertificate:
    """Of three templates, one of their tokens regular."""
    return certify_matrix(TransformerKernel(1.0, 0.5, attention=PROVED), TEMPLATES)


def test_the_bound_is_that_of_the_matrix(certificate: MatrixCertificate) -> None:
    """It is below the smallest eigenvalue, and hardly."""
    matrix = template_matrix(TransformerKernel(1.0, 0.5, attention=PROVED), TEMPLATES)
    smallest = matrix.smallest_eigenvalue
    assert certificate.smallest_eigenvalue <= smallest.value + smallest.error
    assert certificate.smallest_eigenvalue >= 0.99 * smallest.value
    assert float(verifier.verify(certificate.content)) >= certificate.smallest_eigenvalue


@pytest.mark.parametrize(
    "kernel",
    [
        AttentionKernel(0.7, 1.0, PROVED),
        AttentionKernel(0.7, 1.0, PROVED, scaling="appendix-H"),
        TransformerKernel(1.0, 1.0, Sine(0.8, 0.3), PROVED),
        TransformerKernel(1.0, 1.0, Exponential(0.5), PROVED),
        TransformerKernel(1.0, 1.0, ReLU(), PROVED),
    ],
    ids=repr,
)
def test_kernels_of_every_form_are_certified(kernel: Kernel) -> None:
    """With and without an activation, factored or not."""
    found = certify_matrix(kernel, TEMPLATES[:2])
    least = np.linalg.eigvalsh(template_matrix(kernel, TEMPLATES[:2]).values)[0]
    assert 0.99 * least <= found.smallest_eigenvalue <= least + 1e-12


def test_a_stranger_can_check_it(certificate: MatrixCertificate, tmp_path: Path) -> None:
    """The verifier's file alone, away from the package, in a Python that does not see it."""
    alone = tmp_path / "check.py"
    alone.write_text(Path(verifier.__file__).read_text())
    saved = tmp_path / "certificate.json"
    certificate.save(saved)

    def check() -> tuple[int, str]:
        found = subprocess.run(
            [sys.executable, "-P", str(alone), str(saved)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )
        return found.returncode, found.stdout

    status, said = check()
    assert status == 0
    assert said.startswith("proved: every eigenvalue is at least")
    content = json.loads(saved.read_text())
    content["shift"] *= 2.0
    saved.write_text(json.dumps(content))
    assert check() == (1, "not proved: the digest is not that of the content\n")
    saved.write_text("[]")
    assert check()[0] == 1


def test_the_verifier_imports_nothing_of_the_package() -> None:
    """It is independent of what it checks."""
    text = Path(verifier.__file__).read_text()
    assert not [
        part
        for part in ("kernels", "theory", "validation", "numpy")
        if f"import {part}" in text or f"from {part}" in text
    ]


def paths(part: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of all numbers and texts in a certificate."""
    if isinstance(part, dict | list):
        inner = part.items() if isinstance(part, dict) else enumerate(part)
        return [place for key, one in inner for place in paths(one, (*above, key))]
    return [above]


def changed(content: Content, place: tuple[Any, ...], change: Callable[[Any], Any]) -> Content:
    """The certificate with one place changed."""
    other = copy.deepcopy(content)
    part: Any = other
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = change(part[place[-1]])
    return other


def altered(value: Any) -> Any:
    """A value that is off by enough to matter: numbers by a fifth, whole ones by 1, texts by one.

    Whole numbers in texts are those of L and d.
    """
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return str(int(value) + max(abs(int(value)) // 5, 2**150))
    if isinstance(value, str):
        return value + "x"
    return value + 1 if isinstance(value, int) else 1.2 * value + 0.1


def refuted(content: Content) -> bool:
    """Whether the verifier refuses it."""
    try:
        verifier.verify(content)
    except verifier.Refuted:
        return True
    return False


def test_every_corrupted_field_is_refused(certificate: MatrixCertificate) -> None:
    """Whatever is changed by accident: no field is left out of the digest."""
    content = certificate.content
    assert not refuted(content)
    for place in paths(content):
        assert refuted(changed(content, place, altered)), place
    for key in content:
        assert refuted({k: v for k, v in content.items() if k != key}), key


def signed(content: Content) -> Content:
    """With the digest of what it says now: a forger's."""
    return content | {"digest": verifier.digest(content)}


def test_every_forged_field_is_refused(certificate: MatrixCertificate) -> None:
    """Changed on purpose, with the digest renewed: the mathematics refuses it."""
    content = certificate.content
    for place in paths(content):
        if place == ("digest",):
            continue
        if place[0] == "templates":
            forged = signed(
                changed(content, place, lambda token: "α" if token in ("c", "[CLS]") else "c")
            )
        elif place[0] == "values" and place[2] in ("x", "y"):  # another token that occurs
            last, first = content["values"][place[1]]["x"][-1], content["values"][place[1]]["x"][0]
            forged = signed(changed(content, place, lambda t: first if t == last else last))  # noqa: B023
        elif place[0] == "shift":  # a larger one goes to F, and proves no less
            forged = signed(changed(content, place, lambda shift: 0.5 * shift))
        elif place[0] == "weights":
            forged = signed(changed(content, place, lambda weight: -weight))
        elif place[0] == "bits":
            forged = signed(changed(content, place, lambda bits: bits + 1))
        elif place in {("kernel", "beta"), ("kernel", "gamma")}:
            forged = signed(changed(content, place, lambda value: 4.0 * value))
        else:
            forged = signed(changed(content, place, altered))
        assert refuted(forged), place


def forgeries(content: Content, cosine: Content) -> dict[str, Content]:
    """An attention kernel's true balls and bound, said to be another kernel's."""
    kernel = content["kernel"]
    return {
        "another kernel": content | {"kernel": cosine["kernel"]},
        "another kernel, values of it": content
        | {"kernel": cosine["kernel"], "values_of": "kernel"},
        "beta": content | {"kernel": kernel | {"beta": 7.0}},
        "beta, values of it": content | {"kernel": kernel | {"beta": 7.0}, "values_of": "kernel"},
        "name": content | {"kernel": kernel | {"name": "TransformerKernel(beta=1.0, gamma=0.5)"}},
        "name and beta": content | {"kernel": {"name": "AttentionKernel()", "beta": 7.0}},
        "activation's name": content | {"kernel": kernel | {"activation": {"name": "relu"}}},
        "activation's field": cosine
        | {"kernel": cosine["kernel"] | {"activation": cosine["kernel"]["activation"] | {"b3": 1}}},
        "beta no number": content | {"kernel": kernel | {"beta": "1.0"}},
        "scaling": content | {"kernel": kernel | {"scaling": "appendix-H"}},
    }


def test_balls_of_one_kernel_prove_nothing_of_another() -> None:
    """Every number is a true ball; what they are balls of is not the forger's to say."""
    genuine, cosine = (
        cast(Content, certify_matrix(kernel, TEMPLATES[:2]).content)
        for kernel in (
            AttentionKernel(1.0, 0.5, PROVED),
            TransformerKernel(1.0, 0.5, Cosine(), PROVED),
        )
    )
    assert not refuted(genuine)
    assert not refuted(cosine)
    for fault, forged in forgeries(genuine, cosine).items():
        assert refuted(signed(forged)), fault


def test_the_verdict_says_what_is_proved(certificate: MatrixCertificate) -> None:
    """Parameters and templates; a kernel with a name alone is said to be unchecked."""
    said = verifier.statement(certificate.content)
    for part in (
        "αα[CLS], αβ[CLS]",
        "beta = 1.0",
        "gamma = 0.5",
        "activation = cos",
        "b1 = ",
        "b2 = ",
    ):
        assert part in said
    named = certify_matrix(TransformerKernel(1.0, 1.0, ReLU(), PROVED), TEMPLATES[:2]).content
    assert named["kernel"].keys() == {"name"}  # type: ignore[attr-defined]
    assert "is not checked" in verifier.statement(named)
    assert "is not checked" not in said


def test_the_verifier_leaves_the_precision_alone(certificate: MatrixCertificate) -> None:
    """Arb's precision is the whole process's."""
    before = ctx.prec
    verifier.verify(certificate.content)
    assert refuted(certificate.content | {"shift": None})
    assert refuted(signed(certificate.content | {"scales": None}))
    assert ctx.prec == before


def test_a_radius_cannot_be_made_small(certificate: MatrixCertificate) -> None:
    """Smaller radii than the balls' are refused, larger ones cost the claim."""
    content = certificate.content
    assert refuted(signed(changed(content, ("radii", 0, 0), lambda radius: 0.0 * radius)))
    assert refuted(signed(changed(content, ("relative",), lambda relative: 0.0 * relative)))
    assert refuted(signed(changed(content, ("pivots", 1), lambda pivot: "-" + pivot)))
    assert refuted(signed(content | {"smallest_eigenvalue": 0.0}))
    assert refuted(signed(content | {"smallest_eigenvalue": float("nan")}))


def test_what_is_not_proved_is_not_certified() -> None:
    """Values that are not proved, and matrices that may be singular."""
    with pytest.raises(InvalidInputError, match="not proved; give attention=ProvedQuadrature"):
        certify_matrix(RelationalKernel(Numerical(1e-9)), TEMPLATES)
    with pytest.raises(InvalidInputError, match="not certified"):
        certify_matrix(MLPKernel(Cosine()), [Template.parse("αα"), Template.parse("αβ")])
    with pytest.raises(InvalidInputError, match="give at least one template"):
        certify_matrix(MLPKernel(Cosine()), [])
