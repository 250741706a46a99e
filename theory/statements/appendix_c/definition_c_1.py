"""Token symmetry (Definition C.1), for a given kernel and for every kernel of the package."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from kernels.contract.kernel import Kernel
from kernels.strings.patterns import Pattern
from theory.statements.framework.claims import Claim, Equal, Every
from theory.statements.framework.examination import Examination
from theory.statements.framework.finding import holding
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.hypotheses.symmetry import images
from theory.statements.shared.instances.defaults import transformer_kernel
from theory.statements.shared.instances.package_kernels import package_kernels

_LETTERS = "ABC"  # few, so that strings repeat some


def _symmetry_claim(kernel: Kernel, lengths: Sequence[int], rng: np.random.Generator) -> Claim:
    """Random pairs of strings, compared with their image under a random permutation of tokens.

    Each image is evaluated by strings, in one Gram matrix with the original, and as two patterns
    that are numbered by permutations, so that the estimator itself sees other tokens.
    """
    parts: list[Claim] = []
    for length in lengths:
        codes = rng.integers(len(_LETTERS), size=(2, length))
        permutation = rng.permutation(len(_LETTERS))
        x, y = ("".join(_LETTERS[c] for c in row) for row in codes)
        px, py = ("".join(_LETTERS[permutation[c]] for c in row) for row in codes)
        first = kernel(x, y)
        gram = kernel.gram([x, px], [y, py])
        # [CLS] is a token too, and gets any number. Numbers are below the count of tokens.
        used = sorted({*codes.ravel().tolist(), -1})
        numbers = dict(zip(used, rng.permutation(len(used)).tolist(), strict=True))
        rows = [tuple(numbers[c] for c in (*row, -1)) for row in codes.tolist()]
        # And in the reverse order, so that no token has its first number in both.
        turned = [tuple(len(used) - 1 - n for n in row) for row in rows]
        renumbered = kernel.evaluate([Pattern(*rows), Pattern(*turned)])
        # Only differences count here: how exact a kernel is says nothing of its symmetry.
        parts += [
            Equal(f"{x}, {y} and {px}, {py}", first, other, resolution=math.inf)
            for other in (kernel(px, py), gram[0, 0], gram[1, 1], *renumbered)
        ]
    # What the hypothesis of other statements compares: one pattern of each length at every seed.
    for length in sorted(set(lengths)):
        first, others = images(kernel, length)
        parts += [
            Equal(f"a fixed pattern of length {length}", first, other, resolution=math.inf)
            for other in others
        ]
    return Every(kernel.name, parts, {"pairs": len(lengths), "lengths": sorted(set(lengths))})


def examine_symmetry(setting: Setting) -> Examination:
    """The kernel given, up to length 4 or 5, and every kernel of the package."""
    rng = setting.rng()
    given = (2, 2, 3, 4) if setting.quick else (1, 2, 2, 3, 4, 5)
    claims = [_symmetry_claim(setting.kernel, given, rng)]
    # Longer strings take their time: in a quick check, only the given kernel sees some.
    lengths = (2,) if setting.quick else (2, 3)
    claims += [_symmetry_claim(kernel, lengths, rng) for kernel in package_kernels()]
    return Examination(
        claims,
        lambda cases: (
            f"{holding(cases)} of {len(cases)} kernels unchanged by permutations of tokens"
        ),
    )


STATEMENT = Statement(
    ids=("Definition C.1",),
    title="Token symmetry",
    words="A kernel is token-symmetric if it is unchanged when one permutation of the tokens is "
    "applied to both strings. Every kernel of the package is.",
    latex=r"K(\pi x, \pi y) = K(x, y)",
    examine=examine_symmetry,
    default_kernel=transformer_kernel,
)
