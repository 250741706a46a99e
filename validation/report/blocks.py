"""What a section of the report is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from markupsafe import Markup


@dataclass(frozen=True)
class Text:
    """A paragraph.

    Attributes:
        html: its content.
    """

    html: Markup


@dataclass(frozen=True)
class Picture:
    """A picture of the gallery.

    Attributes:
        stem: its name there.
        alt: what it shows, for who cannot see it.
        caption: what to see in it, and how sure it is.
        reading: how to read points and bars; a page says it once.
    """

    stem: str
    alt: str
    caption: Markup
    reading: Markup = field(default_factory=Markup)


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        head: the names of the columns.
        rows: the cells.
        caption: what to see in it, and how sure it is.
        stem: the name of its data in the gallery, if it has any there.
        sortable: whether readers may sort and filter the rows.
    """

    head: list[str]
    rows: list[list[str | Markup]]
    caption: Markup
    stem: str = ""
    sortable: bool = False


@dataclass(frozen=True)
class Heading:
    """The heading of a part of a section.

    Attributes:
        key: its anchor in the page.
        html: its content.
    """

    key: str
    html: Markup


@dataclass(frozen=True)
class Folded:
    """A table that opens where a reader asks for it.

    Attributes:
        summary: what is seen while it is closed.
        table: what is inside.
    """

    summary: Markup
    table: Table


Block: TypeAlias = Text | Picture | Table | Heading | Folded


@dataclass(frozen=True)
class Content:
    """A section as it was built.

    Attributes:
        key: its anchor.
        title: its heading.
        blocks: what it says and shows.
        findings: sentences for the summary, with the numbers that were found.
    """

    key: str
    title: str
    blocks: list[Block]
    findings: list[Markup] = field(default_factory=list)
