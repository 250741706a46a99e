"""Power laws fitted to measurements: errors that fall like a power of a width or of a sample size.

* `exponent`: a fitted exponent, which says how far it may be off at any significance.
* `of_draws`: the root mean square of independent draws over a width, by a bootstrap.
* `of_errors`: single errors over a size, in groups with constants of their own, by least squares.
"""

from __future__ import annotations

from theory.power_laws.exponent import BootstrapExponent, LeastSquaresExponent
from theory.power_laws.of_draws import PowerLaw, fit_draws
from theory.power_laws.of_errors import fit_errors

__all__ = [
    "BootstrapExponent",
    "LeastSquaresExponent",
    "PowerLaw",
    "fit_draws",
    "fit_errors",
]
