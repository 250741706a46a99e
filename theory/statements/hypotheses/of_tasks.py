"""Hypotheses about the templates of a task."""

from __future__ import annotations

from theory.statements.framework.hypothesis import Hypothesis
from theory.statements.framework.setting import Setting


def _one_template(setting: Setting) -> str | None:
    return None if len(setting.task) > 1 else "give at least two templates"


SEVERAL = Hypothesis("there are at least two templates", "task", _one_template)


def _regular(setting: Setting) -> str | None:
    found = setting.task.regular_tokens
    return f"{found[0]!r} is a regular token; give templates of wildcards" if found else None


WILDCARDS_ONLY = Hypothesis("the templates consist of wildcards", "task", _regular)
