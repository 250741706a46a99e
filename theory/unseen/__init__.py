"""Ridge regression on unseen symbols, exactly (part B of the project's theorems).

Where the statements have R, the regular tokens, ``[CLS]`` is left out, as in `theory`; lambda is
called ridge, f_* the labels.
"""

from __future__ import annotations

from theory.unseen.certificate import Certificate
from theory.unseen.certification import certify
from theory.unseen.curves import CurvePoint, UnprovedWarning, learning_curve
from theory.unseen.planning import Plan, samples_needed

__all__ = [
    "Certificate",
    "CurvePoint",
    "Plan",
    "UnprovedWarning",
    "certify",
    "learning_curve",
    "samples_needed",
]
