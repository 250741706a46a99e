"""Claims that quantities measured at several sizes fall like a power."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from theory.power_laws import PowerLaw, fit_errors
from theory.statements.framework.claims import Falls

SLOWEST = -0.25
"""The exponent that separates a fall from a plateau: half of the -1/2 that theory predicts for
averages over a width, and for errors over samples. Exponents tend to 0 where the limit is not 0."""

_CLAIMED = -0.5
"""The exponent of n in the bound of Theorem 4.4."""


def falls(name: str, law: PowerLaw, evidence: Mapping[str, object] | None = None) -> Falls:
    """That a root mean square tends to 0 over a width."""
    return Falls(
        name,
        law.exponent,
        SLOWEST,
        {
            "constant": law.constant,
            "root_mean_squares": list(law.sizes),
            **(evidence or {}),
        },
    )


def falls_with_samples(
    errors: Mapping[tuple[int, int], Sequence[float]], settles: str = "more draws or larger n"
) -> Falls:
    """That errors fall with n like the bound of Theorem 4.4, at fixed ratios of n to symbols.

    The exponent of n is fitted with one constant for each ratio. One that is too slow at the n of a
    check refutes nothing.

    Args:
        errors: by samples and symbols, the errors of several draws.
        settles: what would settle it where these leave it open.

    >>> at = {(100, 16): [0.4, 0.5], (400, 64): [0.2, 0.25], (800, 128): [0.14, 0.18]}
    >>> round(falls_with_samples(at).exponent.value, 1)
    -0.5
    """
    places = [place for place, found in errors.items() for _ in found]
    smallest = float(np.finfo(np.float64).tiny)
    exponent = fit_errors(
        [float(n) for n, _ in places],
        [max(float(error), smallest) for found in errors.values() for error in found],
        [n / symbols for n, symbols in places],
    )
    name = "the error falls with n"
    unless = f"{name}: {settles}, the exponent is now {exponent.value:.2f}"
    evidence = {"claimed exponent": _CLAIMED}
    return Falls(
        name, exponent, SLOWEST, evidence, claimed=_CLAIMED, settles=settles, unless=unless
    )
