"""All statements in one table."""

from __future__ import annotations

import json
from collections.abc import Sequence

from markupsafe import Markup

from theory.statements import Statement
from validation.report.blocks import Content, Table
from validation.report.section import Section
from validation.report.statements.checked import Checked, check_all
from validation.report.workspace import Workspace


class Overview(Section):
    """Which statements hold, and how sure is that?

    Args:
        statements: in the order of the table.
    """

    key = "all-statements"
    title = "All statements"

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = statements

    def build(self, workspace: Workspace) -> Content:
        """Check all; a table with links to the details below."""
        found = check_all(self.statements, workspace)
        text = json.dumps([one.verdict for one in found], ensure_ascii=False, indent=1)
        workspace.manifest.write("statements.json", text)
        rows = [_row(one) for one in found]
        caption = Markup(
            "A check looks at finitely many cases: <i>holds</i> says that none of them "
            "contradicts the statement and how sure each number is, not that the statement is "
            "proved; a definition holds where the code agrees with its words. <i>Violated</i> "
            "comes with a counterexample. Where a wording fails, how it can be mended, and which "
            "entries check a mended wording is in <code>docs/findings.md</code>. All evidence is "
            "in <a href='statements.json'>statements.json</a>."
        )
        head = ["statement", "verdict", "kind", "title", "seconds"]
        return Content(
            self.key, self.title, [Table(head, rows, caption, sortable=True)], _findings(found)
        )


def _row(one: Checked) -> list[str | Markup]:
    link = Markup('<a href="#{}">{}</a>').format(one.key, one.statement.id)
    seconds = f"{one.verdict['seconds']:.1f}"
    others = one.statement.ids[1:]
    if others:
        link += Markup(" = {}").format(", ".join(others))
    return [link, one.badge(), str(one.verdict["kind"]), one.statement.title, seconds]


def _findings(found: Sequence[Checked]) -> list[Markup]:
    """One sentence for each outcome, which links to the statements that do not hold."""
    sentences = []
    for outcome, words in (
        ("holds", "hold in every case that was looked at"),
        ("violated", "are violated as they are worded"),
        ("inconclusive", "could not be decided"),
        ("says nothing here", "say nothing of the task that they were tried on"),
    ):
        those = [one for one in found if one.outcome == outcome]
        if not those:
            continue
        links = Markup(", ").join(
            Markup('<a href="#{}">{}</a>').format(one.key, one.statement.id) for one in those
        )
        named = Markup("") if outcome == "holds" else Markup(": ") + links
        sentences.append(
            Markup("<b>{}</b> of {} checks {}{}.").format(len(those), len(found), words, named)
        )
    return sentences
