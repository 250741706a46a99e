"""``template-kernels ridge``: its options, and which of its two uses they ask for."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from validation.commands.frame import options
from validation.commands.frame.numbers import numbers
from validation.commands.frame.whole_numbers import whole

_TASK, _FILE = "Samples of a task", "A file of your own"
_of_task, _of_file = (partial(typer.Option, rich_help_panel=panel) for panel in (_TASK, _FILE))
_GRID = (1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0)


class Tokens(StrEnum):
    """What the tokens of a text are."""

    WORDS = "words"
    CHARACTERS = "characters"


def ridge(
    templates: Annotated[
        list[str] | None,
        typer.Argument(metavar="T1=Y1 T2=Y2 ...", help="Templates with labels: αα=1 αβ=-1."),
    ] = None,
    task: Annotated[
        str | None,
        _of_task("--task", metavar="NAME", help="Of the catalogue."),
    ] = None,
    samples: Annotated[
        int | None, whole(help="Training samples, n.", rich_help_panel=_TASK)
    ] = None,
    alphabet: Annotated[
        int | None, whole(help="Equally likely symbols, m.", rich_help_panel=_TASK)
    ] = None,
    noise: Annotated[
        float,
        _of_task(help="Standard deviation of the labels."),
    ] = 0.1,
    data: Annotated[
        Path | None,
        _of_file(
            metavar="FILE",
            help="Rows to fit: a CSV file in UTF-8 whose first line names the columns.",
        ),
    ] = None,
    text: Annotated[str, _of_file(metavar="COLUMN", help="The strings, in all files.")] = "text",
    label: Annotated[str, _of_file(metavar="COLUMN", help="The labels, numbers.")] = "label",
    weight: Annotated[
        str | None,
        _of_file(metavar="COLUMN", help="Weights of the squared errors."),
    ] = None,
    tokens: Annotated[
        Tokens | None,
        _of_file(help="How all texts are read.", show_default="words if any text has a space"),
    ] = None,
    folds: Annotated[
        int, whole(help="Of cross-validation, among several ridges.", rich_help_panel=_FILE)
    ] = 5,
    predict: Annotated[
        Path | None,
        _of_file(metavar="FILE", help="Rows to predict."),
    ] = None,
    out: Annotated[
        Path | None,
        _of_file(metavar="FILE", help="Where to write them with their predictions."),
    ] = None,
    save: Annotated[
        Path | None,
        _of_file(metavar="FILE", help="Keep the model, by joblib."),
    ] = None,
    load: Annotated[
        Path | None,
        _of_file(
            metavar="FILE",
            help="Take a model that was saved, instead of --data. Take only what you trust: a "
            "model's file can run code.",
        ),
    ] = None,
    ridge: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER[,NUMBER...]",
            help="The paper's λ, not divided by n. Of several, for a file, cross-validation "
            "chooses.",
            show_default="1; for a file 1e-4,1e-3,...,10",
        ),
    ] = None,
    seed: options.Seed = 0,
    test: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STRING ...",
            help="Strings to predict; of symbols never seen where samples are of a task, and then "
            "one for each template if left out.",
        ),
    ] = None,
    route: Annotated[
        options.Route, typer.Option(help="How the equation is solved; auto goes by size.")
    ] = options.Route.AUTO,
    iterations: Annotated[int, whole("--max-iterations", help="Of conjugate gradients.")] = 1000,
    *,
    chosen: options.ChosenKernel | None = None,
    as_json: options.Json = False,
) -> None:
    """Fit kernel ridge regression, to samples of a task or to a file of your own (--data).

    On samples of a task, predict strings of symbols that were never seen. With --data, choose the
    ridge by cross-validation, predict the rows of another file (--predict, --out), and keep the
    model (--save, --load).
    """
    # Slow, and --help waits for them.
    from kernels import InvalidInputError  # noqa: PLC0415
    from validation.commands.ridge.drawn import fit_samples  # noqa: PLC0415
    from validation.commands.ridge.files import Files, fit_file  # noqa: PLC0415

    given = templates or []
    tests = list(test or [])
    if tests:  # `--test zz xy`: the words after the first arrive among the templates
        tests += [word for word in given if "=" not in word]
        given = [word for word in given if "=" in word]
    ridges = None if ridge is None else numbers("ridge", ridge)
    if data is None and load is None:
        for name, value in {"predict": predict, "out": out, "save": save}.items():
            if value is not None:
                raise InvalidInputError(name, str(value), "it goes with --data or --load")
        if ridges is not None and len(ridges) > 1:
            raise InvalidInputError("ridge", ridge, "several go with --data; give one")
        fit_samples(
            given,
            task,
            samples=_required("samples", samples),
            alphabet=_required("alphabet", alphabet),
            ridge=ridges[0] if ridges else 1.0,
            noise=noise,
            seed=seed,
            tests=tests,
            route=route,
            iterations=iterations,
            chosen=chosen or options.ChosenKernel(),
            as_json=as_json,
        )
        return
    for name, of_task in {"task": task, "samples": samples, "alphabet": alphabet}.items():
        if of_task is not None:
            raise InvalidInputError(name, of_task, "give a task or a file of your own, not both")
    if given:
        remedy = "give templates or a file of your own, not both"
        raise InvalidInputError("T1=Y1 T2=Y2 ...", given, remedy)
    if load is not None and (data or ridges or weight or tokens or chosen):
        remedy = "a saved model is fitted; leave out --data, --ridge, --weight, --tokens, a kernel"
        raise InvalidInputError("load", str(load), remedy)
    if (predict is None) != (out is None):
        name, path = ("predict", predict) if out is None else ("out", out)
        raise InvalidInputError(name, str(path), "--predict and --out go together")
    fit_file(
        Files(data, predict, out, save, load, text, label, weight),
        tokens=None if tokens is None else tokens.value,
        ridges=ridges or _GRID,
        folds=folds,
        seed=seed,
        tests=tests,
        route=route,
        iterations=iterations,
        chosen=chosen or options.ChosenKernel(),
        as_json=as_json,
    )


def _required(name: str, value: int | None) -> int:
    from kernels import InvalidInputError  # noqa: PLC0415 - slow, and --help waits

    if value is None:
        remedy = "give a whole number, such as 1e4, or a file of your own: --data FILE"
        raise InvalidInputError(name, value, remedy)
    return value
