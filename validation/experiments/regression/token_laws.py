"""Symbols that are not equally likely: the error under Zipf laws."""

from __future__ import annotations

from dataclasses import dataclass

from validation.experiments.laboratory import Laboratory
from validation.experiments.regression.point import Regression, fits, wildcards
from validation.experiments.regression.trials import Curve, curve, diversity, samples
from validation.experiments.scale import Scale

TASK = "same-different"
SIZES = {Scale.QUICK: (32, 128, 512), Scale.FULL: (64, 256, 1024, 4096, 16384, 65536)}
EXPONENTS = {Scale.QUICK: (0.0, 1.0), Scale.FULL: (0.0, 0.5, 1.0, 1.5)}
TRIALS = {Scale.QUICK: 2, Scale.FULL: 5}


def points(scale: Scale) -> list[Regression]:
    """The task at all sizes under all laws, on alphabets that grow with n."""
    return [
        Regression(TASK, n, wildcards(TASK) * n, exponent, seed)
        for exponent in EXPONENTS[scale]
        for n in SIZES[scale]
        for seed in range(TRIALS[scale])
    ]


@dataclass(frozen=True)
class OfLaw:
    """What was found under one law, over n.

    Attributes:
        law: its name.
        errors: on unseen symbols.
        diversities: exact.
    """

    law: str
    errors: Curve
    diversities: Curve


def run(laboratory: Laboratory) -> tuple[OfLaw, ...]:
    """Measure under all laws, the uniform one first: what if a few symbols are frequent?"""
    found = fits(laboratory, points(laboratory.scale), "token laws")
    laws = []
    for exponent in EXPONENTS[laboratory.scale]:
        own = [one for one in found if one.point.exponent == exponent]
        name = f"Zipf law, exponent {exponent:g}" if exponent else "uniform law"
        laws.append(OfLaw(name, curve(name, own, samples), curve(name, own, samples, diversity)))
    return tuple(laws)
