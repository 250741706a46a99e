"""
Parameters side by side
=======================

Kernels are immutable: ``set_params`` gives another one with one parameter changed, as scikit-learn
does. A table of what each change does to N, and of the samples that the task then takes, is a loop.
"""

from kernels import Cosine, TransformerKernel
from theory import TemplateTask, samples_needed, template_matrix

task = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
start = TransformerKernel(beta=2.0, gamma=1.0, activation=Cosine(1.0, 1.2))
changes: dict[str, dict[str, float]] = {
    "as it is": {},
    "β = 1": {"beta": 1.0},
    "β = 3": {"beta": 3.0},
    "b1 = 1.5": {"activation__b1": 1.5},
}

# %%
# The smallest eigenvalue is proved, that is it lies between these bounds. The number of samples, of
# as many symbols, is confirmed by a fit and its certificate.
print(f"{'':10}{'smallest eigenvalue':>28}{'condition':>11}{'samples':>9}")
for name, change in changes.items():
    kernel = start.set_params(**change) if change else start
    N = template_matrix(kernel, task)
    plan = samples_needed(kernel, task, error=0.5, noise=0.1)
    smallest = f"{N.smallest_eigenvalue.value:.8f} ± {N.smallest_eigenvalue.error:.0e}"
    print(f"{name:10}{smallest:>28}{N.condition_number.value:11.0f}{plan.n:9,d}")
