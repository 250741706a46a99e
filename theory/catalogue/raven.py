"""Raven-type matrices, one dimension of them: rows of panels that follow one rule."""

from __future__ import annotations

from itertools import permutations

from kernels.strings.tokens import CLS
from theory.task import TemplateTask
from theory.template import Template

_ROW = ("α", "β", "γ")


def raven() -> TemplateTask:
    """A 3 by 3 matrix of panels whose last panel is missing, seen along one dimension.

    Reconstructed from the published count, 37.

    The layout is a string of 8 symbols, row by row. Along a dimension (shape, colour, number) the
    rows follow one of two rules that an equality pattern can express:

    * constant: each row repeats a symbol of its own, ``αααβββγγ``: 1 template;
    * distribution of three: each row has the same three symbols. Naming the first row α, β, γ
      leaves the orders of the second and of the third row free, whose last panel is missing but
      forced: 3! x 3! = 36 templates, the constant columns among them.

    Together 37 templates. The answer of the paper's task is the missing symbol (Def. J.1); as a
    real label it is the number, 1 to 8, of the first panel that shows that symbol.

    >>> task = raven()
    >>> len(task), str(task.templates[0]), task.labels[0]
    (37, 'αααβββγγ', 7.0)
    """
    constant = [tuple(symbol for symbol in _ROW for _ in _ROW)]
    distribution = [
        (*_ROW, *second, *third) for second in permutations(_ROW) for third in permutations(_ROW)
    ]
    matrices = [*constant, *distribution]
    return TemplateTask(
        tuple(Template((*panels[:-1], CLS)) for panels in matrices),
        tuple(float(panels.index(panels[-1]) + 1) for panels in matrices),
        name="raven",
    )
