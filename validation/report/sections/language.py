"""The section on small language models."""

from __future__ import annotations

from markupsafe import Markup

from validation.experiments.training.language import LanguageRun, TextRuns
from validation.plots.figures.language import draw_heads, draw_perplexities, head_groups
from validation.report.blocks import Block, Content, Picture, Table, Text
from validation.report.section import Section
from validation.report.workspace import Workspace


class Language(Section):
    """Perplexity against steps, and the multiples of the identity in heads.

    Args:
        found: by the experiment.
    """

    key = "language"
    title = "A small language model"

    def __init__(self, found: TextRuns) -> None:
        self._found = found

    def build(self, workspace: Workspace) -> Content:
        """Both pictures, with their data."""
        found = self._found
        rows = [
            [run.words, run.point.seed, step, perplexity]
            for run in found.runs
            for step, perplexity in zip(run.steps, run.perplexities, strict=False)
        ]
        columns = ["model", "seed", "steps", "perplexity"]
        workspace.picture("language-perplexity", draw_perplexities, found, columns, rows)
        heads = [
            [name, one.layer, one.head, one.matrix, one.mean, one.chance, one.scaling]
            for name, group in head_groups(found)
            for one in group
        ]
        columns = ["model", "layer", "head", "matrix", "mean", "chance", "scaling"]
        blocks: list[Block] = [
            Text(_SETTING.format(source=found.source, bytes=found.length, size=str(found.size))),
            Picture("language-perplexity", "perplexity a byte against steps", _PERPLEXITY),
            Table(["model", "seed", "perplexity at the end"], _rows(found), _TABLE),
        ]
        if heads:
            workspace.picture("language-heads", draw_heads, found, columns, heads)
            blocks.append(Picture("language-heads", "identities in heads", _HEADS))
        if found.weights and not found.pretrained:
            blocks.append(Text(Markup("{} has no heads.").format(found.weights)))
        return Content(self.key, self.title, blocks, [_finding(run) for run in found.runs])


def _rows(found: TextRuns) -> list[list[str | Markup]]:
    return [[run.words, str(run.point.seed), _end(run)] for run in found.runs]


def _end(run: LanguageRun) -> str:
    return f"{run.perplexities[-1]:.3g}" if run.perplexities else "diverged"


def _finding(run: LanguageRun) -> Markup:
    return _FINDING.format(
        model=run.words, seed=run.point.seed, steps=run.steps[-1], perplexity=_end(run)
    )


_SETTING = Markup(
    "A small analogue of the paper’s Figures 6 and 7, and <b>not its runs</b>: the paper takes "
    "GPT-2 and Wikitext, here a transformer of some ten thousand weights with a causal mask reads "
    "bytes. Text: {source}; {bytes} bytes, of which the last tenth is held out. {size}. Training "
    "is in float32."
)

_PERPLEXITY = Markup(
    "e to the cross-entropy a byte, on the first 64 windows of the held-out text; a uniform guess "
    "has 256. One line a seed."
)

_TABLE = Markup(
    "Trained without and with a<sub>h</sub>I beside W<sub>K</sub>W<sub>Q</sub><sup>T</sup> and "
    "b<sub>h</sub>I beside W<sub>V</sub>W<sub>O</sub>; single runs show no spread between seeds."
)

_HEADS = Markup(
    "The mean of the diagonal is the multiple of the identity that is nearest to the matrix, "
    "a<sub>h</sub> or b<sub>h</sub> included. Grey: what the mean of so many numbers has by chance "
    "where the diagonal is as the other entries are. Layer norms stay out of the products. Heads "
    "of pretrained weights are those of the file that the user named."
)

_FINDING = Markup("Language model {model}, seed {seed}: perplexity {perplexity} at {steps} steps.")
