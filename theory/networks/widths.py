"""The widths of a transformer."""

from __future__ import annotations

from dataclasses import dataclass

from kernels.boundary.checks import whole


@dataclass(frozen=True)
class Widths:
    """The widths of a transformer.

    Attributes:
        embedding: d_emb.
        heads: H.
        head: d_head.
        mlp: d_mlp.

    Raises:
        InvalidInputError: a width is not a whole number of at least 1.
    """

    embedding: int
    heads: int
    head: int
    mlp: int

    def __post_init__(self) -> None:
        for name in ("embedding", "heads", "head", "mlp"):
            whole(name, getattr(self, name), least=1)

    @classmethod
    def scaled(cls, width: int) -> Widths:
        """All widths in proportion, so that one number sends them to infinity together.

        Raises:
            InvalidInputError: the width is not a whole number of at least 1.

        >>> Widths.scaled(64)
        Widths(embedding=64, heads=32, head=32, mlp=256)
        """
        half = max(1, whole("width", width, least=1) // 2)
        return cls(width, half, half, 4 * width)
