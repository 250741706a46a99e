"""What proofs do with a covariance whose entries are balls."""

from __future__ import annotations

from typing import NamedTuple

from flint import arb


def positive_part(ball: arb) -> arb:
    """The part of a ball that is at least 0, for a number that is known to be so.

    Balls are symmetric about their midpoints, so a trace below 0 may stay.
    """
    return ball.max(arb(0))


def root(ball: arb) -> arb:
    """The square roots of the numbers of a ball that are at least 0.

    >>> root(arb(0, 1e-20)).upper() < 2e-10, root(arb(0, 1e-20)).contains(arb(0))
    (True, True)
    """
    if ball > 0:
        return ball.sqrt()
    return arb(0).union(arb(ball.upper()).max(arb(0)).mid().sqrt())


def determinant(xx: arb, xy: arb, yy: arb) -> arb:
    """``xx yy - xy^2``, which is at least 0 for a covariance."""
    return positive_part(xx * yy - xy * xy)


class Centre(NamedTuple):
    """A covariance in the middle of balls, and how far from it the true one is at most.

    The balls around it and the covariances are convex sets, so that the segment from the centre to
    the true covariance consists of covariances within these distances.

    Attributes:
        xx, xy, yy: the centre, up to the roundings of 128 bits.
        by_xx, by_xy, by_yy: upper bounds of the distances.
    """

    xx: arb
    xy: arb
    yy: arb
    by_xx: arb
    by_xy: arb
    by_yy: arb

    @classmethod
    def of(cls, xx: arb, xy: arb, yy: arb) -> Centre | None:
        """The middle, ``xy`` moved to where a covariance can be; None if a variance may be 0."""
        if not (xx > 0 and yy > 0):
            return None
        mid_xx, mid_xy, mid_yy = xx.mid(), xy.mid(), yy.mid()
        by_xy = xy.rad()
        if not mid_xx * mid_yy >= mid_xy * mid_xy:
            largest = (mid_xx * mid_yy).sqrt()
            moved = largest if mid_xy > 0 else -largest
            by_xy += abs(moved - mid_xy)
            mid_xy = moved
        return cls(mid_xx, mid_xy, mid_yy, xx.rad(), arb(by_xy.upper()), yy.rad())
