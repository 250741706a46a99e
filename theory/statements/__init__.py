"""The paper's statements, each with a check: name one and see it examined on a task of your own.

>>> from theory import statements
>>> found = statements.find("Definition 3.1").check()
>>> print(found.outcome, found.kind)
holds exact

To add a statement, make a `Statement` in a module of its group and add it to the registry.
"""

from __future__ import annotations

from theory.statements.framework.hypothesis import Hypothesis, HypothesisError
from theory.statements.framework.setting import Setting
from theory.statements.framework.statement import Statement
from theory.statements.framework.verdict import (
    Case,
    Finding,
    Outcome,
    Verdict,
    at_most,
    conclude,
    equal,
    fact,
)
from theory.statements.registry import all, find

__all__ = [
    "Case",
    "Finding",
    "Hypothesis",
    "HypothesisError",
    "Outcome",
    "Setting",
    "Statement",
    "Verdict",
    "all",
    "at_most",
    "conclude",
    "equal",
    "fact",
    "find",
]
