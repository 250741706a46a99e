"""A page of the report: sections, and the template that they are poured into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from validation.experiments.scale import Scale
from validation.report.blocks import Content, Folded, Heading, Picture, Table, Text
from validation.report.section import Section
from validation.report.workspace import Workspace


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
        contents=contents,
        pages=pages,
        quick=scale is Scale.QUICK,
        findings=[finding for content in contents for finding in content.findings],
    )
