"""Instances that break the statements of the appendices, beside sound ones."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from functools import partial

import numpy as np

from kernels.activations import Cosine
from kernels.estimates import Estimate, EstimateArray
from kernels.mlp import MLPKernel
from tests import toy_kernels, toy_tasks
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
from tests.statements.refused.instances import networks as broken_networks
from theory import IdealizedRidge, TemplateTask
from theory.derivatives.separation import claims
from theory.derivatives.symbolic.identities import PUBLISHED
from theory.statements import Examination, Setting
from theory.statements.appendix_d import claim_d_2, claim_d_3, claim_d_4, claim_d_5
from theory.statements.appendix_e import claim_e_2
from theory.statements.appendix_f import invariants, section_f_1
from theory.statements.appendix_g import (
    definition_g_2,
    lemma_g_1,
    lemma_g_3,
    lemma_g_4,
    lemma_g_5,
    lemma_g_6,
    lemma_g_7,
    lemma_g_8,
    lemma_g_9,
)
from theory.statements.appendix_i import lemma_i_7, remark_i_6
from theory.statements.appendix_j import definition_j_1
from theory.statements.shared.instances import defaults
from theory.statements.shared.instances.defaults import mixed_task

FIT = IdealizedRidge.fit
NOT_SEMIDEFINITE = claim_d_5.RidgePair(
    np.ones(1), (-0.9 * np.eye(1), np.ones(1)), (np.zeros((1, 1)), np.ones(1)), 1.0
)


def wrong_phase(b1: float, b2: float, xx: float, xy: float, yy: float) -> Estimate:
    """Claim E.2 with cos(b2) in place of cos(2 b2)."""
    return Cosine(b1, b2 / 2).dual(np.array([xx]), np.array([xy]), np.array([yy]))[0]


def wrong_coefficient_table() -> tuple[claims.CarrierCoefficient, ...]:
    """2 k^-2 in place of k^-2 at order (0, 0)."""
    first, *others = claims.carrier_coefficients()
    return dataclasses.replace(first, powers={2: 2}), *others


def wrong_coefficient() -> Examination:
    """Section F.1 with that table."""
    return section_f_1.examine_derivatives(QUICK, wrong_coefficient_table())


def identities(number: str, expression: str) -> Instances:
    """The identities that hold, and one that the assumption does not give."""
    good = [e for e in PUBLISHED[number] if number != "F.2.1" or e[:2] != "tr"]
    run = invariants.examine_identities
    wrong = {expression: partial(run, QUICK, number, (expression,))}
    return Instances(partial(run, QUICK, number, tuple(good)), wrong)


def stage(place: int) -> Instances:
    """A claim whose stage is said to force the templates as written, wildcards' names included."""
    number, forces, _ = claims.CLAIMS[place]
    too_much = [*claims.CLAIMS]
    too_much[place] = (number, forces, str)
    # At the last stage nothing ties but a template and itself under other names.
    task = toy_tasks.unchecked(["αβ", "βα"]) if place == 4 else defaults.staged_task()
    run = check(f"Claim {number}", task)
    return Instances(run, {"too much": patched(claims, "CLAIMS", tuple(too_much), run)})


def geometric(terms: int) -> EstimateArray:
    """Coefficients of a series with a radius."""
    values = 3.0 ** np.arange(terms + 1)
    return EstimateArray.exact(values)


def series(wrong: float) -> Check:
    """Lemma G.1 with series that have a radius, and with the series off the axis scaled."""
    honest = lemma_g_1.disc_coefficients
    run = patched(lemma_g_1, "lower_bound", lambda n: Fraction(1, 2**n), check("G.1"))
    run = patched(lemma_g_1.repeated_token, "coefficients", geometric, run)
    return patched(lemma_g_1, "disc_coefficients", lambda *at: wrong * honest(*at), run)


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
        {"no diagonal": partial(claim_d_2.examine_gap, ON_MIXED, diagonal=False)},
    ),
    "Claim D.3": Instances(
        check("D.3", TWO, TOY),
        {
            "half the bounds": partial(claim_d_3.examine_spectrum, ON_TWO, 2.0),
            "not semidefinite": check("D.3", TWO, toy_kernels.IndefiniteKernel()),
            "singular N": check("D.3", TWO, BLIND),
        },
    ),
    "Claim D.4": Instances(
        check("D.4", TWO, TOY),
        {
            "a quarter of the bound": partial(claim_d_4.examine_ideal_error, ON_TWO, 4.0),
            "not semidefinite": check("D.4", TWO, toy_kernels.IndefiniteKernel()),
            "singular N": check("D.4", TWO, BLIND),
        },
    ),
    "Claim D.5": Instances(
        check("D.5"),
        {
            "nine tenths": partial(claim_d_5.examine_perturbation, QUICK, 0.9),
            "not semidefinite": partial(
                claim_d_5.examine_perturbation, QUICK, pairs=[NOT_SEMIDEFINITE]
            ),
        },
    ),
    "Claim E.2": scaled(claim_e_2.examine_dual, wrong_phase, what="cos(b2)"),
    "Section F.1": Instances(check("Section F.1"), {"a wrong coefficient": wrong_coefficient}),
    "Section F.2.1": identities("F.2.1", "tr(XX^T XY^T)"),
    "Section F.2.2": identities("F.2.2", "1^T XX^T YY^T 1"),
    "Section F.2.3": identities("F.2.3", "1^T XY^T 1"),
    "Section F.2.4": identities("F.2.4", "tr(XY^T)"),
    **{f"Claim F.{place + 2}": stage(place) for place in range(5)},
    "Lemma G.1": Instances(series(1.0), {"as it stands": check("G.1"), "off": series(1.001)}),
    "Definition G.2": scaled(definition_g_2.examine_types, Fraction(11, 10)),
    "Lemma G.3": scaled(lemma_g_3.examine_composition, Fraction(11, 10)),
    "Lemma G.4": scaled(lemma_g_4.examine_arithmetic, Fraction(9, 10)),
    "Lemma G.5": scaled(lemma_g_5.examine_derivatives, Fraction(99, 100)),
    "Lemma G.6": scaled(lemma_g_6.examine_softmax, 0.3),
    "Lemma G.7": scaled(lemma_g_7.examine_entries, 20.0),
    "Lemma G.8": scaled(lemma_g_8.examine_integrand, 20.0),
    "Lemma G.9": scaled(lemma_g_9.examine_expectation, 1e-6),
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
            "another kernel": partial(remark_i_6.examine_mlp, Setting(TWO), [TOY]),
            "regular tokens": check("I.6", mixed_task()),
            "one template": check("I.6", TemplateTask.parse({"αα": 1.0})),
        },
    ),
    "Lemma I.7": Instances(
        check("I.7", SAME),
        {
            "an uneven start": partial(
                lemma_i_7.examine_lemma, Setting(SAME, quick=True), broken_networks.uneven()
            ),
            "regular tokens": check("I.7", PAIR),
        },
    ),
    "Definition J.1": Instances(
        check("J.1"),
        {"the first token": patched(definition_j_1, "symbolic_label", first_token, check("J.1"))},
    ),
}
