"""Instances that break the statements of the appendices, beside sound ones."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from functools import partial

import numpy as np
from kernels.estimate import ErrorKind, Estimate, EstimateArray

from kernels.activations import Cosine
from kernels.mlp import MLPKernel
from tests import broken_networks, toy_kernels, toy_tasks
from tests.instances import (
    BLIND,
    CONSTANT,
    ON_MIXED,
    ON_TWO,
    PAIR,
    QUICK,
    SAME,
    TOY,
    TWO,
    Check,
    Instances,
    check,
    patched,
    scaled,
)
from theory import IdealizedRidge, TemplateTask
from theory.derivatives.separation import claims
from theory.derivatives.symbolic.identities import PUBLISHED
from theory.statements import (
    Finding,
    Setting,
    analyticity,
    appendix_f,
    appendix_i,
    conditioning,
    dual_of_cosine,
    ideal_gap,
    idealized_case,
    perturbation,
    sampling,
    separation,
    types_of_series,
    types_of_softmax,
)
from theory.statements.settings import mixed_task

FIT = IdealizedRidge.fit
NOT_SEMIDEFINITE = perturbation.RidgePair(
    np.ones(1), (-0.9 * np.eye(1), np.ones(1)), (np.zeros((1, 1)), np.ones(1)), 1.0
)


def wrong_phase(b1: float, b2: float, xx: float, xy: float, yy: float) -> Estimate:
    """Claim E.2 with cos(b2) in place of cos(2 b2)."""
    return Cosine(b1, b2 / 2).dual(np.array([xx]), np.array([xy]), np.array([yy])).at(0)


def wrong_coefficient() -> Finding:
    """2 k^-2 in place of k^-2 at order (0, 0)."""
    first, *others = claims.carrier_coefficients()
    wrong = dataclasses.replace(first, powers={2: 2})
    return appendix_f.examine_derivatives(QUICK, (wrong, *others))


def identities(number: str, expression: str) -> Instances:
    """The identities that hold, and one that the assumption does not give."""
    good = [e for e in PUBLISHED[number] if number != "F.2.1" or e[:2] != "tr"]
    run = appendix_f.examine_identities
    wrong = {expression: partial(run, QUICK, number, (expression,))}
    return Instances(partial(run, QUICK, number, tuple(good)), wrong)


def stage(place: int) -> Instances:
    """A claim whose stage is said to force the templates as written, wildcards' names included."""
    claim = appendix_f.CLAIM_STAGES[place]
    number, forces, _ = claims.CLAIMS[place]
    too_much = [*claims.CLAIMS]
    too_much[place] = (number, forces, str)
    # At the last stage nothing ties but a template and itself under other names.
    task = toy_tasks.unchecked(["αβ", "βα"]) if place == 4 else separation.staged_task()
    run = partial(claim.check, task)
    return Instances(run, {"too much": patched(claims, "CLAIMS", tuple(too_much), run)})


def geometric(terms: int) -> EstimateArray:
    """Coefficients of a series with a radius."""
    values = 3.0 ** np.arange(terms + 1)
    return EstimateArray(values, 0.0 * values, ErrorKind.EXACT)


def series(wrong: float) -> Check:
    """Lemma G.1 with series that have a radius, and with the series off the axis scaled."""
    honest = analyticity.disc_coefficients
    run = patched(analyticity, "lower_bound", lambda n: Fraction(1, 2**n), check("G.1"))
    run = patched(analyticity.repeated_token, "coefficients", geometric, run)
    return patched(analyticity, "disc_coefficients", lambda *at: wrong * honest(*at), run)


def inexact_fit(self: IdealizedRidge, templates: object, labels: np.ndarray) -> IdealizedRidge:
    """Fits labels that are 1 % too large."""
    return FIT(self, templates, 1.01 * labels)


def first_token(*given: object) -> str:
    """The first token of the string in place of the label's image."""
    return str(given[2])[0]


APPENDICES: dict[str, Instances] = {
    "Definition C.1": Instances(
        check("C.1", None, BLIND), {"numbered": check("C.1", None, toy_kernels.NumberedKernel())}
    ),
    "Equation (16)": Instances(
        check("(16)", TWO, TOY),
        {"another fit": patched(IdealizedRidge, "fit", inexact_fit, check("(16)", TWO, TOY))},
    ),
    "Claim D.2": Instances(
        check("D.2", mixed_task(), TOY),
        {"no diagonal": partial(ideal_gap.examine_gap, ON_MIXED, diagonal=False)},
    ),
    "Claim D.3": Instances(
        check("D.3", TWO, TOY),
        {
            "half the bounds": partial(idealized_case.examine_spectrum, ON_TWO, 2.0),
            "not semidefinite": check("D.3", TWO, toy_kernels.IndefiniteKernel()),
            "singular N": check("D.3", TWO, BLIND),
        },
    ),
    "Claim D.4": Instances(
        check("D.4", TWO, TOY),
        {
            "a quarter of the bound": partial(idealized_case.examine_ideal_error, ON_TWO, 4.0),
            "not semidefinite": check("D.4", TWO, toy_kernels.IndefiniteKernel()),
            "singular N": check("D.4", TWO, BLIND),
        },
    ),
    "Claim D.5": Instances(
        check("D.5"),
        {
            "nine tenths": partial(perturbation.examine_perturbation, QUICK, 0.9),
            "not semidefinite": partial(
                perturbation.examine_perturbation, QUICK, pairs=[NOT_SEMIDEFINITE]
            ),
        },
    ),
    "Claim E.2": scaled(dual_of_cosine.examine_dual, wrong_phase, what="cos(b2)"),
    "Section F.1": Instances(check("Section F.1"), {"a wrong coefficient": wrong_coefficient}),
    "Section F.2.1": identities("F.2.1", "tr(XX^T XY^T)"),
    "Section F.2.2": identities("F.2.2", "1^T XX^T YY^T 1"),
    "Section F.2.3": identities("F.2.3", "1^T XY^T 1"),
    "Section F.2.4": identities("F.2.4", "tr(XY^T)"),
    **{f"Claim F.{place + 2}": stage(place) for place in range(5)},
    "Lemma G.1": Instances(series(1.0), {"as it stands": check("G.1"), "off": series(1.001)}),
    "Definition G.2": scaled(types_of_series.examine_types, Fraction(11, 10)),
    "Lemma G.3": scaled(types_of_series.examine_composition, Fraction(11, 10)),
    "Lemma G.4": scaled(types_of_series.examine_arithmetic, Fraction(9, 10)),
    "Lemma G.5": scaled(types_of_series.examine_derivatives, Fraction(99, 100)),
    "Lemma G.6": scaled(types_of_softmax.examine_softmax, 0.3),
    "Lemma G.7": scaled(types_of_softmax.examine_entries, 20.0),
    "Lemma G.8": scaled(types_of_softmax.examine_integrand, 20.0),
    "Lemma G.9": scaled(types_of_softmax.examine_expectation, 1e-6),
    "Appendix H": Instances(
        partial(broken_networks.tends, "section-4.1", "section-4.1"),
        {
            "the other scaling": partial(broken_networks.tends, "section-4.1", "appendix-H"),
            "no transformer": check("Appendix H", SAME, MLPKernel()),
        },
    ),
    "Theorem I.2": Instances(
        broken_networks.unable,
        {
            "generalization": broken_networks.able,
            "regular tokens": check("I.2", PAIR),
            "a constant": check("I.2", CONSTANT),
        },
    ),
    "Remark I.4": Instances(
        broken_networks.by_adam,
        {
            "uneven decay": broken_networks.by_uneven_decay,
            "regular tokens": check("I.4", PAIR),
            "a constant": check("I.4", CONSTANT),
        },
    ),
    "Remark I.6": Instances(
        check("I.6", TWO),
        {
            "another kernel": partial(conditioning.examine_mlp, Setting(TWO), [TOY]),
            "regular tokens": check("I.6", mixed_task()),
            "one template": check("I.6", TemplateTask.parse({"αα": 1.0})),
        },
    ),
    "Lemma I.7": Instances(
        check("I.7", SAME),
        {
            "an uneven start": partial(
                appendix_i.examine_lemma, Setting(SAME, quick=True), broken_networks.uneven()
            ),
            "regular tokens": check("I.7", PAIR),
        },
    ),
    "Definition J.1": Instances(
        check("J.1"),
        {"the first token": patched(sampling, "symbolic_label", first_token, check("J.1"))},
    ),
}
