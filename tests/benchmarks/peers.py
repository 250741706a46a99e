"""What others do for equation (4): each peer fits on a sample and predicts at new strings.

All are given our Gram matrices. What is not installed raises an `ImportError`; PyTorch is no
dependency of this project.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Float64
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse.linalg import LinearOperator, cg

from kernels import Kernel
from theory import Sample

RANK = 400
"""Columns of the Gram matrix that approximate it: of the preconditioner, and Nyström's centres."""

Peer = Callable[[Kernel, Sample, list[str]], np.ndarray]


def scikit_learn(k: Kernel, sample: Sample, new: list[str]) -> np.ndarray:
    """scikit-learn's `KernelRidge`, which factorizes."""
    from sklearn.kernel_ridge import KernelRidge

    model = KernelRidge(alpha=1.0, kernel="precomputed")
    model.fit(k.gram(sample.strings).values, sample.labels)
    return model.predict(k.gram(new, sample.strings).values)


def gpytorch(k: Kernel, sample: Sample, new: list[str]) -> np.ndarray:
    """GPyTorch's conjugate gradients, with its preconditioner of pivoted Cholesky."""
    import torch
    from linear_operator import settings
    from linear_operator.operators import DenseLinearOperator

    gram = torch.from_numpy(k.gram(sample.strings).values)
    system = DenseLinearOperator(gram).add_diagonal(torch.ones(len(sample), dtype=torch.float64))
    # With a smaller tolerance its residual stays at 2e-5, and it runs on to its last iteration.
    with (
        settings.cg_tolerance(1e-4),
        settings.max_cg_iterations(300),
        settings.min_preconditioning_size(1),
        settings.max_cholesky_size(1),
    ):
        solution = system.solve(torch.from_numpy(sample.labels)[:, None])
    return k.gram(new, sample.strings).values @ solution.numpy()[:, 0]


def rp_cholesky(k: Kernel, sample: Sample, new: list[str]) -> np.ndarray:
    """SciPy's conjugate gradients, preconditioned by randomly pivoted Cholesky.

    The factor is that of Chen, Epperly, Tropp and Webber (arXiv 2207.06503), the preconditioner
    (F F^T + alpha I)^{-1} that of Diaz et al. (arXiv 2304.12465).
    """
    gram = k.gram(sample.strings).values
    factor = randomly_pivoted(gram, min(RANK, len(gram) // 2), np.random.default_rng(0))
    inner = cho_factor(factor.T @ factor + np.eye(factor.shape[1]))
    inverse = LinearOperator(
        gram.shape, lambda v: v - factor @ cho_solve(inner, factor.T @ v), dtype=np.float64
    )
    system = LinearOperator(gram.shape, lambda v: gram @ v + v, dtype=np.float64)
    solution, failed = cg(system, sample.labels, rtol=1e-10, M=inverse, maxiter=1_000)
    assert not failed
    return k.gram(new, sample.strings).values @ solution


def randomly_pivoted(
    gram: Float64[np.ndarray, "n n"], rank: int, rng: np.random.Generator
) -> Float64[np.ndarray, "n k"]:
    """F with F F^T near the matrix: each pivot is drawn by what is left on the diagonal."""
    factor, left = np.zeros((len(gram), rank)), np.diag(gram).copy()
    for column in range(rank):
        pivot = rng.choice(len(gram), p=left / left.sum())
        rest = gram[:, pivot] - factor[:, :column] @ factor[pivot, :column]
        factor[:, column] = rest / np.sqrt(rest[pivot])
        left = (left - factor[:, column] ** 2).clip(min=0.0)
    return factor


def nystroem(k: Kernel, sample: Sample, new: list[str]) -> np.ndarray:
    """Ridge regression over `RANK` random centres, which is what Falkon computes, by its equation.

    It approximates equation (4): (K_cn K_nc + alpha K_cc) a = K_cn y.
    """
    chosen = np.random.default_rng(0).choice(len(sample), min(RANK, len(sample)), replace=False)
    centres = [sample.strings[i] for i in chosen.tolist()]
    between = k.gram(sample.strings, centres).values
    own = k.gram(centres).values
    normal = between.T @ between + own + 1e-10 * np.trace(own) * np.eye(len(own))
    return k.gram(new, centres).values @ np.linalg.solve(normal, between.T @ sample.labels)


PEERS: dict[str, Peer] = {
    "scikit-learn": scikit_learn,
    "GPyTorch": gpytorch,
    "RPCholesky and CG": rp_cholesky,
    f"Nyström, {RANK} centres": nystroem,
}
"""By name. Falkon and EigenPro themselves are not to be had from PyPI."""
