"""The wide limit of the copying network's derivatives, in fractions of (m, n, H, gamma).

With ``c = 1 - 1/m`` on the diagonal and ``-1/m`` off it, the mean over pairs of seen tokens of
``1[x = y] c`` is ``(1 - 1/m) / n``, that of c is ``1/n - 1/m``; over pairs of the tested token with
seen ones they are 0 and ``-1/m``. So each matrix adds to the two derivatives

    matrix      -dL_train/dt                                          dL_test/dt
    E           (2 (1 - 1/m) / n + gamma^2 (1/n - 1/m)) / H           gamma^2 / (m H)
    p           gamma^2 (1/n - 1/m) / H                               gamma^2 / (m H)
    V_h         ((1 - 1/m) / n + gamma^2 (1/n - 1/m)) / H^2           gamma^2 / (m H^2)

and O_h a multiple of V_h. Both are linear in the learning rates, so that the largest ratio of the
two is that of one matrix. It is p's, ``n / (m - n)`` whatever gamma > 0 and H, and 0 at gamma = 0.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from kernels.estimates import Estimate, Exact, Numerical
from theory.statements.framework.claims import Claim, Equal, Fact

if TYPE_CHECKING:
    from theory.networks.copying import Copying

_ROUNDING = 1e-13
"""Of means over some dozens of pairs, of numbers of order 1."""


def exact_limits(m: int, n: int, heads: int, gamma: Fraction) -> dict[str, tuple[Fraction, ...]]:
    """What E, p and each V_h add to dL_train/dt and dL_test/dt at rate 1.

    >>> {name: [str(x) for x in both] for name, both in exact_limits(8, 4, 4, Fraction(1)).items()}
    {'E': ['-9/64', '1/32'], 'p': ['-1/32', '1/32'], 'V': ['-11/512', '1/128']}
    """
    same, all_pairs = (1 - Fraction(1, m)) / n, Fraction(1, n) - Fraction(1, m)
    square, test = gamma**2, gamma**2 * Fraction(1, m)
    return {
        "E": (-(2 * same + square * all_pairs) / heads, test / heads),
        "p": (-square * all_pairs / heads, test / heads),
        "V": (-(same + square * all_pairs) / heads**2, test / heads**2),
    }


def worst_ratio(m: int, n: int, heads: int, gamma: Fraction) -> Fraction:
    """The largest limit of ``|dL_test/dt| / |dL_train/dt|`` over all learning rates.

    >>> str(worst_ratio(8, 4, 4, Fraction(1))), str(worst_ratio(100, 10, 2, Fraction(1, 7)))
    ('1', '1/9')
    >>> worst_ratio(8, 4, 4, Fraction(0))
    Fraction(0, 1)
    """
    found = exact_limits(m, n, heads, gamma).values()
    return max((abs(test / train) for train, test in found if train), default=Fraction(0))


def exact_claims(model: Copying) -> list[Claim]:
    """The limits in fractions against those in floating point, and that the worst ratio is 0."""
    from theory.networks.copying_kernel import (  # noqa: PLC0415 - JAX is slow to import
        limits,
        matrices,
    )

    m, n, heads, gamma = model.tokens, model.seen, model.heads, Fraction(model.gamma)
    found = limits(model, 1.0 / heads)
    names = [matrix[0] for matrix in matrices(model)]
    where = f"gamma = {model.weight:g}"
    claims: list[Claim] = []
    for name, both in exact_limits(m, n, heads, gamma).items():
        column = names.index(name)
        for loss, exact in zip(("train", "test"), both, strict=True):
            value = float(found[0 if loss == "train" else 1, column])
            claims.append(
                Equal(
                    f"{where}: limit of dL_{loss}/dt by {name}",
                    Estimate(float(exact), Exact()),
                    Estimate(value, Numerical(_ROUNDING)),
                    resolution=1e-9,
                    named=("in fractions", "in floating point"),
                )
            )
    worst = worst_ratio(m, n, heads, gamma)
    said = {"m": m, "n": n, "H": heads, "gamma": model.weight, "worst ratio": str(worst)}
    name = f"dL_test/dt -> 0 at every learning rates, {where}"
    # One choice of rates that shows it: 1 for each of the matrices.
    unseen = float(sum(both[1] for both in exact_limits(m, n, heads, gamma).values()))
    shown = {"case": name, **said, "learning rates": 1, "limit of dL_test/dt": unseen}
    claims.append(Fact(name, worst == 0, said, example=shown))
    return claims
