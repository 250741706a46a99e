"""The template counts that the paper states for its tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from theory import catalogue
from theory.statements.framework.claims import Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.finding import Case, holding
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.task import TemplateTask

_NAMED: tuple[tuple[str, Callable[[], TemplateTask], int], ...] = (
    ("distribution of 3", catalogue.distribution_of_3, 144),
    ("relational match to sample", catalogue.relational_match_to_sample, 40),
    ("Raven-type matrix, one dimension", catalogue.raven, 37),
)


def examine_counts(
    setting: Setting,
    named: tuple[tuple[str, Callable[[], TemplateTask], int], ...] = _NAMED,
) -> Examination:
    """Count the templates up to the names of wildcards; each task is checked to be disjoint."""
    claims, counted = [], []
    for name, build, expected in named:
        found = len({z.canonical for z in build().templates})
        counted.append(str(found))
        claims.append(Fact(name, found == expected, {"found": found, "stated": expected}))
    for k in range(2, 7 if setting.quick else 11):
        found = len({z.canonical for z in catalogue.majority(k).templates})
        evidence = {"found": found, "stated": 2 ** (k - 1)}
        claims.append(Fact(f"majority of length {k}", found == 2 ** (k - 1), evidence))
    shown = f"{', '.join(counted)} templates; majority of length k: 2ᵏ⁻¹ up to k = {k}"

    def figure(cases: Sequence[Case]) -> str:
        agree = holding(cases) == len(cases)
        return shown if agree else f"{', '.join(counted)} templates, not as stated"

    return Examination(claims, figure)


STATEMENT = Statement(
    ids=("Template counts",),
    title="How many templates the paper's tasks have",
    words="Distribution of 3 has 144 templates, relational match to sample 40, the Raven-type "
    "task 37 for each dimension, and majority of length k has 2ᵏ⁻¹. The first three are "
    "counted on layouts that were reconstructed from these numbers, so that agreement shows "
    "a layout with the count, not that it is the paper's.",
    latex=r"144,\ 40,\ 37,\ 2^{k-1}",
    examine=examine_counts,
)
