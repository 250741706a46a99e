"""
Labels that are symbols
=======================

In a task of Definition J.1 the label of a template is one of its wildcards: the answer to a string
is a symbol of that string. Ridge regression answers with numbers, and there are two ways to make
them symbols. One of them fails at symbols that it has not seen, which is what Theorem 5.1 is about.
"""

import numpy as np

from kernels import Cosine, KernelRidge, TransformerKernel
from theory import SymbolicTask

# %%
# The symbol in the middle of one template, the first symbol of the other. Where a function asks for
# a task with numbers, such as `template_matrix`, give it ``task.inputs``, the templates alone.
task = SymbolicTask.parse({"αβα": "β", "αββ": "α"}, name="the odd one out")
print(task)
sample = task.sample(400, alphabet=30, seed=0)
for n in range(3):
    print(sample.strings[n], "->", sample.strings.vocabulary.name(int(sample.labels[n])))

# %%
# **A column for each symbol.** A symbol that was no label in the sample has no column, so nothing
# can answer with it.
kernel = TransformerKernel(beta=2.0, gamma=1.0, activation=Cosine(1.0, 1.2))
symbols = np.unique(sample.labels)
by_symbol = KernelRidge(kernel, alpha=1e-3).fit(
    sample.strings, (sample.labels[:, None] == symbols).astype(float)
)
seen, new = "s1 s2 s1", "x y x"
for string in (seen, new):
    best = symbols[by_symbol.predict([string])[0].argmax()]
    print(string, "->", sample.strings.vocabulary.name(int(best)))

# %%
# **A column for each position.** Where the answer stands is a property of the template, not of the
# symbols, and a template task with several outputs: it is learned once for all symbols.
positions = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
by_position = KernelRidge(kernel, alpha=1e-3).fit(sample.strings, positions[sample.templates])
for string in (seen, new, "y x x"):
    place = int(by_position.predict([string])[0].argmax())
    print(string, "->", string.split()[place])
