"""Which route to the solution to take."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import numpy as np
from jaxtyping import Float64

from kernels.boundary.exceptions import TooLargeError
from kernels.boundary.memory import fits_in_memory, require_memory
from kernels.contract.kernel import Kernel
from kernels.regression.arrays.engine import Engine
from kernels.regression.operator.gram_operator import BYTES_PER_STRING, GramOperator, fixed_codes
from kernels.regression.operator.matchings import MOST, MatchingTable
from kernels.regression.operator.samples import MergedStrings, merge
from kernels.regression.routes.dense import BYTES_PER_PAIR, DenseSystem
from kernels.regression.routes.structured import StructuredSystem
from kernels.regression.solution import RidgeProblem, Samples
from kernels.strings.encoding import EncodedStrings

Route = Literal["auto", "dense", "structured"]

_FEW = 1_000
"""Distinct strings up to which a factorization takes less than a tenth of a second."""

_UNLIKE = 8
"""Distinct strings per shape below which the strings have no structure worth using."""

_ALWAYS = 50_000
"""Terms that the structured route may take where it is asked for, however few the strings: some
seconds. Three strings of 13 symbols, all of the same ones, have 400,000, and 6 kernel values."""

_SECONDS_PER_TERM = 4e-6
"""A term of inclusion-exclusion, with its kernel value where that is cheap."""

_SECONDS_PER_COMPARISON = 2e-9
"""Comparing two tokens of two strings, as finding the patterns of all pairs does."""

_SECONDS_PER_MULTIPLICATION = 2e-11
"""Of a Cholesky factorization on two cores."""


def choose_system(
    kernel: Kernel,
    strings: EncodedStrings,
    weight: Float64[np.ndarray, " n"] | None,
    route: Route,
    *,
    engine: Engine = "numpy",
    fixed_tokens: Collection[str] | None = None,
    n_jobs: int | None = None,
    progress: bool = False,
) -> RidgeProblem:
    """The equation of the distinct strings, set up for a route.

    Where the route is left open, the operator is set up only as long as it takes fewer terms than
    the dense route has time for: the number of terms is known order by order, before they are
    computed. The dense route needs no more kernel values than the structured one.

    Args:
        kernel: a kernel on strings.
        strings: the training strings.
        weight: their weights, above 0; None where all are 1.
        route: ``"dense"``, ``"structured"`` or ``"auto"``.
        engine: what runs the iteration of the structured route.
        fixed_tokens: see `GramOperator`.
        n_jobs: joblib workers for kernel values; where left out, joblib decides.
        progress: show progress bars.

    Raises:
        TooLargeError: the work would not fit in memory, or the structured route would take too
            many kinds of pairs where the dense one does not fit.
    """
    n = len(strings)
    require_memory("strings", n, BYTES_PER_STRING * n, "use fewer strings")
    fixed = fixed_codes(strings, fixed_tokens)
    merged = merge(strings.codes, fixed)
    samples = Samples.of(merged, weight)
    dense_fits = fits_in_memory(BYTES_PER_PAIR * merged.rows**2)
    most = MOST
    if dense_fits:
        most = min(MOST, _affordable_terms(merged, strings.length))
        if route == "auto" and most == 0:
            route = "dense"
        elif route == "structured":
            most = max(most, min(MOST, _ALWAYS))
    if route != "dense":
        table = MatchingTable(kernel, n_jobs=n_jobs, progress=progress, most=most)
        try:
            operator = GramOperator.of_merged(merged, fixed, table)
            system = StructuredSystem(operator, samples.root, engine, progress=progress)
            return RidgeProblem("structured", samples, system)
        except TooLargeError:
            if route == "structured" or not dense_fits:
                raise
    distinct = strings[samples.examples]
    dense = DenseSystem(kernel, distinct, samples.root, n_jobs=n_jobs, progress=progress)
    return RidgeProblem("dense", samples, dense)


def _affordable_terms(merged: MergedStrings, length: int) -> int:
    """How many terms of the structured route take as long as the dense route, without its values.

    0 where strings are few or unlike.
    """
    u = merged.rows
    if u <= _FEW or u < _UNLIKE * len(merged.shapes):
        return 0
    seconds = _SECONDS_PER_COMPARISON * (u * length) ** 2 + _SECONDS_PER_MULTIPLICATION * u**3
    return int(seconds / _SECONDS_PER_TERM)
