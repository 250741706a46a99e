"""The last page: what the errors mean, and what would be needed to make the report again."""

from __future__ import annotations

from markupsafe import Markup

from validation.report.kinds import KindsOfErrors
from validation.report.page import Page
from validation.report.provenance import Provenance

METHOD = Page(
    file="method.html",
    title="How sure, and how made",
    lead=Markup("Each number of this report has an error, and each error is of some kind."),
    sections=(KindsOfErrors(), Provenance()),
)
"""The last to be built, since it counts the points of all others."""
