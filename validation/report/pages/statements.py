"""The page of the paper's statements."""

from __future__ import annotations

from markupsafe import Markup

from theory import statements
from theory.statements.registry import PARTS
from validation.report.page import Page
from validation.report.statements.overview import Overview
from validation.report.statements.part import PartOfPaper

STATEMENTS = Page(
    file="statements.html",
    title="Every statement",
    lead=Markup(
        "The definitions, claims, lemmas and theorems of "
        "<a href='https://arxiv.org/abs/2310.09753'>the paper</a>, each checked on a small task: "
        "by exact arithmetic where the statement allows it, else by numbers with errors, else by "
        "sampling. <code>template-kernels statements</code> repeats each of them, on your tasks "
        "too."
    ),
    sections=(
        Overview(statements.all()),
        *(PartOfPaper(title, part) for title, part in PARTS.items()),
    ),
)
