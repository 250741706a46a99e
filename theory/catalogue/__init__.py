"""The template tasks that the paper names; `find` gives them by name.

For distribution-of-3, relational match-to-sample and the Raven-type matrices, the paper's counts
(144, 40 and 37 templates) come out here of enumerating a layout, which each docstring describes.
The layouts are reconstructions: the natural reading of each task that yields the published count.
A count cannot exclude another layout with as many templates. Where the paper's answer is a choice
or a symbol, the docstring says which real label stands for it.
"""

from __future__ import annotations

from theory.catalogue.aba_abb import aba_abb
from theory.catalogue.distribution_of_3 import distribution_of_3
from theory.catalogue.majority import majority
from theory.catalogue.match_to_sample import relational_match_to_sample
from theory.catalogue.programs import programs
from theory.catalogue.random_templates import random_templates
from theory.catalogue.raven import raven
from theory.catalogue.registry import (
    FAMILIES,
    SYMBOLIC_FAMILIES,
    Family,
    find,
    find_any,
    find_symbolic,
    names,
    symbolic_names,
)
from theory.catalogue.same_different import same_different
from theory.catalogue.symbolic import copying, printing, quoted_programs, symbolic_majority

__all__ = [
    "FAMILIES",
    "SYMBOLIC_FAMILIES",
    "Family",
    "aba_abb",
    "copying",
    "distribution_of_3",
    "find",
    "find_any",
    "find_symbolic",
    "majority",
    "names",
    "printing",
    "programs",
    "quoted_programs",
    "random_templates",
    "raven",
    "relational_match_to_sample",
    "same_different",
    "symbolic_majority",
    "symbolic_names",
]
