"""Templates and the strings that match them: Definition 3.1."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, permutations, product

from kernels.strings.tokens import untokenize
from theory.disjoint import fresh_tokens
from theory.statements.framework.claims import Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.shared.defaults import mixed_task
from theory.statements.shared.exhaustion import matches
from theory.template import Template, regular_tokens

_MOST = 30_000
"""Strings that one template is compared with, at most."""

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
    setting: Setting, match: Callable[[Template, str], object] = Template.match
) -> Examination:
    """Compare a matcher with the enumeration of all substitutions, string by string.

    Over tokens T of the task's and two more, a string matches z if and only if it is among the
    images of z under injective maps into T.
    """
    claims = []
    for text, string, expected in _EXAMPLES:
        found = match(Template.parse(text), string) is not None
        claims.append(Fact(f"{string} matches {text}", found is expected, {"found": found}))
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
            != (x in positive if complete else matches(z, x))
        ]
        compared, mistaken = compared + len(strings), mistaken + len(wrong)
        evidence = {"strings": len(strings), "images": len(positive), "wrong": wrong[:3]}
        claims.append(Fact(f"template {z}", not wrong, evidence))
    agree = f"{compared} strings match {len(claims) - len(_EXAMPLES)} templates as by exhaustion"
    differ = f"{mistaken} of {compared} strings are matched otherwise than by exhaustion"
    return Examination(claims, differ if mistaken else agree)


STATEMENT = Statement(
    ids=("Definition 3.1",),
    title="Matching a template",
    words="A string matches a template if it comes from it by an injective substitution of the "
    "wildcards whose tokens are not in the template already.",
    latex=r"x = \mathrm{sub}(z, s),\quad s \text{ injective},\ s(\mathcal{W})\cap z = \emptyset",
    examine=examine_matching,
    default_task=mixed_task,
)
