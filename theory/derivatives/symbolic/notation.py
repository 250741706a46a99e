"""Invariants and tables in print: matrix expressions as text and as LaTeX.

An invariant whose classes form a path or a cycle is a matrix product. Walking along it, the ends
that meet in a class of equal tokens are joined by factors such as ``XY^T``, and an index that both
strings use carries the walk from x's side to y's. A path gives ``1^T ... 1``, a cycle
``tr(...)``. Every other invariant is printed as its sum over tokens s, t, u, ... with
``a = X^T 1``, ``b = Y^T 1`` and ``E = X^T Y``; none is needed up to total order 10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kernels.boundary.exceptions import InvalidInputError
from theory.derivatives.symbolic.invariants import Invariant, from_equalities

_TOKENS = "stuvwpqr"


@dataclass(frozen=True)
class Chain:
    """A matrix product: ``1^T F_1 F_2 ... 1``, or the trace of it.

    Attributes:
        factors: ``("X", "Y")`` stands for X Y^T.
        trace: whether it is a trace.
    """

    factors: tuple[tuple[str, str], ...]
    trace: bool

    @property
    def text(self) -> str:
        """For a terminal.

        >>> chain(Invariant(((1, 1),), ())).text
        '1^T XY^T 1'
        """
        body = " ".join(f"{left}{right}^T" for left, right in self.factors)
        return f"tr({body})" if self.trace else f"1^T {body} 1"

    @property
    def latex(self) -> str:
        r"""For a paper.

        >>> chain(Invariant(((0, 0),), ((0, 0),))).latex
        '\\operatorname{tr}(XY^\\top)'
        """
        body = " ".join(rf"{left}{right}^\top" for left, right in self.factors)
        if self.trace:
            return rf"\operatorname{{tr}}({body})"
        return rf"\mathbf 1^\top {body} \mathbf 1"


def chain(invariant: Invariant) -> Chain | None:
    """The invariant as a matrix product, None if it is not one.

    >>> chain(Invariant(((0, 1), (1, 0)), ((1, 0),))).text
    '1^T XX^T YY^T 1'
    """
    size, links = len(invariant.classes), invariant.links
    ends = [sum((s == node) + (t == node) for s, t in links) for node in range(size)]
    if max(ends) > 2 or len(links) > size:
        return None
    trace = len(links) == size
    start = 0 if trace else min(range(size), key=lambda node: ends[node])
    # Each stop is an index: the letter by which the walk enters it, and the one by which it leaves.
    stops: list[tuple[str, str]] = []
    node, unused = start, list(links)
    if trace:
        s, t = next(link for link in links if start in link)
        unused.remove((s, t))
        enter, leave, node = ("Y", "X", s) if t == start else ("X", "Y", t)
        stops.append((enter, leave))
    while True:
        p, q = invariant.classes[node]
        stops += [("X", "X")] * p + [("Y", "Y")] * q
        link = next((pair for pair in unused if node in pair), None)
        if link is None:
            break
        unused.remove(link)
        forward = link[0] == node
        stops.append(("X", "Y") if forward else ("Y", "X"))
        node = link[1] if forward else link[0]
    following = [*stops[1:], stops[0]] if trace else stops[1:]
    factors = [(leave, enter) for (_, leave), (enter, _) in zip(stops, following, strict=False)]
    return Chain(_first_form(factors, trace), trace)


def _first_form(factors: Sequence[tuple[str, str]], trace: bool) -> tuple[tuple[str, str], ...]:
    """Of the ways to write one product, transposed or turned, the first in the alphabet."""
    transposed = [(right, left) for left, right in reversed(factors)]
    turns = range(len(factors)) if trace else range(1)
    return min((*f[turn:], *f[:turn]) for f in (list(factors), transposed) for turn in turns)


def parse(expression: str) -> Invariant:
    """The invariant that a matrix product stands for; the inverse of `text` on those.

    Raises:
        InvalidInputError: not of the form ``1^T XY^T ... 1`` or ``tr(XY^T ...)``.

    >>> text(parse("tr(XX^T YY^T)"))
    'tr(XX^T YY^T)'
    """
    trace = expression.startswith("tr(") and expression.endswith(")")
    body = expression[3:-1] if trace else expression.removeprefix("1^T ").removesuffix(" 1")
    factors = body.split()
    framed = trace or (expression.startswith("1^T ") and expression.endswith(" 1"))
    if not framed or not factors or not all(f in {"XX^T", "XY^T", "YX^T", "YY^T"} for f in factors):
        raise InvalidInputError("expression", expression, "write it like 1^T XY^T YY^T 1")
    last = 0 if trace else len(factors)
    equalities = [
        ((f[0].lower(), i), (f[1].lower(), i + 1 if i + 1 < len(factors) else last))
        for i, f in enumerate(factors)
    ]
    power, found = from_equalities(equalities)
    if power or len(found) != 1:
        raise InvalidInputError("expression", expression, "it is no single connected invariant")
    return found[0]


def text(invariant: Invariant) -> str:
    """The invariant for a terminal.

    >>> text(Invariant(((0, 0),), ((0, 0), (0, 0))))
    'sum_s E_ss^2'
    >>> text(Invariant(((2, 1),), ((0, 0), (0, 0))))
    'sum_s a_s^2 b_s E_ss^2'
    """
    found = chain(invariant)
    if found is not None:
        return found.text
    powers = _token_powers(invariant)
    names = _TOKENS[: len(invariant.classes)]
    shown = " ".join(f"{base}_{at}^{n}" if n > 1 else f"{base}_{at}" for base, at, n in powers)
    return f"sum_{names} {shown}"


def latex(invariant: Invariant) -> str:
    r"""The invariant in LaTeX.

    >>> latex(Invariant(((0, 3),), ((0, 0), (0, 0))))
    '\\sum_{s} b_{s}^{3} E_{ss}^{2}'
    """
    found = chain(invariant)
    if found is not None:
        return found.latex
    powers = _token_powers(invariant)
    names = ",".join(_TOKENS[: len(invariant.classes)])
    shown = " ".join(
        f"{base}_{{{at}}}^{{{n}}}" if n > 1 else f"{base}_{{{at}}}" for base, at, n in powers
    )
    return rf"\sum_{{{names}}} {shown}"


def _token_powers(invariant: Invariant) -> list[tuple[str, str, int]]:
    powers = []
    for node, (p, q) in enumerate(invariant.classes):
        powers += [(base, _TOKENS[node], n) for base, n in (("a", p), ("b", q)) if n]
    for (s, t), n in invariant.link_powers.items():
        powers.append(("E", _TOKENS[s] + _TOKENS[t], n))
    return powers


def term_text(coefficient: int, k_power: int, invariants: Sequence[Invariant]) -> str:
    """One term of a table for a terminal.

    >>> term_text(24, 6, [Invariant(((1, 1),), ()), Invariant(((2, 0),), ())])
    '+24 k^-6 (1^T XY^T 1)(1^T XX^T 1)'
    """
    shown = "".join(f"({text(v)})" for v in invariants)
    return f"{coefficient:+d} k^-{k_power} {shown}".rstrip()


def term_latex(coefficient: int, k_power: int, invariants: Sequence[Invariant]) -> str:
    """One term of a table in LaTeX."""
    shown = r"\,".join(rf"\left({latex(v)}\right)" for v in invariants)
    return rf"{coefficient:+d}\,k^{{-{k_power}}}\,{shown}".removesuffix(r"\,")
