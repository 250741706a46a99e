"""The statements of one part of the paper."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from theory.statements import Statement
from validation.experiments.scale import Scale
from validation.report.blocks import Block, Content, Folded, Heading, Text
from validation.report.section import Section
from validation.report.statements.checked import Checked, anchor, check_all
from validation.report.statements.evidence import described, evidence_table
from validation.report.statements.formula import formula
from validation.report.statements.pictures import picture
from validation.report.workspace import Workspace


class PartOfPaper(Section):
    """What do these statements say, and what was seen?

    Args:
        title: of the part.
        statements: in the order of the paper.
    """

    def __init__(self, title: str, statements: Sequence[Statement]) -> None:
        # "part": statements are named after sections too.
        self.key = anchor(f"part {title}".split(":", maxsplit=1)[0])
        self.title = title
        self.statements = statements

    def build(self, workspace: Workspace) -> Content:
        """Each statement with its formula, its verdict, its evidence and its picture."""
        blocks: list[Block] = []
        options = " --quick" if workspace.scale is Scale.QUICK else ""
        for one in check_all(self.statements, workspace):
            blocks += _entry(one, options)
            drawn = picture(one, workspace.gallery)
            if drawn is not None:
                blocks.append(drawn)
        return Content(self.key, self.title, blocks)


def _entry(one: Checked, options: str) -> list[Block]:
    statement, verdict = one.statement, one.verdict
    names = " = ".join(statement.ids)
    hypotheses = "; ".join(hypothesis.name for hypothesis in statement.hypotheses)
    said = Markup("{}").format(statement.words)
    if hypotheses:
        said += Markup(" <span class='quiet'>Where {}.</span>").format(hypotheses)
    seen = Markup("{} ({}): {}").format(one.badge(), verdict["kind"], one.figure)
    if verdict["counterexample"] is not None:
        example = described(verdict["counterexample"])
        seen += Markup("<br>Counterexample: {}.").format(example)
    if statement.finding:
        seen += Markup("<br>Finding: {}").format(statement.finding)
    if "would_settle" in verdict["evidence"]:
        seen += Markup("<br>What would settle it: {}.").format(verdict["evidence"]["would_settle"])
    command = f'template-kernels statements "{statement.id}"{options}'
    summary = Markup("Evidence, {:.1f} s. <code>{}</code>").format(verdict["seconds"], command)
    return [
        Heading(one.key, Markup("{}: {}").format(names, statement.title)),
        Text(said),
        Text(Markup('<span class="formula">{}</span>').format(formula(statement.latex))),
        Text(seen),
        Folded(summary, evidence_table(verdict["evidence"])),
    ]
