"""The contract of every section of the report."""

from __future__ import annotations

from abc import ABC, abstractmethod

from validation.report.blocks import Content
from validation.report.workspace import Workspace


class Section(ABC):
    """A section: it computes what it needs, draws it, and says what is to be seen.

    To add one, write a file with a subclass and put an instance on a page.
    """

    key: str
    """Its anchor in the page, and the beginning of the names of its pictures."""

    title: str
    """Its heading."""

    @abstractmethod
    def build(self, workspace: Workspace) -> Content:
        """Compute, draw and describe."""
