"""Token symmetry (Definition C.1), for a given kernel and for every kernel of the package."""

from __future__ import annotations

import numpy as np

from kernels.estimate import ErrorKind
from kernels.kernel import Kernel
from kernels.patterns import Pattern
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.framework.verdict import Case, Finding, Outcome, conclude, fact
from theory.statements.hypotheses.symmetry import asymmetry
from theory.statements.shared.defaults import transformer_kernel
from theory.statements.shared.package_kernels import package_kernels

_LETTERS = "ABCD"

_STANDARD_ERRORS = 6.0


def _symmetry_case(kernel: Kernel, draws: int, rng: np.random.Generator) -> Case:
    """Random pairs of strings, compared with their image under a random permutation of tokens.

    Each image is evaluated three times: by strings, in one Gram matrix with the original, and as
    a pattern that is numbered by the permutation, so that the estimator itself sees other tokens.
    """
    worst, example, kind = 0.0, None, ErrorKind.EXACT
    for _ in range(draws):
        codes = rng.integers(len(_LETTERS), size=(2, 2))
        permutation = rng.permutation(len(_LETTERS))
        x, y = ("".join(_LETTERS[c] for c in row) for row in codes)
        px, py = ("".join(_LETTERS[permutation[c]] for c in row) for row in codes)
        first = kernel(x, y)
        gram = kernel.gram([x, px], [y, py])
        # [CLS] is a token too, and gets any number. Numbers are below the count of tokens.
        used = sorted({*codes.ravel().tolist(), -1})
        numbers = dict(zip(used, rng.permutation(len(used)).tolist(), strict=True))
        rows = [tuple(numbers[c] for c in (*row, -1)) for row in codes.tolist()]
        renumbered = kernel.evaluate([Pattern(rows[0], rows[1])]).at(0)
        kind = ErrorKind.weakest([kind, first.kind])
        for other in (kernel(px, py), gram.at(0, 0), gram.at(1, 1), renumbered):
            allowed = first.error + other.error
            if first.kind is ErrorKind.STATISTICAL:
                allowed *= _STANDARD_ERRORS
            gap = abs(first.value - other.value)
            worst = max(worst, gap)
            if not gap <= allowed and example is None:
                example = {"x": x, "y": y, "K": first.value, "px": px, "py": py, "pK": other.value}
    # The hypothesis of other statements: one pattern at every seed.
    found = asymmetry(kernel)
    evidence = {"pairs": draws, "largest difference": worst, "example": example, "fixed": found}
    return fact(kernel.name, example is None and found is None, evidence, kind)


def examine_symmetry(setting: Setting) -> Finding:
    """The kernel given, and every kernel of the package."""
    rng, draws = setting.rng(), 2 if setting.quick else 3
    kernels = [setting.kernel, *package_kernels()]
    cases = [_symmetry_case(kernel, draws, rng) for kernel in kernels]
    good = sum(case.outcome is Outcome.HOLDS for case in cases)
    return conclude(cases, f"{good} of {len(cases)} kernels unchanged by permutations of tokens")


STATEMENT = Statement(
    ids=("Definition C.1",),
    title="Token symmetry",
    words="A kernel is token-symmetric if it is unchanged when one permutation of the tokens is "
    "applied to both strings. Every kernel of the package is.",
    latex=r"K(\pi x, \pi y) = K(x, y)",
    examine=examine_symmetry,
    default_kernel=transformer_kernel,
)
