"""Template sets that may overlap or repeat, kernels for them, and what refutes an answer on them.

Shared by the tests of the criterion and by its long run.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from unittest.mock import patch

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from mpmath import mp

from kernels import (
    GELU,
    Activation,
    AttentionKernel,
    Automatic,
    Cosine,
    Erf,
    Exponential,
    Kernel,
    MLPKernel,
    Pattern,
    Polynomial,
    ReLU,
    Sine,
    Tanh,
    TransformerKernel,
)
from kernels.strings.tokens import CLS
from theory import Singularity, Template, TemplateMatrix, template_matrix
from theory.matrix import template_matrix as matrix_module
from theory.matrix.structure import common_null_vector
from theory.nonsingularity import Answer, Proof, contradiction
from theory.template import WILDCARDS, is_wildcard

ACTIVATIONS: tuple[Activation, ...] = (
    Cosine(1.5, 0.4),
    Cosine(1.0, 0.0),
    Cosine(0.0, 0.4),
    Sine(1.0, 0.0),
    Exponential(0.7),
    Exponential(0.0),
    ReLU(),
    Erf(),
    GELU(),
    Tanh(),
    Polynomial((0.3, 1.0)),
    Polynomial((0.0, 1.0)),
    Polynomial((0.0, 0.0, 1.0)),
    Polynomial((0.5, -1.0, 0.25)),
    Polynomial((0.0, 1.0, 0.0, 0.5)),
    Polynomial((2.0, 0.0)),
    Polynomial((0.0,)),
)
PARAMETERS = (
    (1.0, 1.0),
    (1.5, 0.5),
    (0.5, 2.0),
    (0.1, 0.1),  # so near the axes that numbers alone cannot tell
    (1.0, 0.0),
    (3.0, 0.0),
    (0.0, 1.0),
    (0.0, 0.0),
)


@cache
def transformer(beta: float, gamma: float) -> TransformerKernel:
    """One kernel for each pair of parameters, whose attention values all activations share."""
    return TransformerKernel(beta, gamma, attention=Automatic(tolerance=1e-7))


def kernels() -> SearchStrategy[Kernel]:
    """Transformer kernels of all activations, attention kernels and perceptrons."""
    activation = st.sampled_from(ACTIVATIONS)
    base = st.sampled_from(PARAMETERS).map(lambda pair: transformer(*pair))
    return st.one_of(
        st.builds(TransformerKernel.with_activation, base, activation),
        base.map(lambda kernel: kernel.attention_kernel),
        st.builds(MLPKernel, activation, st.integers(1, 2)),
    )


def template_sets(max_size: int = 4, max_length: int = 3) -> SearchStrategy[tuple[Template, ...]]:
    """Templates of one length that may overlap, or agree but for the names of wildcards."""

    def of_length(length: int) -> SearchStrategy[tuple[Template, ...]]:
        letters = st.sampled_from([*WILDCARDS[:3], "a", "b"])
        one = st.lists(letters, min_size=length, max_size=length)
        several = st.lists(one, min_size=1, max_size=max_size)
        return several.map(lambda rows: tuple(Template((*row, CLS)) for row in rows))

    return st.integers(1, max_length).flatmap(of_length)


def random_set(rng: np.random.Generator, kernel: Kernel) -> tuple[Template, ...]:
    """One template set of up to 6 templates, few of them repeated.

    Of up to 3 tokens where attention looks at positions, which is costly; of up to 5 elsewhere.
    """
    costly = not isinstance(kernel, MLPKernel) and kernel.beta * kernel.gamma > 0.0
    length, size = int(rng.integers(1, 4 if costly else 6)), int(rng.integers(1, 7))
    letters = [*WILDCARDS[:3], "a", "b"]
    found: dict[object, Template] = {}
    for _ in range(size):
        z = Template((*(letters[i] for i in rng.integers(0, 5, length)), CLS))
        found[z.canonical if rng.random() < 0.95 else len(found)] = z
    return tuple(found.values())


def random_kernel(rng: np.random.Generator) -> Kernel:
    """A transformer kernel mostly, else an attention kernel or a perceptron."""
    activation = ACTIVATIONS[int(rng.integers(len(ACTIVATIONS)))]
    base = transformer(*PARAMETERS[int(rng.integers(len(PARAMETERS)))])
    kind = rng.random()
    if kind < 0.8:
        return base.with_activation(activation)
    return base.attention_kernel if kind < 0.9 else MLPKernel(activation, int(rng.integers(1, 3)))


def by_symmetry(kernel: Kernel, templates: Sequence[Template]) -> tuple[int, ...] | None:
    """A vector that every kernel with this kernel's symmetry maps to 0."""

    def substituted(z: Template, side: str) -> list[tuple[str, str]]:
        return [(side if is_wildcard(t) else "", t) for t in z.tokens]

    return common_null_vector(
        [
            [
                kernel.symmetry.key(Pattern.of_codes(substituted(z, "x"), substituted(w, "y")))
                for w in templates
            ]
            for z in templates
        ]
    )


def by_numbers(kernel: Kernel, templates: Sequence[Template]) -> TemplateMatrix:
    """N with the verdict of its numbers and its symmetry, no theorem asked."""
    nothing = Proof(None, None, "no theorem was asked")
    with patch.object(matrix_module, "proof_of_rank", return_value=nothing):
        return template_matrix(kernel, templates)


def refuted(
    answer: Answer, kernel: Kernel, templates: Sequence[Template]
) -> tuple[str | None, TemplateMatrix]:
    """What excludes an answer: a number, the kernel's symmetry, or 60 digits; and N."""
    matrix = by_numbers(kernel, templates)
    null_vector = by_symmetry(kernel, templates)
    fault = contradiction(answer, matrix.entries, matrix.eigenvalues, common_null=null_vector)
    if fault is None and answer.outcome is not None:
        smallest = in_many_digits(kernel, templates)
        if smallest is not None and (smallest < 1e-45) != (answer.outcome is Singularity.SINGULAR):
            fault = f"in 60 digits the smallest eigenvalue is {mp.nstr(smallest, 3)}"
    return fault, matrix


def in_many_digits(kernel: Kernel, templates: Sequence[Template]) -> object:
    """The smallest eigenvalue of N at beta = 0, in 60 digits; None where no formula is at hand."""
    if not isinstance(kernel, AttentionKernel | TransformerKernel) or kernel.beta != 0.0:
        return None
    with mp.workdps(60):
        k, square = templates[0].length, mp.mpf(kernel.gamma) ** 2

        def attention(x: Sequence[str], y: Sequence[str]) -> object:
            return (sum(a == b for a in x for b in y) + k * square) / mp.mpf(k) ** 2

        left = [[t if not is_wildcard(t) else f"x{t}" for t in z.tokens] for z in templates]
        right = [[t if not is_wildcard(t) else f"y{t}" for t in z.tokens] for z in templates]
        if isinstance(kernel, AttentionKernel):
            dual = _dual(Polynomial((0.0, 1.0)))
        else:
            found = _dual(kernel.activation)
            if found is None:
                return None
            dual = found
        n = mp.matrix(
            [[dual(attention(x, x), attention(x, y), attention(y, y)) for y in right] for x in left]
        )
        return min(mp.eigsy(n, eigvals_only=True))


def _dual(activation: Activation):
    """A dual in mpmath, by its textbook formula."""
    if isinstance(activation, Cosine | Sine):
        b1, b2 = mp.mpf(activation.b1), mp.mpf(activation.b2)
        sign = 1 if isinstance(activation, Cosine) else -1
        return lambda xx, xy, yy: (
            (
                mp.exp(-(b1**2) * (xx + yy - 2 * xy) / 2)
                + sign * mp.cos(2 * b2) * mp.exp(-(b1**2) * (xx + yy + 2 * xy) / 2)
            )
            / 2
        )
    if isinstance(activation, Exponential):
        return lambda xx, xy, yy: mp.exp(mp.mpf(activation.scale) ** 2 * (xx + yy + 2 * xy) / 2)
    if isinstance(activation, ReLU):
        return lambda xx, xy, yy: (
            (
                mp.sqrt(max(xx * yy - xy**2, mp.mpf(0)))
                + xy * (mp.pi - mp.acos(min(xy / mp.sqrt(xx * yy), mp.mpf(1))))
            )
            / (2 * mp.pi)
        )
    if isinstance(activation, Erf):
        return lambda xx, xy, yy: 2 / mp.pi * mp.asin(2 * xy / mp.sqrt((1 + 2 * xx) * (1 + 2 * yy)))
    if isinstance(activation, Polynomial):
        return lambda xx, xy, yy: sum(
            mp.mpf(a) * mp.mpf(b) * _moment(i, j, xx, xy, yy)
            for i, a in enumerate(activation.coefficients)
            for j, b in enumerate(activation.coefficients)
        )
    return None


def _moment(i: int, j: int, xx, xy, yy):
    """``E u^i v^j``, by Stein's lemma on u."""
    if i == 0:
        return mp.fac2(j - 1) * yy ** (j // 2) if j % 2 == 0 else mp.mpf(0)
    ahead = (i - 1) * xx * _moment(i - 2, j, xx, xy, yy) if i > 1 else 0
    return ahead + (j * xy * _moment(i - 1, j - 1, xx, xy, yy) if j else 0)
