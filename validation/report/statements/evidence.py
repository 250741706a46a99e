"""Evidence, as JSON has it, made readable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from validation.report.blocks import Table

_ROWS = 24
"""A table for people ends here; the file beside the page has all rows."""

_ITEMS = 8
"""A list with more items is shortened."""

_DRAWN = "series"
"""The key of tables, which pictures draw."""

_ESTIMATE = {"value", "error", "kind"}
_COMPARISON = {"first", "second", "difference"}


def evidence_table(evidence: Mapping[str, Any]) -> Table:
    """What was looked at, and what was found."""
    told = {name: value for name, value in evidence.items() if name != _DRAWN}
    rows: list[list[str | Markup]] = [
        [name, described(value)] for name, value in list(told.items())[:_ROWS]
    ]
    hidden = len(told) - len(rows)
    more = f"{hidden} more rows are in statements.json." if hidden else ""
    return Table(["case", "found"], rows, Markup(more))


def described(value: object) -> str:
    """A value in words.

    >>> described({"value": 0.25, "error": 1e-9, "kind": "numerical"})
    '0.25 ± 1e-09'
    >>> described({"p_value": 0.5, "draws": [1, 2], "wrong": [], "renamed": True})
    'p value: 0.5; draws: 1, 2; wrong: none; renamed: yes'
    """
    if isinstance(value, Mapping):
        return _described_mapping(value)
    if isinstance(value, (list, tuple)):
        return _described_list(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    return "none" if value is None else str(value)


def _described_mapping(value: Mapping[str, Any]) -> str:
    if set(value) == _ESTIMATE:
        return f"{described(value['value'])} ± {value['error']:.1g}"
    if set(value) == _COMPARISON:
        return (
            f"{described(value['first'])} by one route, {described(value['second'])} by the other"
        )
    named = ((str(name).replace("_", " "), described(one)) for name, one in value.items())
    return "; ".join(f"{name}: {one}" for name, one in named)


def _described_list(value: Sequence[object]) -> str:
    if not value:
        return "none"
    shown = ", ".join(described(one) for one in value[:_ITEMS])
    return shown if len(value) <= _ITEMS else f"{shown}, ... ({len(value)} in all)"
