"""A proof that a template matrix is nonsingular, as a file that anyone can check."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from flint import arb
from jaxtyping import Float64

from kernels.activations import Activation
from kernels.atomic_write import write_aside
from kernels.boundary.checks import instance
from kernels.boundary.exceptions import InvalidInputError
from kernels.contract.kernel import Kernel
from kernels.estimates import ErrorKind
from kernels.estimates.balls import precision
from kernels.transformer import AttentionKernel, TransformerKernel
from theory.enclosure.entries import EnclosedMatrix, enclosed_matrix, separable
from theory.enclosure.factorization import factorize
from theory.enclosure.spectrum import enclose_spectrum
from theory.enclosure.verifier import FORMAT, digest, rounded_down, verify
from theory.given_templates import Templates
from theory.matrix.pairs import TemplatePairs, pairs_of_templates

_BITS = 160
"""Of L and d behind the point: they leave 1e-45 of C, far below what rounding has left of it."""

_MARGIN = 1.0 + 2.0**-20
"""On radii: a ball's radius is rounded, and another precision may round it otherwise."""


@dataclass(frozen=True, eq=False)
class MatrixCertificate:
    """Parameters, balls, and a factorization; `theory.enclosure.verifier` says what it proves.

    Attributes:
        content: what is written.
        smallest_eigenvalue: the lower bound that it proves, above 0.
    """

    content: dict[str, object]
    smallest_eigenvalue: float

    def save(self, path: str | Path) -> None:
        """Write it as JSON.

        Raises:
            InvalidInputError: the folder is missing, or something that is no file is there.
        """
        write_aside(Path(path), json.dumps(self.content, ensure_ascii=False, indent=1) + "\n")

    def __str__(self) -> str:
        return f"every eigenvalue of N is proved to be at least {self.smallest_eigenvalue:.6g}"


def certify_matrix(kernel: Kernel, templates: Templates) -> MatrixCertificate:
    """The certificate that N of these templates is positive definite, checked before it is given.

    Args:
        kernel: with proved values, such as one with `ProvedQuadrature`.
        templates: a task, or templates of one length.

    Raises:
        InvalidInputError: no templates, templates of unequal length, values that are not proved,
            or an N that their errors allow to be singular.
    """
    instance("kernel", kernel, Kernel, "give a kernel, such as TransformerKernel()")
    pairs = pairs_of_templates(templates)
    matrix = enclosed_matrix(kernel, pairs)
    if matrix is None:
        raise InvalidInputError(
            "kernel", kernel.name, "its values are not proved; give attention=ProvedQuadrature()"
        )
    found = enclose_spectrum(matrix)
    if not found.positive_definite:
        names = [str(template) for template in pairs.templates]
        raise InvalidInputError("templates", names, f"not certified: {found.sentence}")
    content = _described(kernel, pairs) | _factored(matrix, found.shift)
    content["smallest_eigenvalue"] = found.lower * (1.0 - 2.0**-18)
    content["digest"] = digest(content)
    with precision():  # the verifier sets its own, one thread at a time
        return MatrixCertificate(content, rounded_down(verify(content)))


def _described(kernel: Kernel, pairs: TemplatePairs) -> dict[str, object]:
    """The premise: kernel, templates and the balls around values."""
    attention = kernel if isinstance(kernel, AttentionKernel) else None
    if isinstance(kernel, TransformerKernel):
        attention = kernel.attention_kernel
    factored, activation, patterns = separable(kernel), None, pairs.patterns
    if factored is not None:
        assert isinstance(factored, Activation)
        activation = {"name": factored.name, **asdict(factored)}
        patterns = list(dict.fromkeys([*patterns, *pairs.own]))
    of_attention = factored is not None or kernel is attention
    found = (attention if of_attention and attention else kernel).values(patterns)
    assert found.kind.rank <= ErrorKind.PROVED.rank
    shown: dict[str, object] = {"name": kernel.name}
    if of_attention and attention is not None:
        # In the scaling of Section 4.1, whose beta is a float: the balls are at this one.
        beta = attention.effective_beta
        shown = {"activation": activation, "beta": beta, "gamma": attention.gamma}
    values = [
        {"x": list(p.x), "y": list(p.y), "midpoint": value, "radius": radius}
        for p, value, radius in zip(
            patterns, found.values.tolist(), found.bounds.tolist(), strict=True
        )
    ]
    return {
        "format": FORMAT,
        "kernel": shown,
        "templates": [list(template.tokens) for template in pairs.templates],
        "values": values,
    }


def _factored(matrix: EnclosedMatrix, shift: float) -> dict[str, object]:
    """C, R, D', g, and what shows that C - c I is positive definite."""
    found = factorize(matrix.centre, shift)
    assert found is not None
    radii = matrix.radii * _MARGIN
    return {
        "scales": matrix.scales.tolist(),
        "relative": matrix.relative * _MARGIN,
        "centre": matrix.centre.tolist(),
        "radii": radii.tolist(),
        "weights": _perron(radii).tolist(),
        "shift": shift,
        "bits": _BITS,
        "lower": [[str(_integer(e)) for e in row[:i]] for i, row in enumerate(found.lower)],
        "pivots": [str(_integer(pivot)) for pivot in found.pivots],
    }


def _perron(radii: Float64[np.ndarray, "r r"]) -> Float64[np.ndarray, " r"]:
    """Positive weights near the eigenvector of the largest eigenvalue."""
    weights = np.ones(len(radii))
    for _ in range(10):
        weights = radii @ weights + 1e-3 * radii.max() * weights
        weights /= weights.max() or 1.0
    return weights if weights.min() > 0.0 else np.ones(len(radii))


def _integer(ball: arb) -> int:
    """The middle of a ball, in units of ``2**-_BITS``."""
    mantissa, exponent = ball.mid().man_exp()
    return round(Fraction(int(mantissa)) * Fraction(2) ** (int(exponent) + _BITS))
