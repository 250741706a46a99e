"""Power laws with a given exponent and band, for tests of what is concluded from them."""

from __future__ import annotations

import numpy as np

from theory.power_laws import BootstrapExponent, PowerLaw


def fitted(exponent: float, band: float) -> PowerLaw:
    """A law whose exponent lies within ``band`` with a probability of 99 %."""
    tail = np.repeat([exponent - band, exponent, exponent + band], [100, 1800, 100])
    return PowerLaw(BootstrapExponent(exponent, tail), 1.0, (1.0, 0.5))
