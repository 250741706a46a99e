"""How much an experiment computes."""

from __future__ import annotations

from enum import StrEnum


class Scale(StrEnum):
    """Quick for a first look, full for the report."""

    QUICK = "quick"
    FULL = "full"
