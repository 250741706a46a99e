"""Union-find: a partition that grows coarser."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class Partition(Generic[T]):
    """Classes of items; an item that was never mentioned is a class of its own.

    SciPy's ``DisjointSet`` does the same at twice the time a merge, and importing it takes as
    long as all of `kernels`' own modules.

    >>> partition = Partition[int]()
    >>> partition.merge(1, 2)
    >>> partition.find(1) == partition.find(2) != partition.find(3)
    True
    >>> partition.classes()
    [[1, 2], [3]]
    """

    def __init__(self) -> None:
        self._parent: dict[T, T] = {}

    def find(self, item: T) -> T:
        """The representative of the item's class."""
        parent = self._parent
        while parent.setdefault(item, item) != item:
            parent[item] = item = parent[parent[item]]
        return item

    def merge(self, item: T, other: T) -> None:
        """Make one class of the classes of two items."""
        root = self.find(item)
        self._parent[root] = self.find(other)

    def classes(self) -> list[list[T]]:
        """The classes of all items mentioned, in the order of mention."""
        found: dict[T, list[T]] = {}
        for item in list(self._parent):
            found.setdefault(self.find(item), []).append(item)
        return list(found.values())
