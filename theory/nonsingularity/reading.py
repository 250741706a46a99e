"""What kernels see of a template when its wildcards are replaced by tokens of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from fractions import Fraction

from theory.template import Template, is_wildcard

Counts = tuple[tuple[str, int], ...]


def regular_counts(template: Template) -> Counts:
    """How often each regular token occurs, in the order of the tokens, without ``[CLS]``.

    >>> regular_counts(Template.parse("bαab"))
    (('a', 1), ('b', 2))
    """
    return tuple(sorted(Counter(t for t in template.tokens[:-1] if not is_wildcard(t)).items()))


def wildcard_counts(template: Template) -> tuple[int, ...]:
    """How often each wildcard occurs, ascending: their names are of no account.

    >>> wildcard_counts(Template.parse("βαβγ")), wildcard_counts(Template.parse("ab"))
    ((1, 1, 2), ())
    """
    return tuple(sorted(Counter(filter(is_wildcard, template.tokens)).values()))


def placed_tokens(template: Template) -> tuple[tuple[int, str], ...]:
    """The regular tokens with their positions, without ``[CLS]``.

    >>> placed_tokens(Template.parse("aαb"))
    ((0, 'a'), (2, 'b'))
    """
    return tuple((i, t) for i, t in enumerate(template.tokens[:-1]) if not is_wildcard(t))


def unordered(template: Template) -> Hashable:
    """The template up to the order of its positions and the names of its wildcards.

    >>> unordered(Template.parse("αaββ")) == unordered(Template.parse("ααβa"))
    True
    """
    return regular_counts(template), wildcard_counts(template)


def common_counts(x: Counts, y: Counts) -> Fraction:
    """The inner product of two vectors of counts."""
    other = dict(y)
    return Fraction(sum(number * other.get(token, 0) for token, number in x))
