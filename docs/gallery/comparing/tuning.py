"""
Which β and γ suit a task?
==========================

The smallest eigenvalue of N, beside the size of the kernel, says how little data a task needs. Here
it is drawn over the inverse temperature β and the positional weight γ; the star marks the best of
these parameters.
"""

import matplotlib.pyplot as plt
import numpy as np

from kernels import Cosine, Quadrature, TransformerKernel
from theory import TemplateTask, template_matrix
from validation.plots.heat_map import draw_heat_map
from validation.plots.style import styled

task = TemplateTask.parse({"αβα": 1.0, "αββ": -1.0})
betas, gammas = np.linspace(0.5, 3.0, 6), np.linspace(0.25, 1.75, 4)

# %%
# Numbers that are good to 1e-7 are enough to compare parameters by.
attention = Quadrature(tolerance=1e-7)
smallest = np.array(
    [
        [
            template_matrix(
                TransformerKernel(beta, gamma, Cosine(1.0, 1.2), attention), task
            ).smallest_eigenvalue.value
            for beta in betas
        ]
        for gamma in gammas
    ]
)
row, column = np.unravel_index(smallest.argmax(), smallest.shape)
with styled():
    figure, axes = plt.subplots(figsize=(5.6, 3.4))
    mesh = draw_heat_map(
        axes,
        betas.tolist(),
        gammas.tolist(),
        smallest,
        np.zeros(smallest.shape, dtype=bool),
        limits=(float(smallest.min()), float(smallest.max())),
        point=(float(betas[column]), float(gammas[row])),
    )
    axes.set_xlabel("inverse temperature β")
    axes.set_ylabel("positional weight γ")
    figure.colorbar(mesh, label="smallest eigenvalue of N")
