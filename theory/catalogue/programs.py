"""Programs that print a variable (Figure 1)."""

from __future__ import annotations

from theory.task import TemplateTask

_PROGRAM = "α = 1 ; β = -1 ; print ( {} )"


def programs() -> TemplateTask:
    """Two variables are set to 1 and to -1, and one is printed: the label is what is printed.

    >>> print(programs())
    α = 1 ; β = -1 ; print ( α ) -> 1
    α = 1 ; β = -1 ; print ( β ) -> -1
    """
    return TemplateTask.parse(
        {_PROGRAM.format("α"): 1.0, _PROGRAM.format("β"): -1.0}, name="programs"
    )
