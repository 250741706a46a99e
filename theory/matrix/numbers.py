"""The numbers of a template matrix: entries, eigenvalues, and what is proved of these."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int64

from kernels.contract.kernel import Kernel
from kernels.estimates import Estimate, EstimateArray
from theory.enclosure.entries import enclosed_matrix
from theory.enclosure.spectrum import SpectralEnclosure, enclose_spectrum
from theory.matrix.pairs import TemplatePairs

_MOST_ENCLOSED = 200
"""Templates up to which the spectrum is enclosed: a few seconds, cubic in their number."""


@dataclass(frozen=True, eq=False)
class Numbers:
    """What a kernel's values say of a template matrix.

    Attributes:
        entries: N, shape ``(r, r)``.
        spectrum: its eigenvalues, ascending, each with Weyl's bound as its error.
        enclosure: proved bounds of them, where values are proved and templates not too many.
    """

    entries: EstimateArray
    spectrum: EstimateArray
    enclosure: SpectralEnclosure | None

    @property
    def smallest(self) -> Estimate:
        """The eigenvalue of least magnitude, proved where N is proved to be positive definite."""
        if self.enclosure is not None and self.enclosure.positive_definite:
            return self.enclosure.smallest_eigenvalue
        found = self.spectrum[int(np.argmin(np.abs(self.spectrum.values)))]
        assert isinstance(found, Estimate)
        return found


def classes_of(kernel: Kernel, pairs: TemplatePairs) -> tuple[list[Hashable], TemplatePairs]:
    """The classes of pairs on which the kernel provably agrees, and a pattern for each.

    Returns:
        The distinct classes; and the pairs with one pattern a class in place of all.
    """
    keys = [kernel.symmetry.key(pattern) for pattern in pairs.patterns]
    distinct = list(dict.fromkeys(keys))
    examples = dict(zip(reversed(keys), reversed(pairs.patterns), strict=True))
    numbers = {key: place for place, key in enumerate(distinct)}
    of_pattern = np.array([numbers[key] for key in keys], dtype=np.int64)
    patterns = [examples[key] for key in distinct]
    return distinct, TemplatePairs(pairs.templates, patterns, of_pattern[pairs.places])


def numbers_of(
    kernel: Kernel, classes: TemplatePairs, *, n_jobs: int | None = None, progress: bool = False
) -> Numbers:
    """The numbers of a kernel, whose values are looked up.

    Args:
        kernel: the kernel.
        classes: a pattern for each class of pairs, as `classes_of` gives them.
        n_jobs: joblib workers.
        progress: show a progress bar.
    """
    index: Int64[np.ndarray, "r r"] = classes.places
    found = kernel.values(classes.patterns, n_jobs=n_jobs, progress=progress)
    entries = found[index]
    assert isinstance(entries, EstimateArray)
    enclosed = None
    if len(index) <= _MOST_ENCLOSED:
        enclosed = enclosed_matrix(kernel, classes)
    enclosure = None if enclosed is None else enclose_spectrum(enclosed)
    return Numbers(entries, entries.eigenvalues(), enclosure)
