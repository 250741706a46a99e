"""The series at gamma = 0 of the string ``AA[CLS]`` with itself: it converges nowhere else.

Where a string repeats a token, its logits at gamma = 0 coincide, and positions alone tell them
apart. Let X = Y = AA[CLS], eps = beta gamma and V = 2 beta^2 + (3/2) eps^2. With standard Gaussians
Z and D, a = eps D / sqrt 2, u = sqrt(V) Z + log(2 cosh a) and the logistic function s,

    kappa = E[s(u)^2 + (1 - s(u))^2] + gamma^2 E[s(u)^2 (1 + tanh^2 a) / 2 + (1 - s(u))^2],
    gamma^2 = 2 eps^2 / (V - (3/2) eps^2).

Near (beta_0, 0), beta_0 > 0, the pair (V, eps) is an analytic coordinate system. So if kappa were
real-analytic there, its series in eps at fixed V, ``sum c_n eps^(2n)``, would converge.

It does not. For h = s^2, (1 - s)^2 or g, their sum, let ``F_h(y) = E h(sqrt(V) Z + y)``, which is
entire in y, and let

    f = F_g(log 2 cosh x),    f_1 = F_{s^2}(log 2 cosh x) (1 + tanh^2 x) / 2 + F_{(1-s)^2}(log ...).

Since E a^(2n) = (2n - 1)!! (eps^2 / 2)^n, the Gaussian D turns a term x^(2n) into
(2n - 1)!! / 2^n eps^(2n), and ``2 x int_0^x`` into a factor eps^2. Let A be the series that so
turns into kappa. If ``sum c_n eps^(2n)`` converged, A would be entire, hence also
``V A - 3 x int_0^x A = V f + 2 x int_0^x (2 f_1 - (3/2) f)``, and by division and differentiation

    psi = V f' / x - V f / x^2 + 4 f_1 - 3 f

would be meromorphic at x = i pi / 2, where cosh vanishes. One turn around that point adds 2 pi i to
y = log 2 cosh x, and F_h changes by 2 pi i times the residue at -i pi of h(z) phi(z - y), phi the
density of N(0, V). With t = -i pi - y these residues are phi(t) times 1 - t/V, -1 - t/V and -2t/V
for s^2, (1 - s)^2 and g. So psi changes by 2 pi i phi(t) times a polynomial in t with meromorphic
coefficients, that of t^2 being ``-2 tanh(x) / (V x)``. More turns move t by multiples of 2 pi i;
were the change always 0, the polynomial would have infinitely many zeros at each x. It has not: psi
is not meromorphic, A not entire, and ``|c_n|^(1/n)`` not bounded. The radius is 0 for every V.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import mpmath
import numpy as np

from kernels.boundary.checks import positive, whole
from kernels.boundary.exceptions import InvalidInputError
from kernels.estimates import EstimateArray, Numerical
from theory.derivatives.series.length_two import tanh_squared

_DIGITS = 60
_MOST_TERMS = 30
_STEPS = (0.08, 0.06)
"""Of the trapezoidal rule for Z. The integrands are analytic in a strip of half-width pi / sqrt V,
so that the coarser step errs by about 1e-76 at V = 2 and 1e-53 at V = 4."""

_REACH = 26.0
"""Of Z, beyond which the density times a Hermite polynomial of order 60 is below 1e-60."""

Number = Any
"""A number of mpmath, which has no types."""


def coefficients(terms: int = 30, variance: float = 2.0) -> EstimateArray:
    """The c_n, n up to ``terms``, of ``kappa = sum c_n eps^(2n)`` at fixed V, see above.

    Computed in 60 digits at two steps of the trapezoidal rule, whose difference is the error.

    Args:
        terms: how far, at most 30.
        variance: V, from 0.5 to 4.

    Raises:
        InvalidInputError: an argument is out of range: the precision is made for these.

    >>> coefficients(2).values.round(6).tolist()
    [0.655777, 0.443277, 0.426855]
    """
    count, v = whole("terms", terms, most=_MOST_TERMS), positive("variance", variance)
    if not 0.5 <= v <= 4.0:
        raise InvalidInputError("variance", variance, "give a number from 0.5 to 4")
    runs = [_coefficients(count, v, step) for step in _STEPS]
    values = np.array([float(c) for c in runs[1]])
    gaps = np.array([float(abs(a - b)) for a, b in zip(*runs, strict=True)])
    errors = gaps + np.finfo(np.float64).eps * np.abs(values)
    return EstimateArray.of(values, Numerical, errors, f"series, {_DIGITS} digits")


def roots(found: EstimateArray) -> dict[int, float]:
    """``|c_n|^(1/n)``: bounded exactly where the series has a positive radius of convergence."""
    return {n: float(abs(c)) ** (1.0 / n) for n, c in enumerate(found.values.tolist()) if n}


def _coefficients(terms: int, variance: float, step: float) -> list[Number]:
    mp = mpmath.MPContext()  # one of our own: the precision of the caller's stays as it is
    mp.dps = _DIGITS
    v = mp.mpf(variance)

    def logistic(u: Number) -> Number:
        return 1 / (1 + mp.exp(-u))

    seen = _derivatives(mp, lambda u: logistic(u) ** 2, v, terms, step)
    unseen = _derivatives(mp, lambda u: logistic(-u) ** 2, v, terms, step)
    tanh2 = [mp.mpf(t.numerator) / t.denominator for t in tanh_squared(terms)]
    # log cosh x in powers of x^2: its derivative is tanh, and tanh' = 1 - tanh^2.
    log_cosh = [mp.mpf(0), mp.mpf(1) / 2]
    log_cosh += [-tanh2[n - 1] / ((2 * n - 1) * 2 * n) for n in range(2, terms + 1)]
    powers = [[mp.mpf(1)] + [mp.mpf(0)] * terms]
    for _ in range(terms):
        powers.append(_product(powers[-1], log_cosh))

    def composed(derivatives: Sequence[Number]) -> list[Number]:
        """``F(log 2 cosh x)`` in powers of x^2."""
        return [
            mp.fsum(derivatives[m] / mp.factorial(m) * powers[m][n] for m in range(n + 1))
            for n in range(terms + 1)
        ]

    first, second = composed(seen), composed(unseen)
    half = [(t + (n == 0)) / 2 for n, t in enumerate(tanh2)]
    weights = [mp.mpf(prod(range(1, 2 * n, 2))) / 2**n for n in range(terms + 1)]
    read_out = [(a + b) * w for a, b, w in zip(first, second, weights, strict=True)]
    positions = [
        (a + b) * w for a, b, w in zip(_product(first, half), second, weights, strict=True)
    ]
    gamma2 = [mp.mpf(0)] + [2 / v * (mp.mpf(3) / (2 * v)) ** j for j in range(terms)]
    return [a + b for a, b in zip(read_out, _product(gamma2, positions), strict=True)]


def _derivatives(
    mp: Any, function: Callable[[Number], Number], variance: Number, orders: int, step: float
) -> list[Number]:
    """``F^(q)(log 2) = E h(sqrt(V) Z + log 2) He_q(Z) / V^(q/2)``, q up to ``orders``."""
    deviation, h = mp.sqrt(variance), mp.mpf(step)
    count = int(_REACH / step)
    sums = [mp.mpf(0)] * (orders + 1)
    for i in range(-count, count + 1):
        z = i * h
        term = h * mp.npdf(z) * function(deviation * z + mp.log(2))
        hermite, following = mp.mpf(1), z
        for q in range(orders + 1):
            sums[q] += term * hermite
            hermite, following = following, z * following - (q + 1) * hermite
    return [total / deviation**q for q, total in enumerate(sums)]


def _product(first: Sequence[Number], second: Sequence[Number]) -> list[Number]:
    """The product of two power series, cut off where they are."""
    return [sum(first[i] * second[n - i] for i in range(n + 1)) for n in range(len(first))]
