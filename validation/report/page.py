"""A page of the report: sections, and the template that they are poured into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from validation.experiments.scale import Scale
from validation.report.blocks import Block, Content, Folded, Heading, Picture, Table, Text
from validation.report.section import Section
from validation.report.workspace import Workspace

_AS_ABOVE = Markup("Points and bars as above.")


@dataclass(frozen=True)
class Page:
    """A page.

    Attributes:
        file: its name in the folder of the report.
        title: its heading, and its name in the navigation.
        lead: what it is about, in a few sentences.
        sections: in their order.
    """

    file: str
    title: str
    lead: Markup
    sections: tuple[Section, ...]

    def build(self, workspace: Workspace) -> list[Content]:
        """All sections, built."""
        return [section.build(workspace) for section in self.sections]


def render(page: Page, contents: Sequence[Content], pages: Sequence[Page], *, scale: Scale) -> str:
    """The page as HTML that needs nothing but the files beside it.

    Args:
        page: which page.
        contents: its sections, built.
        pages: all pages, for the navigation.
        scale: how much was computed; a page of less than all says so.
    """
    environment = Environment(
        loader=PackageLoader("validation.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["text"] = lambda block: isinstance(block, Text)
    environment.tests["picture"] = lambda block: isinstance(block, Picture)
    environment.tests["heading"] = lambda block: isinstance(block, Heading)
    environment.tests["folded"] = lambda block: isinstance(block, Folded)
    environment.tests["table"] = lambda block: isinstance(block, Table)
    return environment.get_template("page.html.j2").render(
        page=page,
        contents=_said_once(contents),
        pages=pages,
        sortable=any(
            isinstance(block, Table) and block.sortable
            for content in contents
            for block in content.blocks
        ),
        quick=scale is Scale.QUICK,
        findings=[finding for content in contents for finding in content.findings],
    )


def _said_once(contents: Sequence[Content]) -> list[Content]:
    """The sections, where later pictures refer to how the first one is read."""
    said: set[str] = set()

    def block(one: Block) -> Block:
        if not isinstance(one, Picture) or not one.reading:
            return one
        if one.reading in said:
            return replace(one, reading=_AS_ABOVE)
        said.add(one.reading)
        return one

    return [replace(one, blocks=[block(part) for part in one.blocks]) for one in contents]
