"""Train language models on a text and write their page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from markupsafe import Markup

from validation.experiments.scale import Scale
from validation.experiments.storage.lock import sole_run
from validation.experiments.training.language import (
    ModelSize,
    TextRuns,
    language_runs,
    pretrained_heads,
    require_trainable,
)
from validation.experiments.training.texts import text_of
from validation.report.page import Page, render
from validation.report.sections.language import Language
from validation.report.workspace import Workspace

FILE = "text.html"


@dataclass(frozen=True)
class WrittenText:
    """What was trained and written.

    Attributes:
        page: the page.
        found: the models.
        computed: how many of them were trained now rather than found from an earlier run.
    """

    page: Path
    found: TextRuns
    computed: int


def write_language(
    out: Path,
    files: Sequence[Path],
    size: ModelSize,
    *,
    seeds: int = 1,
    weights: Path | None = None,
    heads: int = 12,
    n_jobs: int | None = None,
    progress: bool = False,
) -> WrittenText:
    """Train what is missing, and write the page.

    Args:
        out: the folder of a report, made where missing.
        files: the text, one after the other; empty for that of a package.
        size: of the models.
        seeds: models of each kind.
        weights: a safetensors file of a pretrained model with the names of GPT-2.
        heads: of that model, in each layer.
        n_jobs: joblib workers; -1 for one a core.
        progress: show progress bars on standard error.

    Raises:
        InvalidInputError: a text or weights that cannot be used; a size out of range; another run
            is at work in the folder, or a file that the program did not write is in the way.
        TooLargeError: a model would not fit in memory.
        OSError: the folder cannot be written.
    """
    require_trainable(text_of(files), size)  # what cannot be trained is refused before any work
    pretrained = () if weights is None else pretrained_heads(weights, heads)
    with sole_run(out):
        workspace = Workspace(out, Scale.FULL, n_jobs=n_jobs, progress=progress)
        workspace.manifest.claim(FILE)
        found = language_runs(workspace.laboratory, files, size, seeds=seeds)
        name = "" if weights is None else weights.name
        found = replace(found, pretrained=pretrained, weights=name)
        page = Page(FILE, "Language models", _LEAD, (Language(found),))
        text = render(page, page.build(workspace), [page], scale=Scale.FULL)
        workspace.manifest.write(FILE, text)
        return WrittenText(out / FILE, found, workspace.laboratory.computed)


_LEAD = Markup(
    "The paper adds trainable multiples of the identity to the heads of GPT-2, and looks for such "
    "multiples in the heads of pretrained models. Here is the same at a small size."
)
