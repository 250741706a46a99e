"""Claims F.2 to F.6 on a set of templates, and the coefficients that carry their proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Literal, TypeAlias

from theory.derivatives.orders import PROOF_ORDERS, Order
from theory.derivatives.separation.assignment import Competitors, competitors
from theory.derivatives.separation.costs import cost_matrix, scale
from theory.derivatives.symbolic.notation import parse
from theory.derivatives.symbolic.table import derivative_table
from theory.given_templates import Templates, given_templates
from theory.template import Template, is_wildcard

Feature: TypeAlias = Callable[[Template], object]

CARRIERS: dict[Order, tuple[str, ...]] = {
    (0, 0): ("1^T XY^T 1",),
    (2, 2): ("tr(XY^T)",),
    (4, 0): ("1^T XY^T 1", "1^T XX^T 1", "1^T YY^T 1"),
    (4, 2): ("1^T XX^T YY^T 1",),
    (6, 4): ("tr(XX^T YY^T)",),
}
"""For each order of the proof, the product of invariants that no earlier stage makes constant."""


@dataclass(frozen=True)
class CarrierCoefficient:
    """The coefficient of a carrier, as a polynomial in 1/k.

    Attributes:
        order: of the derivative.
        powers: at p the coefficient of ``k^(-p)``.
        positive: whether it is positive for every k of at least 2, by exact arithmetic: after
            multiplication by a power of k and the shift k = 2 + t, no coefficient of t is
            negative and the constant one is positive. The test is sufficient, not necessary.
    """

    order: Order
    powers: dict[int, int]
    positive: bool


def carrier_coefficients() -> tuple[CarrierCoefficient, ...]:
    """The five coefficients that carry the proof.

    >>> [(c.powers, c.positive) for c in carrier_coefficients()][:2]
    [({2: 1}, True), ({2: 8}, True)]
    """
    found = []
    for order, names in CARRIERS.items():
        powers = derivative_table(*order).coefficient(*map(parse, names))
        found.append(CarrierCoefficient(order, powers, positive_from_2_on(powers)))
    return tuple(found)


def positive_from_2_on(powers: dict[int, int]) -> bool:
    """Whether ``sum_p c_p k^(-p)`` is seen to be positive for every k of at least 2.

    >>> positive_from_2_on({2: 1, 3: -1}), positive_from_2_on({2: 1, 3: -2})
    (True, False)
    """
    top = max(powers, default=0)
    shifted = [0] * (top + 1)
    for p, c in powers.items():
        degree = top - p
        for n in range(degree + 1):
            shifted[n] += c * comb(degree, n) * 2 ** (degree - n)
    return shifted[0] > 0 and min(shifted) >= 0


def _regular_degrees(z: Template) -> object:
    return sorted((t, z.tokens.count(t)) for t in z.regular_tokens)


def _regular_positions(z: Template) -> object:
    return [None if is_wildcard(t) else t for t in z.tokens]


def _histogram_norm(z: Template) -> object:
    return sum(z.tokens.count(t) for t in z.tokens)


def _degrees(z: Template) -> object:
    return [z.tokens.count(t) for t in z.tokens]


def _itself(z: Template) -> object:
    return z


CLAIMS: tuple[tuple[str, str, Feature], ...] = (
    ("F.2", "regular-token degrees match", _regular_degrees),
    ("F.3", "regular-token positions match", _regular_positions),
    ("F.4", "wildcard degree-histogram norms match", _histogram_norm),
    ("F.5", "wildcard degree distributions match", _degrees),
    ("F.6", "wildcard positions match", _itself),
)
"""Number, what equality at the stage forces, and that feature of a template."""


@dataclass(frozen=True)
class ClaimVerdict:
    """One claim on one set of templates.

    Attributes:
        claim: F.2 to F.6.
        order: the derivatives compared.
        forces: what equality at this order, after those before, forces.
        verdict: ``holds`` or ``violated``.
        compared: competitors that tie up to this order.
        tied: those of them that still tie.
        margin: the least strict inequality, None where there is none.
        counterexample: templates whose competitor beats the identity, or ties and does not match.
    """

    claim: str
    order: Order
    forces: str
    verdict: Literal["holds", "violated"]
    compared: int
    tied: int
    margin: Fraction | None
    counterexample: tuple[str, ...]


def check_claims(templates: Templates) -> tuple[ClaimVerdict, ...]:
    """Claims F.2 to F.6, exactly: at each order the identity wins or ties, and a tie forces.

    A competitor is that of `SeparationCertificate`. A claim after one whose order the identity does
    not win is left out, since its premise is void.

    >>> [(v.claim, v.verdict, v.compared, v.tied) for v in check_claims(["αa", "aα", "αα"])]
    [('F.2', 'holds', 6, 2), ('F.3', 'holds', 2, 0), ('F.4', 'holds', 0, 0),
     ('F.5', 'holds', 0, 0), ('F.6', 'holds', 0, 0)]
    """
    chosen = given_templates(templates)
    r = len(chosen)
    pairs = [(i, j) for i in range(r) for j in range(r) if i != j]
    compared = pairs
    verdicts: list[ClaimVerdict] = []
    costs = []
    for stage, ((claim, forces, feature), order) in enumerate(
        zip(CLAIMS, PROOF_ORDERS, strict=True)
    ):
        costs.append(cost_matrix(chosen, order))
        found = competitors(costs)
        if not isinstance(found, Competitors):
            cycle = tuple(str(chosen[i]) for i in found)
            verdicts.append(
                ClaimVerdict(claim, order, forces, "violated", len(compared), 0, None, cycle)
            )
            break
        losses = {pair: found.loss(*pair)[stage] for pair in compared}
        tied = [pair for pair in compared if losses[pair] == 0]
        margin = min((loss for loss in losses.values() if loss), default=None)
        bad = next(((i, j) for i, j in tied if feature(chosen[i]) != feature(chosen[j])), None)
        verdicts.append(
            ClaimVerdict(
                claim,
                order,
                forces,
                "holds" if bad is None else "violated",
                len(compared),
                len(tied),
                None if margin is None else Fraction(margin, scale(order, chosen[0].length)),
                () if bad is None else tuple(str(chosen[i]) for i in bad),
            )
        )
        compared = tied
    return tuple(verdicts)
