"""F.2.1 to F.2.4: invariants that an assumption turns into functions of one string alone.

Let S contain the tokens that both strings have. Each identity says: under its assumption the
invariant depends on x and S alone, and likewise on y and S alone. `check_identity` tries all
triples of strings up to a length: two pairs with the same x (or the same y) and the same S must
agree.

Why the identities hold where they do: every indicator in an invariant that compares x with y is
nonzero only on tokens of S. Under F.2.1 sums over single tokens t in S of powers of a_t = b_t
remain. Under F.2.2 x_i in S or y_i in S implies x_i = y_i, so an index used by both strings may
change sides. Under F.2.4, 1^T XX^T YY^T 1 is the inner product of two equal vectors. The two
traces listed under F.2.1 compare x_i with y_i at the same position, which column sums do not see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations, product
from typing import Literal, TypeAlias

from kernels.strings.tokens import CLS
from theory.derivatives.symbolic.invariants import Invariant, TokenCounts
from theory.derivatives.symbolic.notation import parse

Assumption: TypeAlias = Literal["F.2.1", "F.2.2", "F.2.3", "F.2.4"]
Strings: TypeAlias = tuple[str, ...]

ASSUMPTIONS: dict[str, str] = {
    "F.2.1": "X_{:,S}^T 1 = Y_{:,S}^T 1",
    "F.2.2": "X_{:,S} = Y_{:,S}",
    "F.2.3": "1^T XX^T 1 = 1^T YY^T 1",
    "F.2.4": "XX^T 1 = YY^T 1",
}

PUBLISHED: dict[Assumption, tuple[str, ...]] = {
    "F.2.1": (
        "1^T XY^T 1",
        "1^T XX^T XY^T 1",
        "1^T XY^T YY^T 1",
        "1^T XX^T XX^T XY^T 1",
        "1^T XY^T YX^T XY^T 1",
        "1^T YX^T XY^T YY^T 1",
        "tr(XX^T XY^T)",
        "tr(XY^T YY^T)",
    ),
    "F.2.2": (
        "tr(XY^T)",
        "1^T XY^T XY^T 1",
        "1^T XX^T YX^T 1",
        "1^T YX^T YY^T 1",
        "tr(XY^T XY^T)",
    ),
    "F.2.3": ("1^T XX^T 1", "1^T YY^T 1"),
    "F.2.4": ("1^T XX^T YY^T 1",),
}
"""The invariants as the paper groups them."""


@dataclass(frozen=True)
class Counterexample:
    """Two pairs of strings that agree in one string and in S, and not in the invariant.

    Attributes:
        first: x, y and the invariant's value.
        second: the same of another pair.
        common: S.
    """

    first: tuple[str, str, int]
    second: tuple[str, str, int]
    common: tuple[str, ...]


@dataclass(frozen=True)
class IdentityVerdict:
    """What came of one identity.

    Attributes:
        assumption: F.2.1 to F.2.4.
        expression: the invariant.
        verdict: ``holds`` on all strings that were tried, or ``violated``.
        triples: how many (x, y, S) satisfied the assumption.
        counterexample: a shortest one, where violated.
    """

    assumption: Assumption
    expression: str
    verdict: Literal["holds", "violated"]
    triples: int
    counterexample: Counterexample | None


def satisfies(assumption: Assumption, x: Strings, y: Strings, common: Iterable[str]) -> bool:
    """Whether S contains the common tokens and the strings satisfy the assumption.

    >>> satisfies("F.2.1", ("A", "B"), ("B", "A"), "AB")
    True
    >>> satisfies("F.2.2", ("A", "B"), ("B", "A"), "AB")
    False
    """
    s = set(common)
    if not set(x) & set(y) <= s:
        return False
    if assumption == "F.2.1":
        return all(x.count(t) == y.count(t) for t in s)
    if assumption == "F.2.2":
        return all(a == b for a, b in zip(x, y, strict=True) if a in s or b in s)
    own, other = [x.count(t) for t in x], [y.count(t) for t in y]
    return sum(own) == sum(other) if assumption == "F.2.3" else own == other


def evaluate(invariant: Invariant, x: Strings, y: Strings) -> int:
    """The invariant of two strings of one length."""
    numbers = {token: n for n, token in enumerate(dict.fromkeys(x + y))}
    return invariant.evaluate(TokenCounts.of([numbers[t] for t in x], [numbers[t] for t in y]))


def check_identity(
    assumption: Assumption, expression: str, *, length: int = 2, tokens: str = "ABC"
) -> IdentityVerdict:
    """Try an identity on all strings up to a length.

    Args:
        assumption: F.2.1 to F.2.4.
        expression: an invariant as `theory.derivatives.symbolic.notation.parse` reads it.
        length: tokens of the longest strings, ``[CLS]``, which is appended, left out.
        tokens: the alphabet.

    >>> check_identity("F.2.1", "tr(XX^T XY^T)").counterexample.second
    ('AB[CLS]', 'AB[CLS]', 3)
    >>> check_identity("F.2.2", "tr(XX^T XY^T)").verdict
    'holds'
    """
    invariant = parse(expression)
    triples = 0
    for n in range(1, length + 1):
        seen: dict[tuple[str, Strings, tuple[str, ...]], tuple[Strings, Strings, int]] = {}
        for x, y, common in _triples(n, tokens):
            if not satisfies(assumption, x, y, common):
                continue
            triples += 1
            value = evaluate(invariant, x, y)
            for key in (("x", x, common), ("y", y, common)):
                x2, y2, value2 = seen.setdefault(key, (x, y, value))
                if value2 != value:
                    return IdentityVerdict(
                        assumption,
                        expression,
                        "violated",
                        triples,
                        Counterexample(
                            ("".join(x), "".join(y), value),
                            ("".join(x2), "".join(y2), value2),
                            common,
                        ),
                    )
    return IdentityVerdict(assumption, expression, "holds", triples, None)


def check_identities(*, length: int = 2, tokens: str = "ABC") -> tuple[IdentityVerdict, ...]:
    """All identities of F.2 as published, in their order."""
    return tuple(
        check_identity(assumption, expression, length=length, tokens=tokens)
        for assumption, expressions in PUBLISHED.items()
        for expression in expressions
    )


def _triples(n: int, tokens: str) -> Iterator[tuple[Strings, Strings, tuple[str, ...]]]:
    strings = [(*body, CLS) for body in product(tokens, repeat=n)]
    subsets = chain.from_iterable(combinations(tokens, size) for size in range(len(tokens) + 1))
    for common in sorted(subsets, key=len, reverse=True):
        yield from ((x, y, (*common, CLS)) for x in strings for y in strings)
