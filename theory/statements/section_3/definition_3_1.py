"""Templates and the strings that match them: Definition 3.1."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, permutations, product

import numpy as np
from numpy.random import Generator

from kernels.strings.tokens import CLS, untokenize
from theory.disjoint import fresh_tokens
from theory.statements.framework.claims import Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.shared.instances.defaults import mixed_task
from theory.statements.shared.second_routes.exhaustion import matches
from theory.template import WILDCARDS, Template, regular_tokens

_MOST = 5_000
"""Strings, at most, that are all looked at."""

_MANY_WILDCARDS = tuple(WILDCARDS[:w] + WILDCARDS[0] for w in (1, 2, 3, 4, 5, 6, 8, 10))
"""Templates of so many wildcards, the first of which occurs twice."""

_EXAMPLES = (
    ("ααβST", "QQRST", True),
    ("ααβST", "QQQST", False),  # the map is not injective
    ("ααβST", "QQSST", False),  # S is in the template already
)
"""The paper's."""


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
    setting: Setting, match: Callable[[Template, str], object] | None = None
) -> Examination:
    """Compare a matcher with Definition 3.1, string by string.

    Templates of up to ten wildcards are looked at whatever the task. Where all strings over a set
    of tokens are few, a string must match z if and only if it is among the images of z under
    injective maps. Elsewhere random images of z, and strings that miss one by a token, are judged
    by the conditions of the definition; each kind must occur.
    """
    match = match or Template.match
    claims = []
    for text, string, expected in _EXAMPLES:
        found = match(Template.parse(text), string) is not None
        claims.append(Fact(f"{string} matches {text}", found is expected, {"found": found}))
    rng, templates = setting.rng(), setting.task.templates
    shown = [*templates[: 3 if setting.quick else 40], *map(Template.parse, _MANY_WILDCARDS)]
    exhausted = compared = mistaken = 0
    for z in dict.fromkeys(shown):
        judged = _exhausted(z, regular_tokens(templates))
        complete = judged is not None
        judged = judged or _sampled(z, rng, 100 if setting.quick else 1_000)
        wrong = [x for x, right in judged.items() if (match(z, x) is not None) != right]
        matching = sum(judged.values())
        compared, mistaken = compared + len(judged), mistaken + len(wrong)
        exhausted += complete
        by = "exhaustion" if complete else "the conditions of the definition"
        evidence = {
            "strings": len(judged),
            "that match": matching,
            "judged by": by,
            "wrong": sorted(wrong)[:3],
        }
        claims.append(Fact(f"template {z}", not wrong, evidence))
    looked = len(claims) - len(_EXAMPLES)
    agree = (
        f"{compared} strings match {looked} templates as they should, {exhausted} of these by "
        "exhaustion"
    )
    differ = f"{mistaken} of {compared} strings are matched otherwise than they should be"
    return Examination(claims, differ if mistaken else agree)


def _exhausted(z: Template, regular: Sequence[str]) -> dict[str, bool] | None:
    """All strings over the regular tokens and two more tokens than wildcards, if they are few."""
    fresh = islice(fresh_tokens(regular), len(z.wildcards) + 1)
    tokens = (*dict.fromkeys((*z.regular_tokens, *regular[:3])), *fresh)
    if len(tokens) ** (z.length - 1) > _MOST:
        return None
    positive = set(images(z, tokens))
    strings = product(tokens, repeat=z.length - 1)
    return {untokenize((*x, CLS)): (*x, CLS) in positive for x in strings}


def _sampled(z: Template, rng: Generator, count: int) -> dict[str, bool]:
    """Random images of z, and each with another token at one place."""
    fresh = islice(fresh_tokens(z.regular_tokens), len(z.wildcards) + 1)
    tokens = np.array([*z.regular_tokens, *fresh])
    found = {}
    for _ in range(count):
        chosen = rng.permutation(tokens[len(z.regular_tokens) :])[: len(z.wildcards)]
        s = dict(zip(z.wildcards, chosen.tolist(), strict=True))
        x = [s.get(token, token) for token in z.tokens]
        found[untokenize(x)] = matches(z, x)
        x[int(rng.integers(z.length - 1))] = str(rng.choice(tokens))
        found[untokenize(x)] = matches(z, x)
    return found


STATEMENT = Statement(
    ids=("Definition 3.1",),
    title="Matching a template",
    words="A string matches a template if it comes from it by an injective substitution of the "
    "wildcards whose tokens are not in the template already.",
    latex=r"x = \mathrm{sub}(z, s),\quad s \text{ injective},\ s(\mathcal{W})\cap z = \emptyset",
    examine=examine_matching,
    default_task=mixed_task,
)
