"""The root mean square of independent draws, as a power of a width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float64

from kernels.boundary.exceptions import InvalidInputError
from theory.power_laws.exponent import BootstrapExponent

_RESAMPLES = 2_000
"""Bootstrap resamples: the ends of a 99 % band then rest on about ten of them."""


@dataclass(frozen=True, eq=False)
class PowerLaw:
    """``root mean square ~ constant * width**exponent``.

    Attributes:
        exponent: the fitted exponent, which says how far it may be off.
        constant: the fitted constant.
        sizes: the root mean square at each width.
    """

    exponent: BootstrapExponent
    constant: float
    sizes: tuple[float, ...]

    def to_json(self) -> dict[str, object]:
        """The fields that scripts rely on."""
        return {
            "exponent": self.exponent.to_json(),
            "constant": self.constant,
            "root_mean_squares": list(self.sizes),
        }


def fit_draws(
    widths: Sequence[int],
    squares: Sequence[Float[np.ndarray, " _"]],
    *,
    seed: int,
) -> PowerLaw:
    """Fit the root mean square of a quantity against width, on logarithmic axes.

    How far the exponent may be off is told by a bootstrap over draws, which assumes nothing about
    their distribution but that draws are independent.

    Args:
        widths: at least two different ones.
        squares: for each width, the squared quantity in each independent draw, not all 0.
        seed: of the resampling.

    Raises:
        InvalidInputError: fewer than two widths or draws, or squares that are all 0.

    >>> rng = np.random.default_rng(0)
    >>> widths = [16, 64, 256]
    >>> law = fit_draws(widths, [rng.standard_normal(99) ** 2 / w for w in widths], seed=0)
    >>> abs(law.exponent.value + 0.5) < law.exponent.radius(0.01)
    True
    """
    if len(set(widths)) < 2 or len(widths) != len(squares):
        raise InvalidInputError("widths", list(widths), "give two or more, each with its draws")
    if any(len(s) < 2 or not np.asarray(s).sum() > 0.0 for s in squares):
        raise InvalidInputError("squares", "draws", "give two or more at each width, not all 0")
    rng = np.random.default_rng(seed)
    means = np.array([np.mean(s) for s in squares])
    resampled = np.stack(
        [
            np.asarray(s)[rng.integers(len(s), size=(_RESAMPLES, len(s)))].mean(axis=1)
            for s in squares
        ],
        axis=1,
    )
    logs = np.log(np.asarray(widths, dtype=np.float64))
    exponent, offset = _line(logs, 0.5 * np.log(means)[None])
    # A resample without a nonzero square has no logarithm; the band is then as wide as it gets.
    with np.errstate(divide="ignore", invalid="ignore"):
        exponents = np.nan_to_num(_line(logs, 0.5 * np.log(resampled))[0], nan=np.inf)
    return PowerLaw(
        BootstrapExponent(float(exponent[0]), exponents),
        float(np.exp(offset[0])),
        tuple(np.sqrt(means).tolist()),
    )


def _line(
    x: Float64[np.ndarray, " w"], y: Float64[np.ndarray, "n w"]
) -> tuple[Float64[np.ndarray, " n"], Float64[np.ndarray, " n"]]:
    """Slopes and intercepts of least squares."""
    centred = x - x.mean()
    slope = y @ centred / (centred @ centred)
    return slope, y.mean(axis=1) - slope * x.mean()
