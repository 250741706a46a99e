"""Sections 3 and 4.1: what their checks rest on."""

from __future__ import annotations

import numpy as np
import pytest

from kernels.boundary.exceptions import InvalidInputError
from theory import TemplateTask
from theory.statements.section_3.definition_3_3 import failure_rate


def test_overlapping_templates_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="disjoint"):
        TemplateTask.parse({"αβ": 1.0, "aα": -1.0})


def test_failure_rate_by_hand() -> None:
    predictions = np.array([[0.9, -1.0], [0.0, -1.0], [1.0, -1.0], [1.0, 1.0]])
    labels = np.array([1.0, -1.0])
    assert failure_rate(predictions, labels, 0.5) == 0.25
    assert failure_rate(predictions, labels, 4.0) == 0.0
