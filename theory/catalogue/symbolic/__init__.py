"""Tasks with symbolic labels (Def. J.1); `find` gives them by name, as for real labels."""

from __future__ import annotations

from theory.catalogue.symbolic.copying import copying, printing
from theory.catalogue.symbolic.majority import symbolic_majority
from theory.catalogue.symbolic.quoted_programs import quoted_programs

__all__ = ["copying", "printing", "quoted_programs", "symbolic_majority"]
