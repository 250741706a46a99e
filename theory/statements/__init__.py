"""The paper's statements, each with a check: name one and see it examined on a task of your own.

>>> from theory import statements
>>> found = statements.find("Definition 3.1").check()
>>> print(found.outcome, found.kind)
holds exact

A statement stands in the folder of its section or appendix, in the file of its main number: Claim
D.3 in ``appendix_d/claim_d_3.py``. To add one, write its file and add its number to `registry`.

* `framework`: what a statement, its hypotheses, its claims and their decision are.
* `hypotheses`, `shared`: what several statements share.
"""

from __future__ import annotations

from theory.statements.framework.claims import (
    AtMost,
    Claim,
    Compatible,
    Equal,
    Every,
    Fact,
    Falls,
    Open,
    Provided,
    Void,
)
from theory.statements.framework.decision import decide
from theory.statements.framework.examination import Examination
from theory.statements.framework.finding import Case, Finding, Verdict
from theory.statements.framework.hypothesis import Hypothesis, HypothesisError
from theory.statements.framework.outcome import Outcome
from theory.statements.framework.series import Series
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.registry import all, find

__all__ = [
    "AtMost",
    "Case",
    "Claim",
    "Compatible",
    "Equal",
    "Every",
    "Examination",
    "Fact",
    "Falls",
    "Finding",
    "Hypothesis",
    "HypothesisError",
    "Open",
    "Outcome",
    "Provided",
    "Series",
    "Setting",
    "Statement",
    "Verdict",
    "Void",
    "all",
    "decide",
    "find",
]
