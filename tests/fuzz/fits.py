"""Ridge regression: both routes against a solution in balls of 300 bits, and against each other."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from typing import Literal

import numpy as np
from flint import arb, arb_mat, ctx
from sklearn.exceptions import ConvergenceWarning

from kernels import KernelRidge, MLPKernel
from kernels.boundary.exceptions import InvalidInputError
from kernels.contract.kernel import Kernel

_BITS = 300
_ROUTES: tuple[Literal["dense", "structured"], ...] = "dense", "structured"
_LABELS: tuple[Callable[[random.Random], float], ...] = (
    lambda rng: rng.choice([-1.0, 1.0]),
    lambda rng: rng.gauss(0.0, 1.0),
    lambda rng: rng.choice([1.0, -1.0, 1e16, -1e16]),
    lambda rng: rng.choice([0.0, 1e-90, 1e-8]),
    lambda rng: rng.gauss(0.0, 1.0) * 10.0 ** rng.uniform(-90.0, 90.0),
)


def check(rng: random.Random) -> str | None:
    """One fit to a few strings; what is wrong with its predictions, if anything is."""
    length, letters = rng.randint(1, 4), rng.choice(["AB", "ABC", "ABCDEFGH"])
    count = rng.randint(1, 14)

    def strings(letters: str, n: int) -> list[str]:
        return ["".join(rng.choices(letters, k=length)) for _ in range(n)]

    known, new = strings(letters, count), strings(letters + "XYZ", 5)
    draw = rng.choice(_LABELS)
    labels = [draw(rng) for _ in known]
    weights = None if rng.random() < 0.5 else [rng.choice([1.0, 2.0, 0.25, 0.0]) for _ in known]
    if weights is not None and not any(weights):
        weights[0] = 1.0
    alpha = 10.0 ** rng.uniform(-8.0, 4.0)
    kernel = MLPKernel(depth=rng.choice([1, 1, 2]))
    truth = _exactly(kernel, known, labels, weights, alpha, new)
    said = f"fit to {known}, {labels}, weights {weights}, alpha {alpha!r}, depth {kernel.depth}"
    for route in _ROUTES:
        try:
            model = KernelRidge(kernel, alpha=alpha, route=route)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)  # its errors must say it too
                model.fit(known, labels, sample_weight=weights)
            found = model.predict(new, return_error=True)
        except InvalidInputError as refusal:
            return f"{said}: route {route} refuses: {refusal}"
        if not (np.isfinite(found.values).all() and (found.errors >= 0.0).all()):
            return f"{said}: route {route} predicts {found}"
        for string, value, error, exact in zip(new, found.values, found.errors, truth, strict=True):
            if not abs(arb(float(value)) - exact) <= arb(float(error)):
                return f"{said}: route {route} predicts {value!r} ± {error!r} at {string}: {exact}"
    return None


def _exactly(
    kernel: Kernel,
    known: list[str],
    labels: list[float],
    weights: list[float] | None,
    alpha: float,
    new: list[str],
) -> list[arb]:
    """The predictions of equation (4) with the kernel's own values, without a rounding."""
    weights = [1.0] * len(known) if weights is None else weights
    kept = [i for i, weight in enumerate(weights) if weight]
    strings = [known[i] for i in kept]
    gram, cross = kernel.gram(strings).values.tolist(), kernel.gram(new, strings).values.tolist()
    before, ctx.prec = ctx.prec, _BITS
    try:
        ridges = [arb(alpha) / arb(weights[i]) for i in kept]
        system = arb_mat([[arb(value) for value in row] for row in gram])
        for k, ridge in enumerate(ridges):
            system[k, k] += ridge
        solved = system.solve(arb_mat([[arb(labels[i])] for i in kept]))
        rows = arb_mat([[arb(value) for value in row] for row in cross])
        return [prediction for (prediction,) in (rows * solved).tolist()]
    finally:
        ctx.prec = before
