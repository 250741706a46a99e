"""Drawing from a task with symbolic labels: Definition J.1."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float64

from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates import Estimate, Numerical
from theory.statements.framework.claims import Claim, Equal, Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.shared.instances.defaults import mixed_task
from theory.symbolic_task import symbolic_label
from theory.template import Template


def cross_entropy(logits: Float64[np.ndarray, " m"], label: int) -> float:
    """``log sum exp(logits) - logits[label]``.

    >>> round(cross_entropy(np.zeros(8), 3), 12) == round(math.log(8), 12)
    True
    """
    top = float(logits.max())
    return top + math.log(float(np.exp(logits - top).sum())) - float(logits[label])


def _refused(template: Template, label: str) -> bool:
    try:
        symbolic_label(template, label, "A")
    except InvalidInputError:
        return True
    return False


def examine_symbolic(setting: Setting) -> Examination:
    """Labels follow the substitution, whichever wildcard is the label; the loss has its limits."""
    task = setting.task
    most = max(len(z.wildcards) for z in task.templates)
    sample = task.sample(200, alphabet=max(20, 2 * most), seed=setting.seed)
    claims: list[Claim] = []
    wrong = []
    for row, number in enumerate(sample.templates):
        z, x = task.templates[number], sample.strings.tokens(row)
        for label in (*z.wildcards, *z.regular_tokens):
            expected = x[z.tokens.index(label)]
            if symbolic_label(z, label, sample.strings[row]) != expected:
                wrong.append([str(z), sample.strings[row], label])
    claims.append(Fact("the label is a token of the string", not wrong, {"wrong": wrong[:3]}))
    copy = Template.parse("α")
    claims.append(Fact("copying", symbolic_label(copy, "α", "A") == "A", {"template": "α"}))
    fixed = symbolic_label(Template.parse("ααS"), "S", "QQS")
    claims.append(Fact("a label may be a regular token", fixed == "S", {"label": fixed}))
    other = symbolic_label(copy, "S", "A")
    claims.append(Fact("a token outside of the template labels itself", other == "S", {"S": other}))
    claims.append(Fact("a wildcard of no template is refused", _refused(copy, "β"), {"label": "β"}))
    m = 50
    uniform = Estimate(cross_entropy(np.zeros(m), 7), Numerical(1e-13))
    exact = Estimate(math.log(m), Numerical(1e-15))
    claims.append(Equal("loss at equal logits is log m", uniform, exact, resolution=1e-12))
    sure = np.where(np.arange(m) == 7, 100.0, 0.0)
    loss = cross_entropy(sure, 7)
    claims.append(Fact("loss of a sure and right answer", loss < 1e-12, {"loss": loss}))
    right = f"{len(sample)} samples, each token as label: copied as the substitution says"
    return Examination(
        claims, f"{len(wrong)} labels are not what is substituted" if wrong else right
    )


STATEMENT = Statement(
    ids=("Definition J.1",),
    title="Template task with symbolic labels",
    words="The label is a wildcard or a token of the template, and is substituted with it; the "
    "loss is the cross-entropy.",
    latex=r"y = \mathrm{sub}(f_*(z), s),\quad f_*(z) \in \mathcal{W} \cup \mathcal{X}",
    examine=examine_symbolic,
    default_task=mixed_task,
)
