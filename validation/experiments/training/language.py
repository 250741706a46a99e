"""A small language model on a text: perplexity against steps, with and without a_h and b_h."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from kernels import InvalidInputError
from validation.experiments.laboratory import Laboratory
from validation.experiments.storage.point import Json, Point
from validation.experiments.training.texts import Text, text_of

if TYPE_CHECKING:
    from theory.networks.language.heads import Diagonal
    from theory.networks.language.model import Reading
    from theory.networks.trained.architecture import Architecture


@dataclass(frozen=True)
class ModelSize:
    """The sizes of a language model and of its training."""

    depth: int = 2
    heads: int = 4
    embedding: int = 64
    head: int = 16
    mlp: int = 128
    window: int = 64
    rate: float = 2e-3
    batch: int = 16
    steps: int = 1_000
    looks: int = 10

    def architecture(self, scalings: bool) -> Architecture:
        """Of a model with a_h and b_h, or without.

        Raises:
            InvalidInputError: a size out of its range.
        """
        from theory.networks.language.model import (  # noqa: PLC0415 - see `Language.measure`
            language_architecture,
        )

        return language_architecture(
            depth=self.depth,
            heads=self.heads,
            embedding=self.embedding,
            head=self.head,
            mlp=self.mlp,
            scalings=scalings,
        )

    def reading(self) -> Reading:
        """How a text is learnt.

        Raises:
            InvalidInputError: a number out of its range; steps that are no multiple of the looks.
        """
        from theory.networks.language.model import Reading  # noqa: PLC0415 - see `Language.measure`

        return Reading(self.window, self.rate, self.batch, self.steps, self.looks)

    def __str__(self) -> str:
        return (
            f"depth {self.depth}, heads {self.heads} of dimension {self.head}, embedding "
            f"{self.embedding}, MLP {self.mlp}, windows of {self.window} bytes, Adam at "
            f"{self.rate:g}, batch {self.batch}, {self.steps} steps"
        )


@dataclass(frozen=True)
class Language(Point):
    """Train a language model on a text, in float32.

    Attributes:
        files: the text's files; empty for that of the package.
        digest: of the text's bytes, so that another text in the same files is another point.
        scalings: whether heads have a_h and b_h.
        seed: of the weights and windows.
        size: of the model.
    """

    kind: ClassVar[str] = "language"

    files: tuple[str, ...]
    digest: str
    scalings: bool
    seed: int = 0
    size: ModelSize = field(default_factory=ModelSize)

    def measure(self, tables: Path) -> dict[str, Json]:
        """Perplexities at each look, and the identities in the heads at the end.

        Raises:
            InvalidInputError: the text has changed, is too short, or a size is out of range.
        """
        # A second to load, and points are listed without them.
        from theory.networks.language.heads import trained_diagonals  # noqa: PLC0415
        from theory.networks.language.model import train_language  # noqa: PLC0415

        del tables
        text = text_of([Path(file) for file in self.files])
        if text.digest != self.digest:
            raise InvalidInputError("file", self.files, "the text has changed; start again")
        architecture, learnt = self.size.architecture(self.scalings), text.parts()
        found = train_language(architecture, *learnt, self.size.reading(), seed=self.seed)
        finite = bool(np.isfinite(found.perplexities).all())
        heads = trained_diagonals(found.parameters, architecture) if finite else []
        return {
            "steps": found.steps.tolist(),
            "perplexities": found.perplexities.tolist() if finite else [],
            "heads": [_row(one) for one in heads],
        }


def _row(one: Diagonal) -> list[object]:
    return [one.layer, one.head, one.matrix, one.mean, one.chance, one.scaling]


@dataclass(frozen=True)
class HeadIdentity:
    """The multiple of the identity in one matrix of one head.

    Attributes:
        layer: from 0 on.
        head: from 0 on.
        matrix: which product.
        mean: of its diagonal, the trained scaling included.
        chance: what such a mean has where the diagonal is as the other entries.
        scaling: the trained a_h or b_h.
    """

    layer: int
    head: int
    matrix: str
    mean: float
    chance: float
    scaling: float


@dataclass(frozen=True)
class LanguageRun:
    """What one model found.

    Attributes:
        point: which.
        steps: at each look.
        perplexities: of the held-out text, a byte; empty where the training diverged.
        heads: at the end.
        seconds: of the training.
    """

    point: Language
    steps: tuple[int, ...]
    perplexities: tuple[float, ...]
    heads: tuple[HeadIdentity, ...]
    seconds: float

    @property
    def words(self) -> str:
        """What to call it in a legend."""
        return "with a_h I and b_h I" if self.point.scalings else "without"


@dataclass(frozen=True)
class TextRuns:
    """The models of one text, without a_h and b_h and with them.

    Attributes:
        source: of the text, in words.
        length: bytes that are used.
        size: of the models.
        runs: one a model and seed.
        pretrained: the heads of weights that were read from a file.
        weights: the name of that file; empty where there is none.
    """

    source: str
    length: int
    size: ModelSize
    runs: tuple[LanguageRun, ...]
    pretrained: tuple[HeadIdentity, ...] = ()
    weights: str = ""


def require_trainable(text: Text, size: ModelSize) -> None:
    """Refuse models that could not be trained on a text.

    Raises:
        InvalidInputError: a text that is too short, or a size out of range.
        TooLargeError: a model would not fit in memory.
    """
    from theory.networks.language import model  # noqa: PLC0415 - see `Language.measure`

    learnt, held_out = (len(part) for part in text.parts())
    model.require_trainable(size.architecture(True), learnt, held_out, size.reading())


def language_runs(
    laboratory: Laboratory, files: Sequence[Path], size: ModelSize, *, seeds: int
) -> TextRuns:
    """Train the models that no earlier run has trained, some seeds of each kind.

    Raises:
        InvalidInputError: see `text_of` and `Language.measure`.
    """
    text = text_of(files)
    names = tuple(str(file.resolve()) for file in files)
    points = [
        Language(names, text.digest, scalings, seed, size)
        for seed in range(seeds)
        for scalings in (False, True)
    ]
    measured = laboratory.measure(points, "language models")
    runs = tuple(
        LanguageRun(
            one.point,
            tuple(int(step) for step in one.numbers("steps")),
            tuple(one.numbers("perplexities")),
            _heads(one.result["heads"]),
            one.seconds,
        )
        for one in measured
    )
    return TextRuns(text.source, len(text.content), size, runs)


def pretrained_heads(weights: Path, heads: int) -> tuple[HeadIdentity, ...]:
    """Those of a pretrained model; see `theory.networks.language.heads.pretrained_diagonals`.

    Raises:
        InvalidInputError: weights that cannot be read, or have other matrices.
    """
    from theory.networks.language.heads import (  # noqa: PLC0415 - see `Language.measure`
        pretrained_diagonals,
    )

    return _heads([_row(one) for one in pretrained_diagonals(weights, heads)])


def _heads(value: Json) -> tuple[HeadIdentity, ...]:
    rows = value if isinstance(value, list) else []
    return tuple(
        HeadIdentity(int(layer), int(head), str(matrix), *map(float, numbers))
        for layer, head, matrix, *numbers in rows
    )
