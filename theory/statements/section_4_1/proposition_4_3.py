"""Kernel gradient flow converges to kernel ridge regression (Proposition 4.3)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64
from scipy.integrate import solve_ivp

from kernels.estimates import ErrorKind, Estimate, EstimateArray, Exact, Numerical
from theory.statements.framework.claims import Equal
from theory.statements.framework.examination import Examination
from theory.statements.framework.hypothesis import Doubt, Hypothesis
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.semidefinite import IS_SEMIDEFINITE, indefinite
from theory.statements.hypotheses.symmetry import TOKEN_SYMMETRIC
from theory.statements.shared.defaults import small_task, transformer_kernel
from theory.statements.shared.scale import divided_by, kernel_size, with_unit_labels

_RIDGE = 0.5
_TOLERANCE = 1e-10
"""Of the solver of differential equations, relative and absolute."""

_RESOLUTION = 1e-5


def _grams(
    setting: Setting,
) -> tuple[EstimateArray, EstimateArray, Float64[np.ndarray, " n"]]:
    """A sample's Gram matrix, the rows of unseen strings beside it, and the labels."""
    n = 12 if setting.quick else 24
    sample = setting.task.sample(n, alphabet=3 * setting.task.length, noise=0.3, seed=setting.seed)
    kernel = setting.kernel
    cross = kernel.gram(setting.task.unseen(), sample.strings)
    return kernel.gram(sample.strings), cross, sample.labels


def _not_semidefinite(setting: Setting) -> str | Doubt | None:
    """The sample itself must be semidefinite: the flow needs a square root of its matrix."""
    return indefinite("a Gram matrix has", _grams(setting)[0])


def positive_part(gram: Float64[np.ndarray, "n n"]) -> Float64[np.ndarray, "n n"]:
    """A symmetric matrix with 0 in place of its negative eigenvalues, which errors explain."""
    mu, vectors = np.linalg.eigh(gram)
    return (vectors * np.maximum(mu, 0.0)) @ vectors.T


def closed_form(
    gram: Float64[np.ndarray, "n n"], labels: Float64[np.ndarray, " n"], ridge: float, time: float
) -> Float64[np.ndarray, " n"]:
    """The dual coefficients of the flow at a time, by eigenvectors.

    With theta = sum_i a_i phi(x_i), the flow of ``|Phi theta - y|^2 / 2 + ridge |theta|^2 / 2``
    from 0 is ``a' = y - (K + ridge) a``, so that along an eigenvector of K with eigenvalue mu
    ``a(t) = (1 - exp(-(mu + ridge) t)) / (mu + ridge)`` times the component of y.

    >>> float(closed_form(np.eye(1), np.ones(1), 1.0, 1e3)[0])
    0.5
    """
    mu, vectors = np.linalg.eigh(gram)
    rate = mu + ridge
    return vectors @ (-np.expm1(-rate * time) / rate * (vectors.T @ labels))


def integrated(
    gram: Float64[np.ndarray, "n n"], labels: Float64[np.ndarray, " n"], ridge: float, time: float
) -> Float64[np.ndarray, " n"]:
    """The flow of the weights theta themselves, by an implicit Runge-Kutta method (Radau).

    The features are a square root of the Gram matrix: Phi Phi^T = K. Returned are the fitted
    values Phi theta at the training strings.

    Raises:
        ArithmeticError: the solver does not reach the end.
    """
    mu, vectors = np.linalg.eigh(gram)
    features = (vectors * np.sqrt(np.maximum(mu, 0.0))) @ vectors.T
    hessian = features.T @ features + ridge * np.eye(len(gram))
    pull = features.T @ labels
    found = solve_ivp(
        lambda _, theta: pull - hessian @ theta,
        (0.0, time),
        np.zeros(len(gram)),
        method="Radau",
        jac=-hessian,
        rtol=_TOLERANCE,
        atol=_TOLERANCE,
        t_eval=[time],
    )
    if not found.success:
        raise ArithmeticError(f"the solver of the flow stopped: {found.message}")
    return features @ found.y[:, -1]


def examine_flow(setting: Setting, limit_ridge: float = _RIDGE) -> Examination:
    """The flow with weight decay 1/2, at three times and at its limit, against equation (4).

    Kernel and weight decay are divided by the size of the kernel, which scales time and changes
    no prediction: then the condition of the system is at most twice the number of samples.
    """
    setting, divisor = with_unit_labels(setting)
    grams, beside, labels = _grams(setting)
    size = kernel_size(setting)
    gram, cross = positive_part(grams.values / size), beside.values / size
    claims = []
    scale = float(np.abs(labels).max())
    # Each step of the solver errs by at most its tolerance; some hundred steps are taken.
    solver = 1e3 * _TOLERANCE * scale * len(labels)
    for time in (0.01, 0.1, 1.0):
        exact = gram @ closed_form(gram, labels, _RIDGE, time)
        flow = integrated(gram, labels, _RIDGE, time)
        gap = float(np.abs(exact - flow).max())
        claims.append(
            Equal(
                f"largest gap of solver and eigenvectors at time {time:g}",
                Estimate(gap, Numerical(solver)),
                Estimate(0.0, Exact()),
                resolution=_RESOLUTION,
            )
        )
    end = 40.0 / _RIDGE
    left = float(np.exp(-_RIDGE * end)) * scale * len(labels) / _RIDGE
    ridge = np.linalg.solve(gram + limit_ridge * np.eye(len(gram)), labels)
    flow = integrated(gram, labels, _RIDGE, end)
    gap = float(np.abs(flow - gram @ ridge).max())
    claims.append(
        Equal(
            "largest gap of solver and ridge at the limit",
            Estimate(gap, Numerical(solver + left)),
            Estimate(0.0, Exact()),
            resolution=_RESOLUTION,
        )
    )
    limit = closed_form(gram, labels, _RIDGE, end)
    for string, first, second in zip(
        setting.task.unseen(), cross @ limit, cross @ ridge, strict=True
    ):
        error = left + 1e-11 * scale * len(labels)
        claims.append(
            Equal(
                f"prediction at {string}",
                Estimate(float(first), Numerical(error)),
                Estimate(float(second), Numerical(error)),
                resolution=_RESOLUTION,
            )
        )
    figure = f"flow and ridge regression end {gap:.0e} apart on {len(labels)} samples"
    entered = ErrorKind.weakest([grams.kind, beside.kind])
    return Examination(claims, figure, evidence=divided_by(divisor, size), entered=entered)


STATEMENT = Statement(
    ids=("Proposition 4.3", "Equation (4)"),
    title="Gradient flow ends in kernel ridge regression",
    words="Kernel gradient flow on the square loss with weight decay λ converges to kernel "
    "ridge regression with ridge λ, for the loss that halves both squares.",
    latex=r"\hat f(x) = y^T (\hat K + \lambda I)^{-1} v(x)",
    examine=examine_flow,
    hypotheses=(
        TOKEN_SYMMETRIC,
        Hypothesis(IS_SEMIDEFINITE, "kernel", _not_semidefinite),
    ),
    default_task=small_task,
    default_kernel=transformer_kernel,
)
