"""Networks drawn weight by weight have the law from which wide ones are drawn, for Appendix H."""

from __future__ import annotations

import numpy as np

from kernels.transformer import Scaling, TransformerKernel
from theory.statements.appendix_h.drawn_mean import (
    DrawnMean,
    mean_and_error,
    product_deviations,
)
from theory.statements.framework.claims import Claim, Equal, Every
from theory.statements.shared.instances.strings import substituted
from theory.task import TemplateTask
from theory.transformer_law import Widths, kernels_in_law

_WIDTH = 24
"""Of the networks whose weights are drawn."""

_COARSEST = 0.15
"""The difference of two means, relative to the largest, above which agreement counts for nothing.
Networks are few, as all their weights are drawn."""


def weights_claim(
    name: str,
    task: TemplateTask,
    kernel: TransformerKernel,
    scaling: Scaling,
    draws: int,
    *,
    seed: int,
) -> Claim:
    """That the mean kernel of networks drawn weight by weight is that of networks drawn in law.

    Both scatter alike, and four times as many are drawn in law.

    Args:
        name: of the claim.
        task: whose strings are compared.
        kernel: its beta, gamma and activation are the networks'.
        scaling: of the networks.
        draws: networks whose weights are drawn.
        seed: of everything random.
    """
    from theory.networks.transformer_features import (  # noqa: PLC0415 - JAX is slow to import
        kernel_draws,
    )

    strings, widths = substituted(task), Widths.scaled(_WIDTH)
    rows, columns = np.triu_indices(len(strings))
    deviations = product_deviations(kernel, strings)[rows, columns]
    sides: list[list[DrawnMean]] = []
    for drawn, count, at in ((kernel_draws, draws, seed), (kernels_in_law, 4 * draws, seed + 1)):
        found = drawn(
            strings,
            widths=widths,
            beta=kernel.beta,
            gamma=kernel.gamma,
            activation=kernel.activation,
            scaling=scaling,
            draws=count,
            seed=at,
        )[:, rows, columns]
        pairs = zip(*mean_and_error(found, deviations, widths.mlp), strict=True)
        sides.append([DrawnMean(float(mean), float(error), count - 1) for mean, error in pairs])
    resolution = _COARSEST * max(abs(one.value) for one in sides[1])
    parts = [
        Equal(
            f"{strings[int(i)]}, {strings[int(j)]}",
            by_weights,
            in_law,
            resolution=resolution,
            coarsest=resolution,
            named=("weight by weight", "in law"),
            settles="more networks, or an activation of lighter tails",
        )
        for i, j, by_weights, in_law in zip(rows, columns, *sides, strict=True)
    ]
    evidence = {"pairs": len(parts), "width": _WIDTH, "networks": draws}
    return Every(name, parts, evidence)
