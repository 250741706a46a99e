"""Generalization on unseen symbols with (epsilon, delta)-error (Definition 3.3)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from kernels.estimates import ErrorKind
from theory.statements.framework.claims import Fact
from theory.statements.framework.examination import Examination
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.symmetry import TOKEN_SYMMETRIC
from theory.statements.shared.defaults import small_task, transformer_kernel
from theory.statements.shared.samples import few_overlaps
from theory.statements.shared.scale import divided_by, kernel_size, with_unit_labels
from theory.statements.shared.strings import unseen_strings

_WHO = ("oracle", "memory", "ridge")


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
    """
    setting, scale = with_unit_labels(setting)
    task, kernel = setting.task, setting.kernel
    copies, draws = 2, 4 if setting.quick else 12
    strings = unseen_strings(task, copies)
    labels = np.repeat(task.label_array, copies)
    oracle = np.array(
        [
            [y for z, y in zip(task.templates, task.labels, strict=True) if z.match(x) is not None]
            for x in strings
        ]
    ).reshape(1, -1)
    claims = [
        Fact("oracle", failure_rate(oracle, labels, 0.0) == 0.0, {"epsilon": 0.0, "delta": 0.0})
    ]
    largest = float((labels**2).max())
    memory = np.zeros((1, len(labels)))
    if largest:
        rates = failure_rate(memory, labels, 0.99 * largest), failure_rate(memory, labels, largest)
        claims.append(Fact("memory", rates == (1.0, 0.0), {"delta": list(rates)}))
    predictions = np.empty((draws, len(strings)))
    kinds, size = [], kernel_size(setting)
    n, alphabet = 40, few_overlaps(task, 80, 4 * task.length, quick=setting.quick)
    for draw in range(draws):
        sample = task.sample(n, alphabet=alphabet, noise=0.1, seed=1_000 * setting.seed + draw)
        own, cross = kernel.gram(sample.strings), kernel.gram(strings, sample.strings)
        kinds += [own.kind, cross.kind]
        dual = np.linalg.solve(own.values / size + 0.1 * np.eye(n), sample.labels)
        predictions[draw] = cross.values / size @ dual
    grouped = predictions.reshape(draws, len(task), copies)
    spread = float((grouped.max(axis=2) - grouped.min(axis=2)).max())
    compared = {"spread": spread, "strings a template": copies}
    claims.append(
        Fact("one string stands for its template", spread < 1e-8, compared, ErrorKind.NUMERICAL)
    )
    epsilons = [0.01, 0.1, 0.5, 1.0]
    deltas = [failure_rate(predictions, labels, epsilon) for epsilon in epsilons]
    # What ridge regression reaches on so few samples is reported; the definition promises nothing.
    table = {"epsilon": epsilons, "delta": deltas, "draws": draws, "n": n, "alphabet": alphabet}
    evidence = {"ridge regression": table, **divided_by(scale, size)}
    seen = 0.0, failure_rate(memory, labels, epsilons[1]), deltas[1]
    shown = ", ".join(f"{who} {rate:.2g}" for who, rate in zip(_WHO, seen, strict=True))
    figure = f"failures at ε = {epsilons[1]:g}: {shown} (on {n} samples)"
    return Examination(claims, figure, evidence=evidence, entered=ErrorKind.weakest(kinds))


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
