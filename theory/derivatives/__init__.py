"""Derivatives of the attention kernel at (beta, gamma) = (0, 0), exactly, and what they prove.

Notation: kappa_{X,Y}(beta, gamma) is K_attn(x, y) in the scaling of Section 4.1; an order (i, j)
is i derivatives in beta and j in gamma; k counts ``[CLS]``. The paper's sums over index graphs
are written as products of connected invariants (`theory.derivatives.symbolic.invariants`).

Two exact routes: `attention_derivatives`, for given strings, through Hermite polynomials and
cumulants, and `derivative_table`, for symbolic strings, through index graphs. A numerical one:
`contour_derivatives`. On top of them: `separate` and `verify` (Lemma 4.7 for given templates),
`check_claims` (Claims F.2 to F.6) and `check_identities` (F.2.1 to F.2.4).
"""

from __future__ import annotations

from theory.derivatives.given_strings.attention import attention_derivatives
from theory.derivatives.given_strings.contour import contour_derivatives
from theory.derivatives.orders import PROOF_ORDERS
from theory.derivatives.separation.certificate import SeparationCertificate, Stage
from theory.derivatives.separation.claims import carrier_coefficients, check_claims
from theory.derivatives.separation.search import separate
from theory.derivatives.separation.verification import verify
from theory.derivatives.symbolic.identities import check_identities, check_identity
from theory.derivatives.symbolic.table import DerivativeTable, derivative_table

__all__ = [
    "PROOF_ORDERS",
    "DerivativeTable",
    "SeparationCertificate",
    "Stage",
    "attention_derivatives",
    "carrier_coefficients",
    "check_claims",
    "check_identities",
    "check_identity",
    "contour_derivatives",
    "derivative_table",
    "separate",
    "verify",
]
