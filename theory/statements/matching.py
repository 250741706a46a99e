"""Templates and the strings that match them: Definitions 3.1 and 4.1."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, islice, permutations, product

from kernels.tokens import untokenize
from theory.catalogue import random_templates
from theory.disjoint import common_string, fresh_tokens
from theory.statements.setting import Setting
from theory.statements.settings import mixed_task
from theory.statements.statement import Statement
from theory.statements.verdict import Finding, conclude, fact
from theory.template import Template, is_wildcard, regular_tokens

_MOST = 30_000
"""Strings that one template is compared with, at most."""

_EXAMPLES = (
    ("ααβST", "QQRST", True),
    ("ααβST", "QQQST", False),  # the map is not injective
    ("ααβST", "QQSST", False),  # S is in the template already
)
"""The paper's."""

_OVERLAPPING = (("aα", "βb"), ("αβ", "ab"), ("aαβ", "αbβ"), ("αβγ", "aβb"))
"""Pairs with a string in common, so that a check that sees no overlap fails at every seed."""


def images(template: Template, tokens: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """``sub(z, s)`` for each injective s into the tokens that avoids those of z: Def. 3.1, bluntly.

    >>> [untokenize(x) for x in images(Template.parse("αaβ"), "abc")]
    ['bac', 'cab']
    """
    free = [token for token in tokens if token not in template.regular_tokens]
    for chosen in permutations(free, len(template.wildcards)):
        s = dict(zip(template.wildcards, chosen, strict=True))
        yield tuple(s.get(token, token) for token in template.tokens)


def examine_matching(
    setting: Setting, match: Callable[[Template, str], object] = Template.match
) -> Finding:
    """Compare a matcher with the enumeration of all substitutions, string by string.

    Over tokens T of the task's and two more, a string matches z if and only if it is among the
    images of z under injective maps into T.
    """
    cases = []
    for text, string, expected in _EXAMPLES:
        found = match(Template.parse(text), string) is not None
        cases.append(fact(f"{string} matches {text}", found is expected, {"found": found}))
    rng = setting.rng()
    templates = setting.task.templates
    compared = mistaken = 0
    for z in templates[: 3 if setting.quick else 40]:
        regular = regular_tokens(templates)
        fresh = islice(fresh_tokens(regular), min(len(z.wildcards) + 1, 4))
        tokens = (*regular[:3], *fresh)
        positive = set(islice(images(z, tokens), _MOST))
        # All strings where they are few; else the images and as many strings near or far.
        if len(tokens) ** (z.length - 1) <= _MOST:
            strings = {(*x, z.tokens[-1]) for x in product(tokens, repeat=z.length - 1)}
        else:
            strings = set(islice(images(z, tokens), 1_000))
            for x in list(strings):
                place = int(rng.integers(z.length - 1))
                strings.add((*x[:place], tokens[int(rng.integers(len(tokens)))], *x[place + 1 :]))
        complete = len(positive) < _MOST
        wrong = [
            untokenize(x)
            for x in sorted(strings)
            if (match(z, untokenize(x)) is not None)
            != (x in positive if complete else _matches(z, x))
        ]
        compared, mistaken = compared + len(strings), mistaken + len(wrong)
        evidence = {"strings": len(strings), "images": len(positive), "wrong": wrong[:3]}
        cases.append(fact(f"template {z}", not wrong, evidence))
    agree = f"{compared} strings match {len(cases) - len(_EXAMPLES)} templates as by exhaustion"
    differ = f"{mistaken} of {compared} strings are matched otherwise than by exhaustion"
    return conclude(cases, differ if mistaken else agree)


MATCHING = Statement(
    ids=("Definition 3.1",),
    title="Matching a template",
    words="A string matches a template if it comes from it by an injective substitution of the "
    "wildcards whose tokens are not in the template already.",
    latex=r"x = \mathrm{sub}(z, s),\quad s \text{ injective},\ s(\mathcal{W})\cap z = \emptyset",
    examine=examine_matching,
    default_task=mixed_task,
)


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
            if _matches(z2, x):
                return x
    return None


def _matches(z: Template, x: Sequence[str]) -> bool:
    """Def. 3.1 by its conditions."""
    pairs = set(zip(z.tokens, x, strict=True))
    if any(own != token for own, token in pairs if not is_wildcard(own)):
        return False
    substituted = [(own, token) for own, token in pairs if is_wildcard(own)]
    values = {token for _, token in substituted}
    return len(substituted) == len(z.wildcards) == len(values) and values.isdisjoint(
        z.regular_tokens
    )


def examine_disjointness(
    setting: Setting,
    common: Callable[[Template, Template], str | None] = common_string,
) -> Finding:
    """Compare unification with exhaustion, on the task's pairs and on random ones that overlap."""
    pairs = list(combinations(setting.task.templates, 2))[: 50 if setting.quick else 2_000]
    cases = []
    clash = next(((a, b) for a, b in pairs if shared_image(a, b) is not None), None)
    shown = [str(z) for z in clash] if clash else None
    cases.append(fact("the task's templates", clash is None, {"pairs": len(pairs), "clash": shown}))
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
    cases.append(fact("decided as by exhaustion", seen, evidence))
    apart = "disjoint" if clash is None else "not all disjoint"
    figure = f"{len(pairs)} pairs of the task {apart}; {len(others)} others decided right"
    if wrong:
        figure = f"{len(wrong)} pairs decided otherwise than by exhaustion"
    return conclude(cases, figure)


DISJOINT = Statement(
    ids=("Definition 4.1",),
    title="Disjoint templates",
    words="Two templates are disjoint if no string matches both; unification decides it.",
    latex=r"\{x : x \text{ matches } z_1\} \cap \{x : x \text{ matches } z_2\} = \emptyset",
    examine=examine_disjointness,
    default_task=mixed_task,
)
