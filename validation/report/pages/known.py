"""The page on what is exact, proved and foretold of the error on unseen symbols."""

from __future__ import annotations

from markupsafe import Markup

from validation.report.page import Page
from validation.report.sections.unseen.data_plans import DataPlans
from validation.report.sections.unseen.known import KnownOverN, KnownOverRho

KNOWN = Page(
    file="unseen.html",
    title="The error, exactly",
    lead=Markup(
        "What a fitted ridge regression does at strings of symbols that it never saw is r "
        "numbers, one a template. They can be computed exactly from r + 1 solves, bounded before "
        "any sample is drawn, and foretold closely by a formula that is not proved; all of it "
        "stands here beside the errors that were measured."
    ),
    sections=(KnownOverN(), KnownOverRho(), DataPlans()),
)
"""Measured errors are those of the first page; `docs/theorems-ridge.md` has the proofs."""
