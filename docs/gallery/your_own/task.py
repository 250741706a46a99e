"""
A task of your own and its template matrix
==========================================

A task is a list of templates with labels. Lower-case Greek letters are wildcards: each stands for
one symbol. Whether a kernel can learn the task on symbols that it has never seen is decided by one
matrix, N, whose entry at two templates is the kernel of two strings of them without a common
symbol (Lemma 4.5).
"""

import matplotlib.pyplot as plt

from kernels import Cosine, TransformerKernel
from theory import TemplateTask, template_matrix
from validation.plots.style import COLOUR_MAP, styled

# %%
# Strings of three tokens: all equal, the outer two equal, or none of them.
task = TemplateTask.parse({"ααα": 1.0, "αβα": 0.0, "αβγ": -1.0}, name="how symmetric")
kernel = TransformerKernel(beta=2.0, gamma=1.0, activation=Cosine(1.0, 1.2))
N = template_matrix(kernel, task)
print(N)

# %%
# The eigenvalues, each with its error. The smallest one says how much data the task takes:
# thousands of samples where it is some thousandths.
for eigenvalue in N.eigenvalues:
    print(eigenvalue)

# %%
# The templates are told apart by differences in the second digit of N.
names = [str(template) for template in task.templates]
with styled():
    figure, axes = plt.subplots(figsize=(4.4, 3.4))
    picture = axes.imshow(N.values, cmap=COLOUR_MAP)
    axes.grid(visible=False)
    axes.set_xticks(range(len(names)), names)
    axes.set_yticks(range(len(names)), names)
    axes.set_title(f"N of the task “{task.name}”")
    middle = (N.values.min() + N.values.max()) / 2.0
    for (i, j), value in zip(
        ((i, j) for i in range(len(names)) for j in range(len(names))), N.values.flat, strict=True
    ):
        colour = "black" if value > middle else "white"
        axes.text(j, i, f"{value:.4f}", ha="center", va="center", color=colour)
    figure.colorbar(picture, label="kernel of strings without a common symbol")
