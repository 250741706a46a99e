"""A number never travels alone: its error, and what kind of error that is, go with it.

Four types say what an error claims (`error`), one number carries one (`estimate`), an array one
for each entry (`array`); what becomes of errors in sums, products and quotients, in matrix
products, norms and eigenvalues and through rounding is written down once (`rules`).
"""

from kernels.estimates.array import EstimateArray
from kernels.estimates.error import Error, ErrorKind, Exact, Numerical, Proved, StandardError
from kernels.estimates.estimate import Estimate

__all__ = [
    "Error",
    "ErrorKind",
    "Estimate",
    "EstimateArray",
    "Exact",
    "Numerical",
    "Proved",
    "StandardError",
]
