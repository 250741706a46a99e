"""
Which β and γ suit a task?
==========================

The smallest eigenvalue of N, beside the size of the kernel, says how little data a task needs.
`best_parameters` searches the inverse temperature β and the positional weight γ for it, and for
each of these pairs the best frequency and phase of the cosine.
"""

import matplotlib.pyplot as plt
from matplotlib.colors import LogNorm

from theory import TemplateTask, best_parameters
from validation.plots.style import COLOUR_MAP, styled

task = TemplateTask.parse({"αβα": 1.0, "αββ": -1.0})
best = best_parameters(task, beta=(0.5, 3.0), gamma=(0.25, 2.0), points=3)
print(best)

# %%
# The kernel that was found is one like any other, and its N comes along.
print(best.kernel)
print(best.matrix.smallest_eigenvalue)

# %%
# All pairs that were tried; the star is the best of them. Where it lies at an end of a range, as
# here, the words above say so: a wider range may hold a better one.
with styled():
    figure, axes = plt.subplots(figsize=(5.6, 3.4))
    points = axes.scatter(
        [trial.beta for trial in best.trials],
        [trial.gamma for trial in best.trials],
        c=[trial.conditioning for trial in best.trials],
        norm=LogNorm(),
        cmap=COLOUR_MAP,
        s=60,
    )
    place = best.parameters["beta"], best.parameters["gamma"]
    axes.plot(*place, marker="*", markersize=14, color="white", markeredgecolor="black")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("inverse temperature β")
    axes.set_ylabel("positional weight γ")
    figure.colorbar(points, label="smallest eigenvalue of N\nover the kernel's size")
