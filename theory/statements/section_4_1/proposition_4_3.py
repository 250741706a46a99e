"""Kernel gradient flow converges to kernel ridge regression (Proposition 4.3)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64
from scipy.integrate import solve_ivp

from kernels.estimates import Estimate, EstimateArray, Exact, Numerical
from theory.statements.framework.claims import Claim, Equal
from theory.statements.framework.examination import Examination
from theory.statements.framework.hypothesis import Doubt, Hypothesis
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.semidefinite import IS_SEMIDEFINITE, indefinite
from theory.statements.hypotheses.symmetry import TOKEN_SYMMETRIC
from theory.statements.shared.instances.defaults import small_task, transformer_kernel
from theory.statements.shared.instances.scale import divided_by, kernel_size, with_unit_labels

_RIDGES = (0.1, 0.5, 2.0)
"""Weight decays, beside the size of the kernel."""

_TOLERANCE = 1e-10
"""Of the solver of differential equations, relative and absolute."""

_RESOLUTION = 1e-5


def _grams(setting: Setting) -> tuple[EstimateArray, Float64[np.ndarray, " n"]]:
    """The Gram matrix of a sample and, after it, of unseen strings; and the sample's labels."""
    n = 12 if setting.quick else 24
    sample = setting.task.sample(n, alphabet=3 * setting.task.length, noise=0.3, seed=setting.seed)
    strings = [sample.strings[row] for row in range(n)] + setting.task.unseen()
    return setting.kernel.gram(strings), sample.labels


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
    gram: Float64[np.ndarray, "t t"], labels: Float64[np.ndarray, " n"], ridge: float, time: float
) -> Float64[np.ndarray, " t"]:
    """The flow of the weights theta themselves, by an implicit Runge-Kutta method (Radau).

    The features are a square root of the Gram matrix, ``Phi Phi^T = K``. The first n strings are
    trained on; returned are the predictions Phi theta at all of them, unseen ones included.

    Raises:
        ArithmeticError: the solver does not reach the end.
    """
    mu, vectors = np.linalg.eigh(gram)
    features = (vectors * np.sqrt(np.maximum(mu, 0.0))) @ vectors.T
    trained = features[: len(labels)]
    hessian = trained.T @ trained + ridge * np.eye(len(gram))
    pull = trained.T @ labels
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


def ridge_predictions(
    gram: Float64[np.ndarray, "t t"], labels: Float64[np.ndarray, " n"], ridge: float
) -> Float64[np.ndarray, " t"]:
    """Equation (4) at the strings of a Gram matrix, the first n of which are trained on."""
    n = len(labels)
    found: Float64[np.ndarray, " t"] = gram[:, :n] @ np.linalg.solve(
        gram[:n, :n] + ridge * np.eye(n), labels
    )
    return found


def examine_flow(setting: Setting, limit_ridge: float | None = None) -> Examination:
    """The flow at three times and at its limit, at seen and unseen strings, for each weight decay.

    Kernel and weight decay are divided by the size of the kernel, which scales time and changes
    no prediction: then the condition of the system is at most ten times the number of samples.

    Args:
        setting: the task and the kernel.
        limit_ridge: the ridge of equation (4); the weight decay itself where left out.
    """
    setting, divisor = with_unit_labels(setting)
    grams, labels = _grams(setting)
    size, n = kernel_size(setting), len(labels)
    gram = positive_part(grams.values / size)
    scale = float(np.abs(labels).max())
    # Each step of the solver errs by at most its tolerance; some hundred steps are taken.
    solver = 1e3 * _TOLERANCE * scale * n
    zero = Estimate(0.0, Exact())
    claims: list[Claim] = []
    gaps = []

    def equal(name: str, gap: float, error: float) -> None:
        found = Estimate(gap, Numerical(error))
        claims.append(Equal(name, found, zero, resolution=_RESOLUTION))

    for decay in _RIDGES:
        where = f"decay {decay:g}"
        for time in (0.01, 0.1, 1.0):
            exact = gram[:, :n] @ closed_form(gram[:n, :n], labels, decay, time)
            gap = float(np.abs(exact - integrated(gram, labels, decay, time)).max())
            equal(f"{where}: largest gap of solver and eigenvectors at time {time:g}", gap, solver)
        end = 20.0 / decay
        left = float(np.exp(-decay * end)) * scale * n / decay
        ridge = ridge_predictions(gram, labels, limit_ridge or decay)
        apart = np.abs(integrated(gram, labels, decay, end) - ridge)
        gaps.append(float(apart.max()))
        seen = float(apart[:n].max())
        equal(f"{where}: largest gap of solver and ridge at the limit", seen, solver + left)
        for string, gap in zip(setting.task.unseen(), apart[n:].tolist(), strict=True):
            equal(f"{where}: gap of the predictions at {string}", gap, solver + left)
    figure = f"flow and ridge regression end {max(gaps):.0e} apart on {n} samples"
    evidence = divided_by(divisor, size)
    return Examination(claims, figure, evidence=evidence, entered=grams.kind)


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
