"""
Data of your own, from texts to a stored model
==============================================

`KernelRidge` takes texts as they are and is an estimator of scikit-learn: cross-validation, grid
search and pipelines work with it. Here each text has three words, and the label says whether the
last repeats the first. The words of the test texts occur in no training text.
"""

import tempfile
from pathlib import Path

import joblib
import numpy as np
from sklearn.model_selection import GridSearchCV

from kernels import Cosine, KernelRidge, Quadrature, TransformerKernel

# %%
# Texts, say from a file of yours: one a line, all of one length.
rng = np.random.default_rng(0)
words = [f"word{i}" for i in range(300)]


def text(repeats: bool, vocabulary: list[str]) -> str:
    """Three words, of which the last is the first or another one."""
    first, middle, last = rng.choice(vocabulary, 3, replace=False)
    return f"{first} {middle} {first if repeats else last}"


labels = rng.choice([1.0, -1.0], 200)
texts = [text(label > 0.0, words) for label in labels]
print(texts[0], "->", labels[0])

# %%
# The ridge by cross-validation. ``tokens="words"`` says how texts are read, so that no text can be
# taken for a string of letters; values good to 1e-6 are enough to predict a sign.
kernel = TransformerKernel(2.0, 1.0, Cosine(1.0, 1.2), attention=Quadrature(tolerance=1e-6))
search = GridSearchCV(KernelRidge(kernel, tokens="words"), {"alpha": [0.001, 0.1, 1.0]}, cv=3)
search.fit(texts, labels)
for alpha, score in zip(
    search.cv_results_["param_alpha"], search.cv_results_["mean_test_score"], strict=True
):
    print(f"alpha {alpha:<6g} R² {score:.3f}")

# %%
# A model is kept in a file and read again, its kernel's values included. Words that it has never
# seen are no obstacle.
new = ["apple pear apple", "apple pear plum", "plum kiwi plum", "kiwi plum pear"]
with tempfile.TemporaryDirectory() as folder:
    joblib.dump(search.best_estimator_, Path(folder) / "model")
    model = joblib.load(Path(folder) / "model")
for one, prediction in zip(new, model.predict(new), strict=True):
    print(f"{one:18} {prediction:+.2f}")
