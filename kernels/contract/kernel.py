"""What every token-symmetric kernel is and does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from kernels.boundary.exceptions import InvalidInputError
from kernels.boundary.floating_point import plain_floats
from kernels.boundary.memory import require_memory
from kernels.contract.identity import Identity, flattened, identity
from kernels.contract.parameters import Parametrized
from kernels.contract.symmetry import Symmetry, TokenSymmetry
from kernels.contract.table import PatternTable
from kernels.estimates import Estimate, EstimateArray
from kernels.estimates.display import html_table
from kernels.progress import bar
from kernels.strings.encoding import Strings, encode
from kernels.strings.patterns import Pattern
from kernels.strings.shapes import shapes_of

_BATCH = 256
"""Patterns evaluated between two updates of the table: what an interruption can lose."""

_COMPUTED = "_computed"


class Kernel(Parametrized, ABC):
    """A kernel on strings that is token-symmetric (Def. C.1): a function of the joint pattern.

    A kernel is immutable: it compares, hashes and pickles the same before and after use. Values
    are computed once per class of its symmetry and kept in memory, from which every Gram matrix
    is read. A subclass gives `evaluate`, `name` and, where it is invariant under more than token
    permutations, `symmetry`.
    """

    @property
    @abstractmethod
    def name(self) -> str:
        """The kernel and its parameters in words, for people to read."""

    @abstractmethod
    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int | None = None) -> EstimateArray:
        """The kernel at each pattern, shape ``(len(patterns),)``, computed afresh."""

    @property
    def symmetry(self) -> Symmetry:
        """Which pairs of strings the kernel provably cannot tell apart."""
        return TokenSymmetry()

    @property
    def identity(self) -> Identity:
        """The kernel's parameters as numbers: what a table of values belongs to."""
        found = identity(self)
        return found if isinstance(found, dict) else self.name

    @property
    def labels(self) -> dict[str, str | float | int | bool | None]:
        """The kernel's parameters as columns of a table, see `EstimateArray.to_pandas`.

        They are named as `set_params` names them; of a kernel that does not keep the arguments of
        its constructor, there is the name alone.
        """
        try:
            own = self.get_params(deep=False)
        except AttributeError:
            own = {}
        if not own:
            return {"kernel": self.name}
        parameters = {name: identity(value) for name, value in own.items()}
        return flattened({"class": type(self).__name__, **parameters})

    def _repr_html_(self) -> str:
        return html_table("", [], self.labels.items())

    @cached_property
    def _computed(self) -> PatternTable:
        """The values computed so far, by class."""
        return PatternTable(self.identity)

    @property
    def table(self) -> PatternTable:
        """The values that are costly to compute; `PatternTable.save` and ``load`` keep them."""
        return self._computed

    def __getstate__(self) -> dict[str, Any]:
        """What a copy in another process is made of: the parameters, without the values."""
        return {name: value for name, value in vars(self).items() if name != _COMPUTED}

    def __call__(self, x: str | Sequence[str], y: str | Sequence[str]) -> Estimate:
        """The kernel of two strings."""
        found = self.values([Pattern.of(x, y)])[0]
        assert isinstance(found, Estimate)
        return found

    @plain_floats
    def values(
        self,
        patterns: Sequence[Pattern],
        *,
        n_jobs: int | None = None,
        progress: bool | str = False,
    ) -> EstimateArray:
        """The kernel at each pattern, shape ``(len(patterns),)``, each class computed once.

        Args:
            patterns: joint equality patterns.
            n_jobs: joblib workers; where left out, what ``joblib.parallel_config`` says.
            progress: show a progress bar on standard error, with this text where it is one; an
                interruption keeps the batches that are done.

        Raises:
            InvalidInputError: `evaluate` of a subclass gave no `EstimateArray` of that shape.
        """
        symmetry = self.symmetry
        keys = [symmetry.key(pattern) for pattern in patterns]
        examples = dict(zip(reversed(keys), reversed(patterns), strict=True))
        todo = self._computed.missing(keys)
        batches = [todo[start : start + _BATCH] for start in range(0, len(todo), _BATCH)]
        title = progress if isinstance(progress, str) else "kernel values"
        for batch in bar(batches, title, shown=bool(progress)):
            chosen = [symmetry.representative(examples[key]) for key in batch]
            found = _checked(self.evaluate(chosen, n_jobs=n_jobs), len(chosen))
            for key, estimate in zip(batch, found, strict=True):
                self._computed.add(key, estimate)
        return EstimateArray.gather(self._computed[key] for key in keys)

    def gram(
        self,
        x: Strings,
        y: Strings | None = None,
        *,
        n_jobs: int | None = None,
        progress: bool | str = False,
    ) -> EstimateArray:
        """The kernel matrix, shape ``(n, m)``: one value per distinct pattern, then a look-up.

        Args:
            x: n strings.
            y: m strings of the same length; ``x`` itself where left out.
            n_jobs: joblib workers; where left out, what ``joblib.parallel_config`` says.
            progress: show a progress bar, with this text where it is one.

        Raises:
            InvalidInputError: unequal lengths.
            TooLargeError: the matrix would not fit in memory.
        """
        first = encode(x, argument="x")
        second = first if y is None else encode(y, first.vocabulary, argument="y")
        if first.length != second.length:
            raise InvalidInputError(
                "y", second[0], f"needs the length of x, {first.length - 1} tokens"
            )
        n, m = len(first), len(second)
        require_memory("strings", f"{n} by {m}", 30.0 * n * m, "use fewer strings")
        patterns, index = self.symmetry.classes(first.codes, second.codes)
        found = self.values(patterns, n_jobs=n_jobs, progress=progress)[index]
        assert isinstance(found, EstimateArray)
        return found

    def diagonal(self, x: Strings, *, n_jobs: int | None = None) -> EstimateArray:
        """The kernel of each string with itself, shape ``(n,)``: the diagonal of `gram`.

        Args:
            x: n strings of one length.
            n_jobs: joblib workers; where left out, what ``joblib.parallel_config`` says.

        Raises:
            InvalidInputError: no strings, or unequal lengths.

        >>> from kernels import MLPKernel
        >>> kernel = MLPKernel()
        >>> own = kernel.diagonal(["AA", "AB", "CD"])
        >>> own[0] == kernel("AA", "AA"), own[1] == own[2]
        (True, True)
        """
        shapes, index = shapes_of(encode(x, argument="x").codes, ())
        patterns = [Pattern.of_codes(shape.places, shape.places) for shape in shapes]
        found = self.values(patterns, n_jobs=n_jobs)[index]
        assert isinstance(found, EstimateArray)
        return found


def _checked(found: object, patterns: int) -> EstimateArray:
    """What a subclass has evaluated, where it is what the contract says."""
    if isinstance(found, EstimateArray) and found.shape == (patterns,):
        return found
    given = found.shape if isinstance(found, EstimateArray) else type(found).__name__
    remedy = f"return an EstimateArray of shape ({patterns},), one entry for each pattern: "
    raise InvalidInputError(
        "evaluate", given, remedy + "EstimateArray.of(values, Numerical, bounds), or .exact(values)"
    )
