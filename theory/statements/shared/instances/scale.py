"""Labels and kernels brought to size 1, so that tolerances mean the same at any scale."""

from __future__ import annotations

import dataclasses

import numpy as np

from theory.statements.framework.setting import Setting


def with_unit_labels(setting: Setting) -> tuple[Setting, float]:
    """The setting with the labels divided by the largest in size, and that number.

    Statements that are linear in the labels are examined on these, so that tolerances mean the
    same at any scale. Labels that are all 0 stay; the number is then 1.

    >>> from theory.task import TemplateTask
    >>> setting, scale = with_unit_labels(Setting(TemplateTask.parse({"αα": 4e300, "αβ": -1e300})))
    >>> setting.task.labels, scale
    ((1.0, -0.25), 4e+300)
    """
    task = setting.task
    scale = max(abs(y) for y in task.labels) or 1.0
    unit = dataclasses.replace(task, labels=tuple(y / scale for y in task.labels))
    return dataclasses.replace(setting, given_task=unit), scale


def kernel_size(setting: Setting) -> float:
    """The largest K(x, x) at strings of the task, 1 where that is 0.

    K(x, x) is the same at every string of a template. Checks choose their ridge relative to this
    number, or divide the kernel by it, so that tolerances mean the same at any scale: prediction
    and weights do not change where kernel and ridge are divided by one number.
    """
    own = setting.kernel.diagonal(setting.task.unseen()).values
    return float(np.abs(own).max()) or 1.0


def divided_by(labels: float, kernel: float = 1.0) -> dict[str, object]:
    """What the evidence says of labels and of a kernel, with its ridge, that were divided."""
    found = {"labels divided by": labels, "kernel and ridge divided by": kernel}
    return {what: number for what, number in found.items() if number != 1.0}
