"""
Error against diversity, for two kernels
========================================

The more symbols the training strings use, the better the transformer kernel does on symbols that
are in none of them (Theorem 4.4). To the kernel of an MLP all strings of fresh symbols are the
same, so that no diversity helps.
"""

import matplotlib.pyplot as plt

from kernels import Cosine, KernelRidge, MLPKernel, TransformerKernel
from theory import TemplateTask
from validation.plots.style import LOOKS, styled

task = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
kernels = {
    "transformer kernel": TransformerKernel(2.0, 1.0, Cosine(1.0, 1.2)),
    "MLP kernel": MLPKernel(Cosine(1.0, 1.2)),
}
alphabets = (10, 30, 100, 300, 1_000)

# %%
# The same 1,000 samples for both kernels; ``task.unseen()`` is a string of fresh symbols for each
# template, and all such strings have the same prediction.
errors: dict[str, list[float]] = {name: [] for name in kernels}
for alphabet in alphabets:
    sample = task.sample(1_000, alphabet=alphabet, noise=0.1, seed=0)
    for name, kernel in kernels.items():
        model = KernelRidge(kernel, alpha=0.1).fit(sample.strings, sample.labels)
        missed = model.predict(task.unseen()) - task.label_array
        errors[name].append(float(abs(missed).max()))

# %%
diversities = [task.diversity(alphabet) for alphabet in alphabets]
with styled():
    figure, axes = plt.subplots(figsize=(5.6, 3.3))
    for (name, values), look in zip(errors.items(), LOOKS, strict=False):
        axes.loglog(diversities, values, label=name, **look.keywords)
    axes.set_xlabel("diversity ρ of 1,000 samples")
    axes.set_ylabel("largest |prediction − label|\non unseen symbols")
    axes.legend()
