"""Relational match-to-sample: which of two rows has the relation of the sample?"""

from __future__ import annotations

from itertools import permutations

from kernels.strings.tokens import CLS
from theory.catalogue.relations import relations
from theory.task import TemplateTask
from theory.template import WILDCARDS, Template

_PANELS = 3


def relational_match_to_sample() -> TemplateTask:
    """A sample row of three symbols, then two numbered rows, one of which has its relation.

    Reconstructed from the published count, 40.

    Three symbols in a row stand in one of 5 relations (ααα, ααβ, αβα, αββ, αβγ). The layout is a
    string of 3 + 3 + 3 symbols, the rows sharing none: the sample has one relation, one of the
    two other rows has the same and the remaining one another. That is 5 relations, 4 others, and
    2 places for the right answer: 5 x 4 x 2 = 40 templates.

    The label is +1 where the first of the two rows is right and -1 where the second is.

    >>> task = relational_match_to_sample()
    >>> len(task), str(task.templates[0]), task.labels[0]
    (40, 'αααβββγγδ', 1.0)
    """
    cases = []
    for right, wrong in permutations(relations(_PANELS), 2):
        cases.append((_template(right, right, wrong), +1.0))
        cases.append((_template(right, wrong, right), -1.0))
    return TemplateTask(
        tuple(template for template, _ in cases),
        tuple(label for _, label in cases),
        name="relational-match-to-sample",
    )


def _template(*rows: tuple[int, ...]) -> Template:
    """The rows one after the other, each with wildcards of its own."""
    tokens: list[str] = []
    used = 0
    for row in rows:
        tokens += [WILDCARDS[used + number] for number in row]
        used += max(row) + 1
    return Template((*tokens, CLS))
