"""From written templates to tasks."""

from __future__ import annotations

import re

from kernels import InvalidInputError
from theory import Template, TemplateTask, catalogue


def chosen_task(name: str | None, templates: list[str], *, labelled: bool) -> TemplateTask:
    """The task that a command was given, by name or by its templates.

    Args:
        name: of the catalogue.
        templates: written templates, with labels (``αα=1``) where ``labelled``.
        labelled: whether the templates carry labels; else all labels are 0.

    Raises:
        InvalidInputError: both or neither were given, or the task is not well-formed.
    """
    if name is not None:
        if templates:
            raise InvalidInputError("task", name, "give either templates or --task, not both")
        return catalogue.find(name)
    if labelled:
        return TemplateTask.parse(templates)
    parsed = unlabelled(templates)
    return TemplateTask(parsed, (0.0,) * len(parsed))


def unlabelled(templates: list[str]) -> tuple[Template, ...]:
    """Templates for a command to which labels mean nothing.

    Raises:
        InvalidInputError: one is not well-formed, or ends in a label, which would else be read as
            regular tokens.
    """
    for written in templates:
        template, separator, label = written.rpartition("=")
        if separator and re.fullmatch(r"[-+]?[0-9.]+(e[-+]?[0-9]+)?", label):
            raise InvalidInputError(
                "templates", written, f"this command takes no labels; write {template!r}"
            )
    return tuple(Template.parse(template) for template in templates)
