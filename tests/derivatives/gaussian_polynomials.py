"""An oracle for Taylor coefficients of the attention kernel: polynomials in the Gaussians.

The slow and obvious way: power series in beta whose coefficients are polynomials in gamma, zeta
and p, with Gaussian moments taken term by term. Nothing is shared with `theory.derivatives`.
"""

from __future__ import annotations

from fractions import Fraction
from math import factorial, prod

Polynomial = dict[tuple[int, ...], Fraction]
"""By the exponents of (gamma, the zetas, the ps)."""

Series = list[Polynomial]
"""By the power of beta."""


def add(a: Polynomial, b: Polynomial, scale: Fraction | int = 1) -> Polynomial:
    out = dict(a)
    for key, value in b.items():
        out[key] = out.get(key, Fraction(0)) + scale * value
    return out


def times(a: Polynomial, b: Polynomial) -> Polynomial:
    out: Polynomial = {}
    for key, value in a.items():
        for key2, value2 in b.items():
            at = tuple(m + n for m, n in zip(key, key2, strict=True))
            out[at] = out.get(at, Fraction(0)) + value * value2
    return out


def series_times(a: Series, b: Series) -> Series:
    out: Series = [{} for _ in a]
    for i, left in enumerate(a):
        for j, right in enumerate(b[: len(a) - i]):
            out[i + j] = add(out[i + j], times(left, right))
    return out


def inverse(a: Series) -> Series:
    """Of a series that starts with a nonzero constant."""
    (first,) = a[0].values()
    (one,) = a[0]
    out: Series = [{one: 1 / first}]
    for n in range(1, len(a)):
        total: Polynomial = {}
        for m in range(1, n + 1):
            total = add(total, times(a[m], out[n - m]), -1 / first)
        out.append(total)
    return out


def moment(exponents: tuple[int, ...]) -> int:
    """E of a monomial in standard Gaussians."""
    if any(n % 2 for n in exponents):
        return 0
    return prod(prod(range(1, n, 2)) for n in exponents)


def taylor_coefficients(x: str, y: str, order: int) -> dict[tuple[int, int], Fraction]:
    """At ``(i, j)`` the coefficient of ``beta^i gamma^j`` of the kernel, i at most ``order``."""
    first, second = [*x, "[CLS]"], [*y, "[CLS]"]
    tokens = list(dict.fromkeys(first + second))
    k, size = len(first), 1 + len(tokens) + len(first)

    def unit(*places: int) -> tuple[int, ...]:
        return tuple(int(n in places) for n in range(size))

    def softmax(string: list[str]) -> list[Series]:
        exponentials = []
        for position, token in enumerate(string):
            logit = {
                unit(1 + tokens.index(token)): Fraction(1),
                unit(0, 1 + len(tokens) + position): Fraction(1),
            }
            power: Polynomial = {unit(): Fraction(1)}
            series = []
            for n in range(order + 1):
                series.append({key: value / factorial(n) for key, value in power.items()})
                power = times(power, logit)
            exponentials.append(series)
        total: Series = [{} for _ in range(order + 1)]
        for series in exponentials:
            total = [add(a, b) for a, b in zip(total, series, strict=True)]
        share = inverse(total)
        return [series_times(series, share) for series in exponentials]

    u, v = softmax(first), softmax(second)
    out: dict[tuple[int, int], Fraction] = {}
    for i in range(k):
        # Row i of the matrix times the second softmax, which saves products of long series.
        row: Series = [{} for _ in range(order + 1)]
        for j in range(k):
            entry: Polynomial = {}
            if first[i] == second[j]:
                entry = add(entry, {unit(): Fraction(1)})
            if i == j:
                entry = add(entry, {(2, *unit()[1:]): Fraction(1)})
            row = [add(a, times(entry, b)) for a, b in zip(row, v[j], strict=True)]
        for n, polynomial in enumerate(series_times(u[i], row)):
            for (gamma, *gaussians), value in polynomial.items():
                at = (n, gamma)
                out[at] = out.get(at, Fraction(0)) + value * moment(tuple(gaussians))
    return out
