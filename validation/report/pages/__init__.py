"""The pages of the report; to add one, write its file and name it here."""

from __future__ import annotations

from validation.report.page import Page
from validation.report.pages.index import INDEX
from validation.report.pages.known import KNOWN
from validation.report.pages.method import METHOD
from validation.report.pages.phase import PHASE
from validation.report.pages.statements import STATEMENTS
from validation.report.pages.training import TRAINING

PAGES: tuple[Page, ...] = (INDEX, STATEMENTS, KNOWN, PHASE, TRAINING, METHOD)
"""In the order of the navigation and of the work. ``index.html`` is the first."""
