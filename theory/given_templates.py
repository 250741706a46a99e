"""Templates as a user may give them: those of a task, or a list, parsed or written."""

from __future__ import annotations

from collections.abc import Iterable

from kernels.boundary.checks import instance
from kernels.boundary.exceptions import InvalidInputError
from kernels.contract.kernel import Kernel
from theory.task import TemplateTask
from theory.template import Template

Templates = TemplateTask | Iterable[Template | str]
"""A task, or templates of one length."""


def given_templates(templates: Templates) -> tuple[Template, ...]:
    """The templates, those that are written parsed.

    Raises:
        InvalidInputError: no templates, or templates of unequal length; something else in their
            place: a kernel, say, or one template without a list.

    >>> [str(template) for template in given_templates(["αα", "αβ"])]
    ['αα', 'αβ']
    """
    if isinstance(templates, TemplateTask):
        return templates.templates
    if isinstance(templates, Kernel):
        raise InvalidInputError(
            "templates", templates, "the kernel comes first, then the templates"
        )
    remedy = 'give a TemplateTask or a list of templates, such as ["αα", "αβ"]'
    if isinstance(templates, str | Template) or not isinstance(templates, Iterable):
        raise InvalidInputError("templates", templates, remedy)
    chosen = tuple(Template.parse(z) if isinstance(z, str) else z for z in templates)
    for one in chosen:
        instance("templates", one, Template, remedy)
    if not chosen:
        raise InvalidInputError("templates", templates, "give at least one template")
    for one in chosen:
        if one.length != chosen[0].length:
            raise InvalidInputError(
                "templates",
                str(one),
                f"all templates need one length; the first, {str(chosen[0])!r}, has "
                f"{chosen[0].length - 1} tokens and this one {one.length - 1}",
            )
    return chosen


def given_kernel(kernel: Kernel) -> None:
    """Refuse what is no kernel.

    Raises:
        InvalidInputError: it is none.
    """
    words = "a kernel, such as TransformerKernel(), comes first, then the templates"
    instance("kernel", kernel, Kernel, words)
