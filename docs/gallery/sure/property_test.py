"""
Random tasks and strings in tests of your own
=============================================

`validation.strategies` has Hypothesis strategies for what the project works with: templates, tasks,
strings, patterns, laws, parameters. A property test runs a claim on what they draw, and where it
fails shows the smallest example that it finds. In a file of yours, name the functions ``test_...``
and let pytest call them.
"""

import numpy as np
from hypothesis import given, settings

from kernels import MLPKernel
from theory import TemplateTask, template_matrix
from validation.strategies import permutations_of_tokens, permuted, string_pairs, tasks

quiet = settings(max_examples=50, deadline=None, derandomize=True, database=None)

# %%
# A claim that is true: N is symmetric and positive semidefinite, up to what its errors allow.
kernel = MLPKernel()


@quiet
@given(tasks(max_size=3, max_length=3))
def matrix_is_semidefinite(task: TemplateTask) -> None:
    """For every task."""
    N = template_matrix(kernel, task)
    assert np.array_equal(N.values, N.values.T)
    assert N.eigenvalues[0].value >= -N.eigenvalues[0].error


matrix_is_semidefinite()
print("50 tasks, no counterexample")


# %%
# And one that is false: that this function of two strings treats all symbols alike. Hypothesis
# reports the smallest pair that it finds.
def suspicious(x: str, y: str) -> bool:
    """Whether the strings begin alike; but an A is never alike."""
    return x[0] == y[0] != "A"


@quiet
@given(string_pairs(max_length=2), permutations_of_tokens())
def all_symbols_are_alike(pair: tuple[str, str], permutation: dict[str, str]) -> None:
    """For every renaming of the symbols."""
    x, y = pair
    moved = suspicious(permuted(x, permutation), permuted(y, permutation))
    assert suspicious(x, y) == moved, f"{x}, {y} became something else"


try:
    all_symbols_are_alike()
except AssertionError as failure:
    print("counterexample:", str(failure).splitlines()[0])
