"""Is a template matrix nonsingular? Decided by theorems, without a number computed."""

from __future__ import annotations

from collections.abc import Sequence

from kernels.activations.form import Constant, Form, Nonconstant
from kernels.contract.kernel import Kernel
from kernels.mlp import MLPKernel
from kernels.transformer import AttentionKernel, TransformerKernel
from theory.given_templates import Templates, given_kernel, given_templates
from theory.matrix.singularity import Singularity
from theory.nonsingularity.answer import (
    Answer,
    dependent_rows,
    positive_definite,
    repeated,
    silent,
)
from theory.nonsingularity.fixed_features import (
    decide_fixed,
    decide_linear,
    of_perceptron,
    of_uniform_attention,
)
from theory.nonsingularity.reading import unordered
from theory.template import Template


def decide_singularity(kernel: Kernel, templates: Templates) -> Answer:
    """What the theorems say of the template matrix N of a kernel; none of N is computed.

    Away from the axes (``beta gamma != 0``) N is nonsingular exactly where the templates differ,
    for every activation that is not constant. On the axes fewer templates can be told apart, and
    at ``beta = 0`` it depends on the activation which. Statements and proofs:
    ``docs/theorems-nonsingular.md``, under the names that `Answer.theorem` gives.

    Parameters are taken as the exact numbers that their floats are.

    Args:
        kernel: of transformer, attention or MLP; of another kernel only equal rows are seen.
        templates: a task, or templates of one length, ``[CLS]`` at their end alone.

    Raises:
        InvalidInputError: no templates, or templates of unequal length.

    >>> from kernels import AttentionKernel, MLPKernel, ReLU, TransformerKernel
    >>> from theory import Template
    >>> templates = [Template.parse("αα"), Template.parse("αβ")]
    >>> kernel = TransformerKernel(beta=1e-9, gamma=1e-9, activation=ReLU())
    >>> found = decide_singularity(kernel, templates)
    >>> str(found.outcome), found.theorem
    ('nonsingular', 'A2, A3')
    >>> found = decide_singularity(MLPKernel(ReLU()), templates)
    >>> str(found.outcome), found.null_vector
    ('singular', (1.0, -1.0))
    >>> templates = [Template.parse("αβα"), Template.parse("αββ")]
    >>> decide_singularity(AttentionKernel(beta=1.0, gamma=0.0), templates)
    Answer(outcome=<Singularity.SINGULAR: 'singular'>, theorem='A4(i)', sentence='αβα and αββ agree
    after permuting positions and renaming wildcards: equal rows', null_vector=(1.0, -1.0),
    equal_rows=(0, 1))
    """
    given_kernel(kernel)
    chosen = given_templates(templates)
    names = [str(template) for template in chosen]
    pair = repeated([template.canonical for template in chosen])
    if pair is not None:
        sentence = f"{names[pair[0]]} and {names[pair[1]]} differ in the names of wildcards alone"
        return dependent_rows("A2", sentence + ": equal rows", pair, len(chosen))
    return _of_different(kernel, chosen, names)


def _of_different(kernel: Kernel, templates: Sequence[Template], names: Sequence[str]) -> Answer:
    """Templates that differ, whatever the names of their wildcards."""
    form = _form(kernel)
    if isinstance(form, Constant):
        return _of_constant(form, len(templates))
    if isinstance(kernel, MLPKernel):
        features = of_perceptron(templates)
        return decide_fixed(features, kernel.activation.form, names, kernel.depth)
    if not isinstance(kernel, AttentionKernel | TransformerKernel):
        return silent(f"no theorem here is about a kernel such as {kernel.name}")
    if kernel.beta != 0.0:
        return _of_attention(kernel.gamma, form, templates, names)
    features = of_uniform_attention(templates, kernel.gamma)
    return decide_linear(features, names) if form is None else decide_fixed(features, form, names)


def _form(kernel: Kernel) -> Form | None:
    """The form of the kernel's activation, None if it has none."""
    if isinstance(kernel, MLPKernel | TransformerKernel):
        return kernel.activation.form
    return None


def _of_constant(form: Constant, size: int) -> Answer:
    """A constant activation makes all entries of N equal."""
    if size > 1:
        return dependent_rows("A3", "the activation is constant: all rows equal", (0, 1), size)
    if form.zero:
        return Answer(Singularity.SINGULAR, "A3", "the activation is 0, and so is N", (1.0,))
    return positive_definite("A3", "the one entry is the square of the activation's value")


def _of_attention(
    gamma: float, form: Form | None, templates: Sequence[Template], names: Sequence[str]
) -> Answer:
    """Where attention looks at tokens, with or without positions."""
    if gamma == 0.0:
        pair = repeated([unordered(template) for template in templates])
        if pair is not None:
            sentence = f"{names[pair[0]]} and {names[pair[1]]} agree after permuting positions and "
            sentence += "renaming wildcards: equal rows"
            return dependent_rows("A4(i)", sentence, pair, len(names))
        theorem, reason = "A4(i)", "no two templates agree after permuting positions and renaming "
    else:
        theorem, reason = "A2", "the templates differ, whatever the names of their "
    reason += "wildcards"
    if form is None:
        return positive_definite(theorem, reason)
    if not isinstance(form, Nonconstant):
        return silent(
            f"{reason}, but nothing is known of the activation: vouch for "
            "form=Nonconstant(), say, which would make N nonsingular"
        )
    return positive_definite(f"{theorem}, A3", f"{reason}, and the activation is not constant")
