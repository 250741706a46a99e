"""Distribution-of-3: which choice completes the second row to the symbols of the first?"""

from __future__ import annotations

from itertools import permutations

from kernels.strings.tokens import CLS
from theory.task import TemplateTask
from theory.template import Template

_ROW = ("α", "β", "γ")
_ODD_ONE = "δ"


def distribution_of_3() -> TemplateTask:
    """A row of three symbols, two of them again in a second row, and four numbered choices.

    Reconstructed from the published count, 144.

    The layout is a string of 3 + 2 + 4 symbols. The second row shows the first row's symbols in
    some order, its last panel missing; the choices are the three symbols of the row and one that
    is in neither row, in some order. Naming the first row α, β, γ leaves 3! orders of the second
    row and 4! of the choices free: 6 x 24 = 144 templates, all of different equality pattern.

    The label is the number of the right choice, 1 to 4, as a real number.

    >>> task = distribution_of_3()
    >>> len(task), str(task.templates[0]), task.labels[0]
    (144, 'αβγαβαβγδ', 3.0)
    """
    cases = [
        ((*_ROW, *second[:2], *choices, CLS), choices.index(second[2]) + 1)
        for second in permutations(_ROW)
        for choices in permutations((*_ROW, _ODD_ONE))
    ]
    return TemplateTask(
        tuple(Template(tokens) for tokens, _ in cases),
        tuple(float(answer) for _, answer in cases),
        name="distribution-of-3",
    )
