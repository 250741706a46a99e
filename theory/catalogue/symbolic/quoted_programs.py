"""Programs that print the string that a variable holds (Figure 2)."""

from __future__ import annotations

from theory.symbolic_task import SymbolicTask

_PROGRAM = 'α = " γ " ; β = " δ " ; print ( {} )'


def quoted_programs() -> SymbolicTask:
    """Two variables are set to strings, and one is printed: the label is its string.

    >>> print(quoted_programs())
    α = " γ " ; β = " δ " ; print ( α ) -> γ
    α = " γ " ; β = " δ " ; print ( β ) -> δ
    """
    return SymbolicTask.parse(
        {_PROGRAM.format("α"): "γ", _PROGRAM.format("β"): "δ"}, name="quoted-programs"
    )
