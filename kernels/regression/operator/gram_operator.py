"""The Gram matrix of millions of strings, as a linear operator without the matrix."""

from __future__ import annotations

from collections.abc import Collection
from typing import Self

import numpy as np
from jaxtyping import Float64
from numpy.typing import ArrayLike

from kernels.boundary.checks import instance, workers
from kernels.boundary.exceptions import InvalidInputError
from kernels.boundary.memory import require_memory
from kernels.contract.kernel import Kernel
from kernels.regression.arrays.groups import Groups
from kernels.regression.arrays.sums import sum_by
from kernels.regression.operator.atoms import shared_atoms
from kernels.regression.operator.blocks import GramBlocks
from kernels.regression.operator.fixed_tokens import choose_fixed
from kernels.regression.operator.interaction import interaction
from kernels.regression.operator.matchings import MatchingTable
from kernels.regression.operator.samples import MergedStrings, merge
from kernels.strings.encoding import EncodedStrings, Strings, encode

BYTES_PER_STRING = 120.0
"""What a string takes at the least beside its codes and its label, with conjugate gradients: seen
at 10^7 and 10^8 strings of at most 2 symbols."""


class GramOperator:
    """The kernel matrix of n strings: a block for each pair of shapes, and what they share.

    K = diag(own) + Z N Z^T + sum over s of P_s C_s P_s^T, on the distinct strings: Z says which row
    has which shape, N holds the kernel of strings of two shapes without a common symbol, and the
    part of order s is what having s symbols in common adds (see `GramBlocks`). A product with a
    vector costs O(n 2^w) for strings of w different symbols, however many pairs of them share
    some; setting it up costs a value for each way in which two strings do.

    ``operator @ vectors`` takes an array of n numbers, or of n rows, one column a vector. It
    goes into ``eigsh``, ``cg`` and the like of ``scipy.sparse.linalg``.

    Args:
        kernel: a token-symmetric kernel.
        strings: n strings of one length.
        fixed_tokens: tokens that keep their identity, as the paper's regular tokens do; chosen by
            their frequency where left out. They decide the speed, never the result; one that no
            string has is ignored.
        n_jobs: joblib workers for kernel values; where left out, joblib decides.
        progress: show progress bars on standard error.

    Raises:
        InvalidInputError: no strings, strings of unequal length, or an operand of ``@`` that does
            not fit.
        TooLargeError: the operator would not fit in memory, or have too many kinds of pairs.

    >>> import numpy as np
    >>> from kernels import GramOperator, MLPKernel
    >>> strings = ["AB", "BA", "AB", "CC"]
    >>> operator = GramOperator(MLPKernel(), strings)
    >>> matrix = operator @ np.eye(4)
    >>> bool(np.allclose(matrix, MLPKernel().gram(strings).values, rtol=0, atol=1e-14))
    True
    >>> operator
    GramOperator(MLPKernel(...), 4 strings, 3 distinct, 3 shapes)
    """

    __array_ufunc__ = None  # NumPy leaves ``array @ operator`` to the operator
    dtype = np.dtype(np.float64)

    def __init__(
        self,
        kernel: Kernel,
        strings: Strings,
        *,
        fixed_tokens: Collection[str] | None = None,
        n_jobs: int | None = None,
        progress: bool = False,
    ) -> None:
        instance("kernel", kernel, Kernel, "give a kernel, such as TransformerKernel()")
        workers("n_jobs", n_jobs)
        encoded = encode(strings)
        n = len(encoded)
        require_memory("strings", n, BYTES_PER_STRING * n, "use fewer strings")
        fixed = fixed_codes(encoded, fixed_tokens)
        table = MatchingTable(kernel, n_jobs=n_jobs, progress=progress)
        self._set_up(merge(encoded.codes, fixed), fixed, table)

    @classmethod
    def of_merged(
        cls, strings: MergedStrings, fixed: tuple[int, ...], table: MatchingTable
    ) -> Self:
        """The operator of strings that are merged already, with these codes fixed.

        Raises:
            TooLargeError: it would not fit in memory, or take more terms than the table allows.
        """
        operator = cls.__new__(cls)
        operator._set_up(strings, fixed, table)
        return operator

    def _set_up(self, strings: MergedStrings, fixed: tuple[int, ...], table: MatchingTable) -> None:
        self.fixed = fixed
        self.strings = strings
        self.table = table
        shapes = self.strings.shapes
        self.table.charge(len(shapes) * (len(shapes) + 1) // 2)
        self.table.require(
            ((first, second, ()) for i, first in enumerate(shapes) for second in shapes[: i + 1]),
            "nothing in common",
        )
        whole = [(s, s, tuple((a, a) for a in range(s.symbols))) for s in shapes]
        self.table.require_values(whole, "equal strings")
        between = np.zeros((len(shapes), len(shapes)))
        for i, first in enumerate(shapes):
            for j, second in enumerate(shapes[: i + 1]):
                between[i, j] = between[j, i] = self.table.value(first, second, ())
        found = (interaction(self.strings, s, self.table) for s in shared_atoms(self.strings))
        parts = tuple(part for part in found if part is not None)
        alone = np.array([self.table.value(*key) for key in whole]) - np.diag(between)
        own = np.repeat(alone, self.strings.lengths)
        for part in parts:
            own -= part.diagonal()
        self.blocks = GramBlocks(own, Groups.of(self.strings.lengths), between, parts)

    def __repr__(self) -> str:
        n, shapes = len(self.strings.row), len(self.strings.shapes)
        return (
            f"GramOperator({self.table.kernel!r}, {n} strings, {self.rows} distinct, "
            f"{shapes} shapes)"
        )

    @property
    def shape(self) -> tuple[int, int]:
        """n by n."""
        return len(self.strings.row), len(self.strings.row)

    @property
    def rows(self) -> int:
        """How many distinct strings there are."""
        return self.strings.rows

    def apply(self, vectors: Float64[np.ndarray, "u t"]) -> Float64[np.ndarray, "u t"]:
        """The kernel matrix of the distinct strings times vectors."""
        return self.blocks(vectors)

    def collapse(self, vectors: Float64[np.ndarray, "n t"]) -> Float64[np.ndarray, "u t"]:
        """The sum over equal strings."""
        return sum_by(self.strings.row, vectors, self.rows)

    def __matmul__(self, vectors: ArrayLike) -> Float64[np.ndarray, "n *t"]:
        """The kernel matrix of all n strings times a vector, or times vectors in columns."""
        operand = np.asarray(vectors)
        n = len(self.strings.row)
        if operand.dtype.kind not in "biuf":
            raise InvalidInputError("vectors", vectors, "give an array of real numbers")
        if operand.ndim not in (1, 2) or len(operand) != n or operand.size == 0:
            raise InvalidInputError(
                "vectors", operand.shape, f"give an array of shape ({n},) or ({n}, c)"
            )
        columns = operand.astype(np.float64, copy=False).reshape(n, -1)
        return self.apply(self.collapse(columns))[self.strings.row].reshape(operand.shape)

    def __rmatmul__(self, vectors: ArrayLike) -> Float64[np.ndarray, "*t n"]:
        """Vectors in rows times the kernel matrix, which is symmetric."""
        return (self @ np.transpose(vectors)).T

    @property
    def T(self) -> Self:  # noqa: N802 - as in NumPy
        """The operator itself: a kernel is symmetric."""
        return self

    # What SciPy looks for in a linear operator.
    matvec = rmatvec = matmat = rmatmat = __matmul__


def fixed_codes(encoded: EncodedStrings, tokens: Collection[str] | None) -> tuple[int, ...]:
    """The codes of the fixed tokens; a token that does not occur is ignored.

    Raises:
        InvalidInputError: the fixed tokens are no list of tokens.
    """
    if tokens is None:
        return choose_fixed(encoded.codes)
    # An iterator is no collection: it would be empty when the next fit asks for it.
    named = list(tokens) if isinstance(tokens, Collection) else [tokens]
    if isinstance(tokens, str) or not all(isinstance(token, str) for token in named):
        raise InvalidInputError("fixed_tokens", tokens, "give a list of tokens, such as ['S']")
    found = (encoded.vocabulary.code(token) for token in dict.fromkeys(named))
    return tuple(code for code in found if code)
