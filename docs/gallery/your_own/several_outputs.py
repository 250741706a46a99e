"""
Several outputs at once
=======================

Labels may be vectors: a column for each output. All columns share the kernel matrix and every step
of the solution, so ten outputs take hardly longer than one.
"""

import numpy as np

from kernels import Cosine, KernelRidge, TransformerKernel
from theory import TemplateTask

# %%
# Strings of three tokens, and two questions about each: are its first two equal, and its last two?
# A task has one number a template, not used here: ``answers`` has a row for each template instead.
task = TemplateTask.parse({"ααα": 0.0, "ααβ": 1.0, "αββ": 2.0, "αβγ": 3.0})
answers = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
sample = task.sample(2_000, alphabet=2_000, seed=0)
labels = answers[sample.templates]  # the label of a string is its template's row
print(sample.strings.shape, labels.shape)

# %%
# One fit, and one row of two predictions for each string; its symbols were never seen.
kernel = TransformerKernel(beta=2.0, gamma=1.0, activation=Cosine(1.0, 1.2))
model = KernelRidge(kernel, alpha=1e-3).fit(sample.strings, labels)
unseen = ["xxx", "xxy", "xyy", "xyz"]
predictions = model.predict(unseen)
for string, prediction in zip(unseen, predictions, strict=True):
    print(string, prediction.round(2))

# %%
# Columns do not influence each other: each is what a fit of its own finds.
alone = KernelRidge(kernel, alpha=1e-3).fit(sample.strings, labels[:, 1]).predict(unseen)
print("largest difference:", float(np.abs(predictions[:, 1] - alone).max()))
