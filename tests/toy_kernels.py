"""Kernels in closed form, for tests of what is built on kernels."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from kernels.contract.kernel import Kernel
from kernels.contract.symmetry import AgreementSymmetry, Symmetry
from kernels.estimates import Error, Estimate, EstimateArray, Exact, Numerical
from kernels.strings.patterns import Pattern
from kernels.transformer import TransformerKernel

EXACT = Exact()


class RelationalKernel(Kernel):
    """(1 + c)^3, c the fraction of pairs of positions equal in both strings, plus agreements.

    Positive semidefinite as a polynomial, with nonnegative coefficients, of inner products:
    <x, y> of the indicators [x_i = x_j], and of the one-hot rows.
    """

    def __init__(self, error: Error = EXACT) -> None:
        self.error = error

    @property
    def name(self) -> str:
        return f"relational, {self.error!r}"

    @staticmethod
    def exact(pattern: Pattern) -> Fraction:
        k = pattern.length
        equal = sum(
            pattern.x[i] == pattern.x[j] and pattern.y[i] == pattern.y[j]
            for i in range(k)
            for j in range(i)
        )
        return (1 + Fraction(equal, k)) ** 3 + Fraction(pattern.agreements, k)

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int = 1) -> EstimateArray:  # noqa: ARG002
        return EstimateArray.gather(
            Estimate(float(self.exact(pattern)), self.error, "toy") for pattern in patterns
        )


class AgreementKernel(RelationalKernel):
    """exp of the fraction of positions that agree: what an MLP kernel can see (Remark I.6)."""

    @property
    def name(self) -> str:
        return "agreement"

    @property
    def symmetry(self) -> Symmetry:
        return AgreementSymmetry()

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int = 1) -> EstimateArray:  # noqa: ARG002
        values = np.array([np.exp(pattern.agreements / pattern.length) for pattern in patterns])
        return EstimateArray.of(values, Numerical, 1e-15, "toy")


class SymbolKernel(RelationalKernel):
    """A kernel that sees relations, places, and tokens shared at different places.

    Positive semidefinite as a polynomial, with nonnegative coefficients, of inner products: those
    of `RelationalKernel`, and of the counts of tokens. Its values for strings that share one, two
    or three tokens have no additive pattern, so every order of inclusion-exclusion matters.
    """

    @property
    def name(self) -> str:
        return "symbols"

    @staticmethod
    def exact(pattern: Pattern) -> Fraction:
        k = pattern.length
        equal = Fraction(
            sum(
                pattern.x[i] == pattern.x[j] and pattern.y[i] == pattern.y[j]
                for i in range(k)
                for j in range(i)
            ),
            k,
        )
        placed = Fraction(pattern.agreements, k)
        counted = Fraction(sum(a == b for a in pattern.x for b in pattern.y), k * k)
        return (1 + equal) ** 3 / 8 + equal * counted + (placed + counted) * (1 + placed) ** 3


class IndefiniteKernel(RelationalKernel):
    """Minus a positive semidefinite kernel."""

    @property
    def name(self) -> str:
        return "indefinite"

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int = 1) -> EstimateArray:  # noqa: ARG002
        return -super().evaluate(patterns)


class NumberedKernel(RelationalKernel):
    """A kernel that looks at the numbers of tokens: not token-symmetric."""

    @property
    def name(self) -> str:
        return "numbered"

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int = 1) -> EstimateArray:  # noqa: ARG002
        return super().evaluate(patterns) + np.array([0.1 * p.x[0] for p in patterns])


class FavouringKernel(RelationalKernel):
    """Prefers one token when it is called by strings, which a check of patterns cannot see."""

    def __call__(self, x: str | Sequence[str], y: str | Sequence[str]) -> Estimate:
        return super().__call__(x, y) + 0.1 * float("A" in x)


class FavouringGram(RelationalKernel):
    """Prefers one token in Gram matrices alone, which the hypotheses do not look at."""

    def gram(self, x, y=None, **options):
        found = super().gram(x, y, **options)
        rows = np.array([1.0 + 3.0 * ("A" in x[i]) for i in range(len(x))])
        return found * rows[:, None]


class DoubledKernel(TransformerKernel):
    """Twice the transformer kernel."""

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int | None = None) -> EstimateArray:
        return 2.0 * super().evaluate(patterns, n_jobs=n_jobs)
