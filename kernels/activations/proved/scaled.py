"""Duals that are a function of the covariance between one factor of each variance."""

from __future__ import annotations

from abc import ABC, abstractmethod

from flint import arb


class ScaledDual(ABC):
    """A dual of the form ``factor(xx) core(xy) factor(yy)``, with factors above 0.

    So it is for whatever has Gaussian averages in closed exponentials (Claim E.2). A matrix of
    such values is ``D E D`` with D diagonal: what is not known of the variances moves its
    eigenvalues by a factor (Ostrowski), and cannot make it singular.
    """

    @abstractmethod
    def factor(self, variance: arb) -> arb:
        """The factor of one string, a ball above 0."""

    @abstractmethod
    def core(self, covariance: arb) -> arb:
        """The factor of the pair."""
