"""
Laws of symbols and weights of templates
========================================

Symbols need not be equally likely, nor independent of each other, and templates need not be
equally frequent. What counts for learning is the diversity ρ (Def. 4.2): one over the largest
probability of a symbol to occur in a string.
"""

import matplotlib.pyplot as plt
import numpy as np

from kernels import Cosine, KernelRidge, TransformerKernel
from theory import TemplateTask, TokenLaw, Tuples, Uniform, Zipf, certify
from validation.plots.style import BLUE, styled

# %%
# Four laws on 300 symbols, the last two of which are far from uniform. In ``Tuples`` a whole
# substitution is drawn at once: here a symbol's partner is one of its three neighbours.
symbols = 300
laws: dict[str, TokenLaw] = {
    "uniform": Uniform(symbols),
    "neighbours": Tuples([(i, (i + d) % symbols) for i in range(symbols) for d in (1, 2, 3)]),
    "Zipf 0.5": Zipf(symbols, exponent=0.5),
    "Zipf 1": Zipf(symbols, exponent=1.0),
}
task = TemplateTask.parse({"αα": 1.0, "αβ": -1.0}, weights=(0.25, 0.75))
print({name: round(task.diversity(law), 1) for name, law in laws.items()})

# %%
# Fit the same number of samples of each, and certify the error at all unseen strings: a bias and a
# deviation that label noise causes.
kernel = TransformerKernel(2.0, 1.0, Cosine(1.0, 1.2))
errors = []
for law in laws.values():
    sample = task.sample(1_000, alphabet=law, noise=0.1, seed=0)
    model = KernelRidge(kernel, alpha=0.1).fit(sample.strings, sample.labels)
    certificate = certify(model, task, noise=0.1)
    errors.append(float(np.hypot(certificate.bias.values, certificate.noise.values).max()))

# %%
# Fewer different symbols cost accuracy; that partners depend on each other does not.
with styled():
    figure, axes = plt.subplots(figsize=(5.6, 3.0))
    bars = axes.bar(list(laws), errors, color=BLUE, width=0.6)
    axes.bar_label(bars, fmt="%.3f")
    axes.set_ylabel("root mean square error\nat unseen symbols")
    axes.set_title("1,000 samples, 300 symbols")
    axes.grid(visible=False, axis="x")
