"""Generalization on unseen symbols with (epsilon, delta)-error (Definition 3.3)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float64

from kernels.estimates import ErrorKind, Estimate, Numerical, StandardError
from theory.sample import Sample
from theory.statements.framework.claims import AtMost, Claim, Equal, Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.symmetry import TOKEN_SYMMETRIC
from theory.statements.shared.claims.failures import rarely_fails
from theory.statements.shared.instances.defaults import small_task, transformer_kernel
from theory.statements.shared.instances.samples import every_template, few_overlaps
from theory.statements.shared.instances.scale import divided_by, kernel_size, with_unit_labels
from theory.statements.shared.instances.strings import unseen_strings
from theory.unseen import Certificate, certify

_WHO = ("oracle", "memory", "ridge")

_EPSILON = 0.1
_DELTA = 0.1
_COPIES = 2
"""Strings of each template."""

_RIDGE = 0.01
"""Beside the largest K(x, x)."""

_NOISE = 0.1
_SAMPLES, _QUICK_SAMPLES = 400, 200
_TOLERANCE = 1e-10
"""Of the solves, relative."""

_SLACK = 1e-6
"""Beside the error of the best constant: an epsilon as close to it counts as no better."""


def failure_rate(
    predictions: Float64[np.ndarray, "draws t"], labels: Float64[np.ndarray, " t"], epsilon: float
) -> float:
    """The least delta, estimated over draws: the largest share of squared errors above epsilon.

    >>> failure_rate(np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([1.0, 1.0]), 0.5)
    0.5
    """
    return float(((predictions - labels) ** 2 > epsilon).mean(axis=0).max())


def examine_unseen(setting: Setting) -> Examination:
    """Estimators whose (epsilon, delta) are known, and the ridge of the kernel.

    The oracle, which finds the template by Def. 3.1, has delta 0 at every epsilon. A memory of
    the training strings that answers 0 elsewhere fails surely below the largest f_*^2. For a
    token-symmetric kernel the prediction is the same at all unseen strings of one template, so
    that one string for each template decides.

    For ridge regression on given strings the certificate (B1) says which epsilon goes with a
    delta, over label noise; predictions for noise drawn anew are held against it. That epsilon
    must be below the one of the best constant answer, ``(max f_* - min f_*)^2 / 4``, whose delta
    is 0: else the estimator says nothing of unseen symbols.
    """
    setting, scale = with_unit_labels(setting)
    task = setting.task
    strings = unseen_strings(task, _COPIES)
    labels = np.repeat(task.label_array, _COPIES)
    oracle = np.array(
        [
            [y for z, y in zip(task.templates, task.labels, strict=True) if z.match(x) is not None]
            for x in strings
        ]
    ).reshape(1, -1)
    claims: list[Claim] = [
        Fact("oracle", failure_rate(oracle, labels, 0.0) == 0.0, {"epsilon": 0.0, "delta": 0.0})
    ]
    largest = float((labels**2).max())
    memory = np.zeros((1, len(labels)))
    if largest:
        rates = failure_rate(memory, labels, 0.99 * largest), failure_rate(memory, labels, largest)
        claims.append(Fact("memory", rates == (1.0, 0.0), {"delta": list(rates)}))
    of_ridge, evidence, kind = _ridge_claims(setting, strings)
    claims += of_ridge
    # The paper's order: one estimator after the other, at the same epsilon.
    seen = 0.0, failure_rate(memory, labels, _EPSILON), evidence["delta at 0.1"]
    shown = ", ".join(f"{who} {rate:.2g}" for who, rate in zip(_WHO, seen, strict=True))
    figure = f"failures at ε = {_EPSILON:g}: {shown} (on {evidence['n']} samples)"
    said = {"ridge regression": evidence, **divided_by(scale)}
    return Examination(claims, figure, evidence=said, entered=kind)


def _ridge_claims(
    setting: Setting, strings: Sequence[str]
) -> tuple[list[Claim], dict[str, object], ErrorKind]:
    """What the certificate says of ridge regression, beside predictions by dense matrices."""
    task, kernel, size = setting.task, setting.kernel, kernel_size(setting)
    n = _QUICK_SAMPLES if setting.quick else _SAMPLES
    symbols = few_overlaps(task, n, 4 * task.length, quick=setting.quick)
    sample = every_template(setting, n, symbols, 1, hits=False)
    own, cross = kernel.gram(sample.strings), kernel.gram(strings, sample.strings)
    kind = ErrorKind.weakest([own.kind, cross.kind])
    gram = own.values / size + _RIDGE * np.eye(n)
    draws = 400 if setting.quick else 4_000
    noise = _NOISE * setting.rng().standard_normal((draws, n))
    given = task.label_array[sample.templates] + noise
    predictions = given @ np.linalg.solve(gram, (cross.values / size).T)
    grouped = predictions.reshape(draws, len(task), _COPIES)
    errors = grouped[:, :, 0] - task.label_array
    epsilons = [0.01, _EPSILON, 0.5, 1.0]
    deltas = [failure_rate(errors, np.zeros(len(task)), epsilon) for epsilon in epsilons]
    # What ridge regression reaches on so few samples is reported; the definition promises nothing.
    table = {"epsilon": epsilons, "delta": deltas, "draws": draws, "n": n, "alphabet": symbols}
    evidence: dict[str, object] = {**table, "delta at 0.1": deltas[1]}
    spread = float((grouped.max(axis=2) - grouped.min(axis=2)).max())
    compared = {"spread": spread, "strings a template": _COPIES}
    alike = spread < 1e-8
    one = Fact("one string stands for its template", alike, compared, ErrorKind.NUMERICAL)
    if not alike:
        return [one], evidence, kind
    certificate = _certificate(setting, sample, size)
    evidence |= {
        "bias": certificate.bias.values.tolist(),
        "noise": certificate.noise.values.tolist(),
    }
    return [one, *_certified_claims(setting, certificate, errors)], evidence, kind


def _certificate(setting: Setting, sample: Sample, size: float) -> Certificate:
    from kernels.regression.ridge import KernelRidge  # noqa: PLC0415 - not needed to import theory

    model = KernelRidge(setting.kernel, alpha=_RIDGE * size, tol=_TOLERANCE)
    model.fit(sample.strings, sample.labels)
    return certify(model, setting.task, noise=_NOISE)


def _certified_claims(
    setting: Setting, certificate: Certificate, errors: Float64[np.ndarray, "draws r"]
) -> list[Claim]:
    """Errors of predictions over drawn label noise, against their law by the certificate."""
    task, draws = setting.task, len(errors)
    claims: list[Claim] = []
    bounds, best = certificate.bound(_DELTA) ** 2, float(np.ptp(task.label_array)) ** 2 / 4.0
    for i, z in enumerate(task.templates):
        bias = certificate.bias[i]
        deviation = float(certificate.noise.values[i])
        mean = Estimate(float(errors[:, i].mean()), StandardError(deviation / math.sqrt(draws)))
        resolution = 20.0 * float(mean.error) + 1e-6
        claims.append(Equal(f"template {z}: bias", mean, bias, resolution=resolution))
        # The share of squared errors that the certificate's Gaussian puts above epsilon.
        above = int((errors[:, i] ** 2 > bounds[i]).sum())
        claims.append(rarely_fails(f"template {z}: delta", above, draws, _DELTA, {}))
    if best:
        worst = Estimate(float(np.max(np.mean(errors**2, axis=0))), Numerical(_SLACK * best))
        epsilon = Estimate(float(bounds.max()), Numerical(_SLACK * best))
        name = f"mean squared error is at most epsilon at delta = {_DELTA:g}"
        claims.append(AtMost(name, worst, epsilon, trivial=(1.0 - _SLACK) * best))
    return claims


STATEMENT = Statement(
    ids=("Definition 3.3",),
    title="Generalization on unseen symbols",
    words="An estimator generalizes on unseen symbols with (ε, δ)-error if at every "
    "string of a template its squared error is at most ε but for a probability δ.",
    latex=r"\Pr[(\hat f(x) - f_*(z))^2 \le \varepsilon] \ge 1 - \delta",
    examine=examine_unseen,
    hypotheses=(TOKEN_SYMMETRIC,),
    default_task=small_task,
    default_kernel=transformer_kernel,
)
