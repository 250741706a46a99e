"""Evidence, as JSON has it, made readable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from validation.report.blocks import Table

_ROWS = 24
"""A table for people ends here; the file beside the page has all rows."""

_ITEMS = 8
"""A list with more items is shortened."""

_ESTIMATE = {"value", "error", "kind"}


def evidence_table(evidence: Mapping[str, Any]) -> Table:
    """What was looked at, and what was found."""
    rows: list[list[str | Markup]] = [
        [name, described(value)] for name, value in list(evidence.items())[:_ROWS]
    ]
    hidden = len(evidence) - len(rows)
    more = f"{hidden} more rows are in statements.json." if hidden else ""
    return Table(["case", "found"], rows, Markup(more))


def described(value: object) -> str:
    """A value in words.

    >>> described({"value": 0.25, "error": 1e-9, "kind": "numerical"})
    '0.25 ± 1e-09'
    >>> described({"p": 0.5, "draws": [1, 2]})
    'p: 0.5; draws: 1, 2'
    """
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Mapping):
        if set(value) == _ESTIMATE:
            return f"{described(value['value'])} ± {value['error']:.1g}"
        return "; ".join(f"{name}: {described(one)}" for name, one in value.items())
    if isinstance(value, (list, tuple)):
        shown = ", ".join(described(one) for one in value[:_ITEMS])
        return shown if len(value) <= _ITEMS else f"{shown}, ... ({len(value)} in all)"
    return {True: "yes", False: "no", None: "none"}.get(value, str(value))  # type: ignore[call-overload] # any key may be asked for
