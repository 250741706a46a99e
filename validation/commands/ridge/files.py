"""Ridge regression on a file of one's own: fit or load, cross-validate, predict, keep."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import joblib
import numpy as np
from rich.console import Console

from kernels import InvalidInputError, KernelRidge, encode
from kernels.atomic_write import write_aside
from validation.commands.frame import options
from validation.commands.frame.command import naming
from validation.commands.frame.output import bold, report, table
from validation.commands.ridge.columns import Columns
from validation.commands.ridge.cross_validation import CrossValidation, cross_validate
from validation.commands.ridge.texts import Reading, reading_of, require_strings
from validation.commands.timing import peak_memory_mb


@dataclass(frozen=True)
class Files:
    """The files and columns that the command was given."""

    data: Path | None
    predict: Path | None
    out: Path | None
    save: Path | None
    load: Path | None
    text: str
    label: str
    weight: str | None


@dataclass(frozen=True)
class _Fit:
    """A model, and how it came about."""

    model: KernelRidge
    validation: CrossValidation | None
    rows: int | None


def fit_file(
    files: Files,
    *,
    tokens: Reading | None,
    ridges: tuple[float, ...],
    folds: int,
    seed: int,
    tests: list[str],
    route: options.Route,
    iterations: int,
    chosen: options.ChosenKernel,
    as_json: bool,
) -> None:
    """Fit or load, predict, keep, and print; the arguments are the command's."""
    started = perf_counter()
    if files.load is not None:
        fit = _Fit(_loaded(files.load), None, None)
    else:
        model = KernelRidge(
            chosen.parameters(seed).kernel(),
            route=route.value,
            max_iter=iterations,
            progress=not as_json,
        )
        fit = _fitted(files, model, tokens, ridges, folds, seed)
    model = fit.model
    with naming(X="--test", tokens="--test"):
        tried = model.predict(tests, return_error=True) if tests else None
    predicted = None if files.predict is None else _predict(model, files)
    if files.save is not None:
        kept = io.BytesIO()
        joblib.dump(model.set_params(progress=False), kept)
        with naming(path="--save"):
            write_aside(files.save, kept.getvalue())
    payload = {
        "data": None if files.data is None else str(files.data),
        "loaded": None if files.load is None else str(files.load),
        "n": fit.rows,
        "tokens": model.tokens,
        "length": int(model.n_features_in_),
        "ridge": model.alpha_,
        "cross_validation": None if fit.validation is None else fit.validation.to_json(),
        "kernel": repr(model.kernel),
        "iterations": int(model.n_iter_),
        "residual": float(model.residual_),
        "route": model.route_,
        "status": model.status_,
        "tests": [
            {"string": string, "prediction": tried[i].to_json()}
            for i, string in enumerate(tests)
            if tried is not None
        ],
        "predictions": predicted,
        "saved": None if files.save is None else str(files.save),
        "seconds": perf_counter() - started,
        "peak_memory_mb": peak_memory_mb(),
    }

    def show(console: Console) -> None:
        if fit.validation is not None:
            scores = table("ridge", "error at held-out rows", "standard error")
            for ridge, error in zip(fit.validation.ridges, fit.validation.errors, strict=True):
                scores.add_row(f"{ridge:g}", f"{error.value:.6g}", f"{error.error:.1e}")
            console.print(scores)
            if fit.validation.at_an_end:
                console.print(f"the best ridge, {model.alpha_:g}, ends the list: give others")
        if tried is not None:
            rows = table("string", "prediction", "error", "kind")
            for string, e in zip(tests, tried, strict=True):
                rows.add_row(string, f"{e.value:.10g}", f"{e.error:.1e}", str(e.kind))
            console.print(rows)
        origin = files.load or f"{fit.rows} rows of {files.data}"
        console.print(
            bold(f"ridge {model.alpha_:g}")
            + f", {origin}, strings of {model.n_features_in_} {model.tokens}, residual "
            f"{model.residual_:.1e}, {model.route_} solve, {model.status_}; "
            f"{payload['seconds']:.2f} s, peak memory {payload['peak_memory_mb']:.0f} MB"
        )
        if predicted is not None:
            measured = predicted["error"]
            labelled = "" if measured is None else f"; error at its labels {measured:.6g}"
            console.print(f"{predicted['rows']} predictions in {predicted['file']}{labelled}")
        if files.save is not None:
            console.print(f"the model is in {files.save}")

    report(payload, as_json, show)


def _fitted(
    files: Files,
    model: KernelRidge,
    tokens: Reading | None,
    ridges: tuple[float, ...],
    folds: int,
    seed: int,
) -> _Fit:
    """The model that fits the rows of the file."""
    assert files.data is not None
    columns = Columns.read(files.data)
    texts = columns.texts(files.text, "text")
    reading = tokens or reading_of(texts)
    require_strings(texts, columns.lines, reading, argument="--data")
    labels = np.array(columns.numbers(files.label, "label"))
    weights = None
    if files.weight is not None:
        weights = np.array(columns.numbers(files.weight, "weight"))
    strings = encode(texts, tokens=reading, argument="--data")
    model.set_params(tokens=reading)
    validation = None
    with naming(
        sample_weight="--weight",
        y="--label",
        alpha="--ridge",
        alphas="--ridge",
        max_iter="--max-iterations",
        strings="--data",
    ):
        if len(ridges) > 1:
            validation = cross_validate(
                model, strings, labels, weights, ridges, folds=folds, seed=seed
            )
        model.set_params(alpha=ridges[0] if validation is None else validation.best)
        model.fit(strings, labels, weights)
    return _Fit(model, validation, len(texts))


def _loaded(path: Path) -> KernelRidge:
    """A model that was saved."""
    data = path.read_bytes()
    try:
        found = joblib.load(io.BytesIO(data))
    except Exception as error:
        remedy = f"give a file that --save wrote: {type(error).__name__}"
        raise InvalidInputError("load", str(path), remedy) from None
    if not isinstance(found, KernelRidge) or not hasattr(found, "solution_"):
        raise InvalidInputError("load", str(path), "give a file that --save wrote")
    return found


def _predict(model: KernelRidge, files: Files) -> dict[str, Any]:
    """Predict the rows of a file and write them; what the command prints of that."""
    assert files.predict is not None
    assert files.out is not None
    with naming(data="--predict"):
        columns = Columns.read(files.predict)
    texts = columns.texts(files.text, "text")
    reading = model.tokens if model.tokens != "auto" else reading_of(texts)
    length = int(model.n_features_in_)
    require_strings(texts, columns.lines, reading, argument="--predict", length=length)
    found = model.predict(encode(texts, tokens=reading), return_error=True)
    with naming(path="--out"):
        columns.write_with(
            files.out, {"prediction": found.values.tolist(), "error": found.errors.tolist()}
        )
    error = None
    if files.label in columns.names:
        labels = np.array(columns.numbers(files.label, "label"))
        error = float(np.sqrt(np.mean((found.values - labels) ** 2)))
    return {"file": str(files.out), "rows": len(texts), "error": error}
