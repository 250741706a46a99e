"""
A statement of the paper, checked on a task of your own
=======================================================

Every numbered statement of the paper is an object with a check. A check says holds, violated (with
a counterexample), inconclusive (with what would settle it) or that it says nothing here, and how
sure that is. A hypothesis that your task breaks is named.
"""

from kernels import MLPKernel
from theory import TemplateTask, statements

task = TemplateTask.parse({"ααβ": 1.0, "αβα": 0.5, "αββ": -1.0})

# %%
# Lemma 4.7: the attention kernel separates the templates, for almost every β and γ. Exact
# derivatives prove it of this task.
lemma = statements.find("Lemma 4.7")
print(lemma)
verdict = lemma.check(task)
print(verdict.outcome, verdict.kind, "-", verdict.figure)

# %%
# Several at once; each row ends with what was seen.
for number in ("Definition 4.1", "Definition 4.2", "Lemma 4.7"):
    statement = statements.find(number)
    verdict = statement.check(task, quick=True)
    print(f"{number:15} {verdict.outcome!s:8} {verdict.kind!s:10} {verdict.figure}")

# %%
# Statements about a kernel take one of yours. Lemma 4.5 asks for a nonsingular N, and says so where
# a kernel has none.
try:
    statements.find("Lemma 4.5").check(task, MLPKernel())
except statements.HypothesisError as refusal:
    print(refusal)
