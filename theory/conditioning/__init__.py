"""How well conditioned template matrices are: distances of templates, and lower bounds."""

from __future__ import annotations

from theory.conditioning.activation_bound import activation_bound
from theory.conditioning.cosine_bound import cosine_bound
from theory.conditioning.distances import Margin, premise_margin, squared_distances
from theory.conditioning.eigenvalue_bound import EigenvalueBound

__all__ = [
    "EigenvalueBound",
    "Margin",
    "activation_bound",
    "cosine_bound",
    "premise_margin",
    "squared_distances",
]
