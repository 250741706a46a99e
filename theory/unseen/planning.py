"""How much data a task needs: n, alphabet and ridge that suffice for an error."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from kernels.boundary.checks import positive, whole
from kernels.boundary.exceptions import InvalidInputError
from kernels.boundary.memory import fits_in_memory
from kernels.contract.kernel import Kernel
from kernels.progress import counter
from theory.laws import Uniform
from theory.task import TemplateTask
from theory.unseen.bounds.limits import many_samples
from theory.unseen.certificate import Certificate
from theory.unseen.certification import certify
from theory.unseen.curves import Curve, CurvePoint
from theory.unseen.fitted import fit_ridge

_RIDGES = np.geomspace(1e-3, 1e3, 19)
"""Ridges tried, in units of max d_a."""

_LARGEST_N = 10**9
_ROUNDS = 6
"""Fits at most; each asks for more samples than the last by the share that was missing."""

_BYTES_PER_SAMPLE = 400.0
"""What a sample takes in a fit and its certificate, for each template's column."""


@dataclass(frozen=True, eq=False)
class Plan:
    """Numbers of samples and symbols, and a ridge, that suffice.

    The error is the root mean square over label noise of prediction minus label at unseen
    strings, at the worst template: max_i sqrt(bias_i^2 + noise_i^2).

    Attributes:
        n: samples.
        alphabet: equally likely symbols.
        ridge: lambda.
        error: what was asked for.
        predicted_error: by the formula B9, and
        kind: what that is worth: ``"not proved"``.
        measured_error: of a fit at n, by its certificate: at most ``error``.
        certificate: the certificate of that fit.
        seconds: how long planning took.
    """

    n: int
    alphabet: int
    ridge: float
    error: float
    predicted_error: float
    kind: str
    measured_error: float
    certificate: Certificate
    seconds: float

    def to_json(self) -> dict[str, object]:
        """The fields that scripts rely on."""
        names = ("n", "alphabet", "ridge", "predicted_error", "kind", "measured_error", "seconds")
        return {name: getattr(self, name) for name in names}


def samples_needed(
    kernel: Kernel,
    task: TemplateTask,
    *,
    error: float,
    noise: float = 0.0,
    alphabet: int | None = None,
    seed: int = 0,
    progress: bool = False,
) -> Plan:
    """The least n, up to a few percent, with which ridge regression has this error.

    The formula B9 is searched over n and the ridge; then a fit with its certificate confirms the
    answer, or asks for more samples until one does. Where the alphabet is left open it has as
    many symbols as there are samples: the error falls with 1 / n and with 1 / alphabet alike.

    Args:
        kernel: a positive semidefinite token-symmetric kernel.
        task: the task; substituted tokens avoid R.
        error: the root mean square error to reach at the worst template.
        noise: the standard deviation of the labels' noise.
        alphabet: the number of equally likely symbols.
        seed: of the samples that confirm.
        progress: show on standard error which fit is at work.

    Raises:
        InvalidInputError: an error that no n reaches, with the limit; an argument out of range;
            labels not in the range of N.
        TooLargeError: more samples than fit in memory.

    >>> from kernels import Cosine, TransformerKernel
    >>> task = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
    >>> plan = samples_needed(TransformerKernel(2.0, 1.0, Cosine(1.0, 1.2)), task, error=0.2)
    >>> plan.measured_error <= 0.2 and plan.n == plan.alphabet
    True
    """
    started = perf_counter()
    wanted = positive("error", error)
    fixed = None if alphabet is None else task.law(whole("alphabet", alphabet, least=1)).symbols
    curve = Curve.of(kernel, task, noise=noise)
    if fixed is not None:
        _require_reachable(curve, wanted, fixed)
    n, point, ridge = least_samples(curve, wanted, fixed)
    for _ in range(_ROUNDS):
        _require_room(n, len(task), wanted)
        symbols = _symbols(task, n, fixed)
        with counter(f"a fit of {n:,} samples, to confirm", shown=progress):
            certificate = _fit(kernel, task, n, symbols, ridge, noise, seed)
        rms = np.hypot(certificate.bias.values, certificate.noise.values)
        slack = certificate.bias.errors + certificate.noise.errors
        measured = float((rms + slack).max())
        if measured <= wanted:
            predicted = point.error
            assert predicted is not None  # the law is uniform
            return Plan(
                n,
                symbols,
                ridge,
                wanted,
                predicted,
                "not proved",
                measured,
                certificate,
                perf_counter() - started,
            )
        n = int(np.ceil(n * (1.02 + 1.5 * (measured / wanted - 1.0))))
        point, ridge = _best(curve, n, fixed)
    raise InvalidInputError(
        "error",
        error,
        f"fits of up to {n} samples reach {measured:.3g}, where the formula says "
        f"{point.error:.3g}; give a larger error or a larger alphabet",
    )


def least_samples(curve: Curve, wanted: float, fixed: int | None) -> tuple[int, CurvePoint, float]:
    """The least n, with a ridge of the list, at which the formula B9 is within the error.

    Args:
        curve: of the kernel and the task.
        wanted: the error.
        fixed: the number of symbols; None for as many as samples.

    Raises:
        InvalidInputError: no n up to a billion is enough.
    """
    low, high = 2 * len(curve.task), 0
    n = low
    while not high:
        point, ridge = _best(curve, n, fixed)
        if point.error is not None and point.error <= wanted:
            high, found = n, (n, point, ridge)
        elif n >= _LARGEST_N:
            raise InvalidInputError(
                "error",
                wanted,
                f"the formula B9 says that {n} samples reach {point.error:.3g} and no fewer "
                "reach less; give a larger error",
            )
        else:
            low, n = n, min(2 * n, _LARGEST_N)
    while high - low > max(1, high // 100):
        middle = (low + high) // 2
        point, ridge = _best(curve, middle, fixed)
        if point.error is not None and point.error <= wanted:
            high, found = middle, (middle, point, ridge)
        else:
            low = middle
    return found


def _best(curve: Curve, n: int, fixed: int | None) -> tuple[CurvePoint, float]:
    """The point with the least error over the ridges."""
    scale = float(curve.pairs.deviations.max()) or 1.0
    law = Uniform(_symbols(curve.task, n, fixed))
    tried = [(curve.at(n, law, float(share * scale)), float(share * scale)) for share in _RIDGES]
    trusted = [pair for pair in tried if pair[0].trusted] or tried
    return min(trusted, key=lambda pair: pair[0].error or 0.0)


def _fit(
    kernel: Kernel, task: TemplateTask, n: int, symbols: int, ridge: float, noise: float, seed: int
) -> Certificate:
    """A fit on a sample of this size, certified."""
    sample = task.sample(n, alphabet=symbols, noise=noise, seed=seed)
    return certify(fit_ridge(kernel, sample.strings, sample.labels, ridge), task, noise=noise)


def _symbols(task: TemplateTask, n: int, fixed: int | None) -> int:
    most = max(len(z.wildcards) for z in task.templates)
    return max(n, most, 1) if fixed is None else fixed


def _require_reachable(curve: Curve, wanted: float, symbols: int) -> None:
    """Refuse an error below what n without end reaches on an alphabet.

    The limit is that of B6: at a fixed ridge the bias tends to it and the noise to 0.
    """
    limit = many_samples(curve.pairs, curve.task.label_array, symbols)
    least = float(np.abs(limit).max())
    if wanted <= least:
        raise InvalidInputError(
            "error",
            wanted,
            f"with {symbols} equally likely symbols no number of samples brings the error below "
            f"{least:.3g}, the limit at any fixed ridge; give a larger error or alphabet",
        )


def _require_room(n: int, templates: int, wanted: float) -> None:
    if not fits_in_memory(n * (_BYTES_PER_SAMPLE + 100.0 * templates)):
        raise InvalidInputError(
            "error",
            wanted,
            f"it takes about {n} samples, more than fit in memory; give a larger one",
        )
