"""
A kernel of your own
====================

A kernel says its name and its values at joint equality patterns. A pattern holds two strings as
numbers that tell which positions have equal tokens; a kernel that treats all symbols alike can see
nothing else. Gram matrices, template matrices and ridge regression come for free.
"""

from collections.abc import Sequence

import numpy as np

from kernels import EstimateArray, Kernel, MLPKernel, Pattern
from theory import TemplateTask, template_matrix


# %%
# Two kernels: the first counts positions at which two strings agree; the second compares which
# positions *inside* each string agree, whatever their symbols.
class Agreement(Kernel):
    """The share of positions with equal tokens."""

    @property
    def name(self) -> str:
        """What tables call it."""
        return "agreement"

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int | None = None) -> EstimateArray:
        """Fractions of small whole numbers, which floats hold to a rounding."""
        return EstimateArray.exact([np.mean(np.equal(p.x, p.y)) for p in patterns])


class Repetition(Kernel):
    """The number of pairs of positions that are equal, or unequal, in both strings, over k²."""

    @property
    def name(self) -> str:
        """What tables call it."""
        return "repetition"

    def evaluate(self, patterns: Sequence[Pattern], *, n_jobs: int | None = None) -> EstimateArray:
        """The mean over pairs of positions."""
        found = []
        for pattern in patterns:
            x, y = np.array(pattern.x), np.array(pattern.y)
            found.append(np.mean(np.equal.outer(x, x) == np.equal.outer(y, y)))
        return EstimateArray.exact(found)


# %%
# The first is blind to the task same/different: strings of two fresh symbols are all the same to
# it. Numbers alone cannot say that an eigenvalue is 0, and the verdict says so; a kernel that also
# names its ``symmetry``, as `MLPKernel` does, gets the proof and the combination of templates that
# it cannot see.
task = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
for kernel in (Agreement(), MLPKernel(), Repetition()):
    N = template_matrix(kernel, task)
    print(f"{kernel.name}\n  smallest eigenvalue {N.smallest_eigenvalue}")
    print(f"  {N.verdict.outcome}: {N.verdict.reason}\n")
