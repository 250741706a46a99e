"""The page of large samples: the phase diagram, the rates, and a task that needs many."""

from __future__ import annotations

from markupsafe import Markup

from validation.report.page import Page
from validation.report.sections.regression.majority import Majority
from validation.report.sections.regression.phase_diagram import PhaseDiagram
from validation.report.sections.regression.phase_rates import PhaseRates

PHASE = Page(
    file="phase.html",
    title="Error over samples and diversity",
    lead=Markup(
        "The kernel matrix of strings from a few templates is nearly block-constant, and what is "
        "not is a sum over shared symbols. So ridge regression (4) can be solved exactly for "
        "millions of samples, whatever their diversity, which shows where generalization to "
        "unseen symbols begins and how fast the error falls from there."
    ),
    sections=(PhaseDiagram(), PhaseRates(), Majority()),
)
"""Exact at every point; the headings of the sections say up to how many samples."""
