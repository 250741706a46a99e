"""Disjoint templates: Definition 4.1."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, islice, product

from theory.catalogue import random_templates
from theory.disjoint import common_string, fresh_tokens
from theory.statements.framework.claims import Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.shared.instances.defaults import mixed_task
from theory.statements.shared.second_routes.exhaustion import matches
from theory.template import Template, is_wildcard, regular_tokens

_OVERLAPPING = (("aα", "βb"), ("αβ", "ab"), ("aαβ", "αbβ"), ("αβγ", "aβb"))
"""Pairs with a string in common, so that a check that sees no overlap fails at every seed."""


def shared_image(z1: Template, z2: Template) -> tuple[str, ...] | None:
    """A string that matches both templates, found by exhaustion.

    Up to a renaming of the other tokens, an image of z1 sends each wildcard to a token of z2
    that z1 lacks, or to a token of its own: finitely many strings to try.

    >>> shared_image(Template.parse("aα"), Template.parse("βb"))
    ('a', 'b', '[CLS]')
    """
    if z1.length != z2.length:
        return None
    regular = regular_tokens([z1, z2])
    own = list(islice(fresh_tokens(regular), len(z1.wildcards)))
    foreign = [token for token in regular if token not in z1.regular_tokens]
    for choice in product(*([*foreign, fresh] for fresh in own)):
        if len(set(choice)) == len(choice):
            s = dict(zip(z1.wildcards, choice, strict=True))
            x = tuple(s[token] if is_wildcard(token) else token for token in z1.tokens)
            if matches(z2, x):
                return x
    return None


def examine_disjointness(
    setting: Setting,
    common: Callable[[Template, Template], str | None] | None = None,
) -> Examination:
    """Compare unification with exhaustion, on the task's pairs and on random ones that overlap."""
    common = common or common_string
    pairs = list(combinations(setting.task.templates, 2))[: 50 if setting.quick else 2_000]
    claims = []
    clash = next(((a, b) for a, b in pairs if shared_image(a, b) is not None), None)
    shown = [str(z) for z in clash] if clash else None
    claims.append(
        Fact("the task's templates", clash is None, {"pairs": len(pairs), "clash": shown})
    )
    pool = [
        z
        for seed in range(setting.seed, setting.seed + (2 if setting.quick else 12))
        for z in random_templates(3, length=3, wildcards=2, regular=2, seed=seed).templates
    ]
    overlapping, wrong = 0, []
    known = [(Template.parse(a), Template.parse(b)) for a, b in _OVERLAPPING]
    others = [*known, *combinations(pool, 2)]
    for a, b in [*pairs, *others]:
        expected, found = shared_image(a, b), common(a, b)
        overlapping += expected is not None
        witnessed = found is None or (a.match(found) is not None and b.match(found) is not None)
        if (found is None) != (expected is None) or not witnessed:
            wrong.append({"templates": [str(a), str(b)], "found": found})
    evidence = {"overlapping": overlapping, "wrong": wrong[:3]}
    seen = not wrong and overlapping >= len(known)
    claims.append(Fact("decided as by exhaustion", seen, evidence))
    apart = "disjoint" if clash is None else "not all disjoint"
    figure = f"{len(pairs)} pairs of the task {apart}; {len(others)} others decided right"
    if wrong:
        figure = f"{len(wrong)} pairs decided otherwise than by exhaustion"
    return Examination(claims, figure)


STATEMENT = Statement(
    ids=("Definition 4.1",),
    title="Disjoint templates",
    words="Two templates are disjoint if no string matches both; unification decides it.",
    latex=r"\{x : x \text{ matches } z_1\} \cap \{x : x \text{ matches } z_2\} = \emptyset",
    examine=examine_disjointness,
    default_task=mixed_task,
)
