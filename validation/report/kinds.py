"""The section on what the errors mean."""

from __future__ import annotations

from markupsafe import Markup

from validation.report.blocks import Content, Table, Text
from validation.report.section import Section
from validation.report.workspace import Workspace


class KindsOfErrors(Section):
    """How sure is each number?"""

    key = "errors"
    title = "How sure each number is"

    def build(self, workspace: Workspace) -> Content:
        """A table of the kinds; nothing is computed."""
        del workspace
        return Content(self.key, self.title, [Table(_HEAD, _ROWS, _CAPTION), Text(_LIMITS)])


_HEAD = ["kind", "what the error says", "where it stands here"]

_ROWS: list[list[str | Markup]] = [
    [
        "exact",
        "The value is the quantity itself.",
        "diversities ρ, null vectors of N, counts, derivatives at (0, 0)",
    ],
    [
        "proved",
        "An inequality in rational or ball arithmetic, which no rounding can break.",
        "the series of Definition G.2 and Lemma G.1, bounds over boxes of parameters",
    ],
    [
        "numerical",
        "Two resolutions of one computation differ by less; for rounding a floor is added, "
        "which is estimated and not proved.",
        "kernel values, N, its eigenvalues and verdicts, the solver’s residual",
    ],
    [
        "statistical",
        "The spread over independent trials; in a check, a p-value or a confidence band.",
        "errors on unseen symbols: every bar in a picture of regressions; checks by random draws",
    ],
]

_CAPTION = Markup(
    "From the strongest claim to the weakest. A result is as sure as the weakest number that "
    "went into it."
)

_LIMITS = Markup(
    "Theorem 4.4 speaks of limits and does not give its constants. The lines drawn "
    "with a constant C have the theorem’s slope and a height of ours. Experiments at these n and "
    "ρ illustrate the theorem; they neither prove it nor could they refute it."
)
