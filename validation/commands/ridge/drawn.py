"""Ridge regression on samples of a task, tried on symbols that were never seen."""

from __future__ import annotations

from time import perf_counter

from rich.console import Console

from kernels import InvalidInputError, KernelRidge, Vocabulary, tokenize
from kernels.boundary.memory import require_memory
from kernels.regression.operator.gram_operator import BYTES_PER_STRING
from theory import TemplateTask
from validation.commands.frame import options
from validation.commands.frame.chosen_task import chosen_task
from validation.commands.frame.command import naming
from validation.commands.frame.output import report, table
from validation.commands.timing import peak_memory_mb, timed_values


def fit_samples(
    templates: list[str],
    task: str | None,
    *,
    samples: int,
    alphabet: int,
    ridge: float,
    noise: float,
    seed: int,
    tests: list[str],
    route: options.Route,
    iterations: int,
    chosen: options.ChosenKernel,
    as_json: bool,
) -> None:
    """Fit samples of a task, predict, and print; the arguments are the command's."""
    written = "T1=Y1 T2=Y2 ..."
    with naming(templates=written, template=written, labels=written):
        found = chosen_task(task, templates, labelled=True)
        kernel = chosen.parameters(seed).kernel()
    with naming(string="--test", tokens="--test"):
        tried = _matched(found, tests or found.unseen(), alphabet)
    named = {"n": "--samples", "strings": "--samples", "symbols": "--alphabet"}
    named |= {"y": "labels of T1=Y1 ... with --noise", "X": "--samples"}
    named |= {"alpha": "--ridge", "max_iter": "--max-iterations"}
    with naming(**named):
        # Refused now, and not when the samples are drawn.
        needed = samples * (BYTES_PER_STRING + 4.0 * found.length + 8.0)
        require_memory("n", samples, needed, "use fewer")
        sample = found.sample(samples, alphabet=alphabet, noise=noise, seed=seed)
        strings, labels, diversity = sample.strings, sample.labels, sample.diversity
        del sample  # which template each came from: 4 bytes a sample
        started = perf_counter()
        model = KernelRidge(
            kernel,
            alpha=ridge,
            route=route.value,
            max_iter=iterations,
            progress=not as_json,
        )
        with timed_values(kernel) as watch:
            model.fit(strings, labels)
        fitted, kernel_seconds = perf_counter() - started, watch.seconds
        predictions = model.predict([string for string, _ in tried])
    unseen = [
        {
            "template": str(found.templates[z]),
            "string": string,
            "label": found.labels[z],
            "prediction": float(prediction),
            "error": abs(float(prediction) - found.labels[z]),
        }
        for (string, z), prediction in zip(tried, predictions, strict=True)
    ]
    payload = {
        "n": samples,
        "alphabet": alphabet,
        "diversity": diversity,
        "ridge": ridge,
        "noise": noise,
        "seed": seed,
        "kernel": repr(kernel),
        "iterations": int(model.n_iter_),
        "residual": float(model.residual_),
        "route": model.route_,
        "status": model.status_,
        "unseen": unseen,
        "seconds": {"kernel": kernel_seconds, "solve": fitted - kernel_seconds},
        "peak_memory_mb": peak_memory_mb(),
    }

    def show(console: Console) -> None:
        rows = table("template", "string", "label", "prediction", "|prediction - label|")
        for row in unseen:
            numbers = (f"{row[name]:.6g}" for name in ("label", "prediction", "error"))
            rows.add_row(str(row["template"]), str(row["string"]), *numbers)
        console.print(rows)
        console.print(
            f"n = {samples}, diversity {diversity:g}, residual {model.residual_:.1e}, "
            f"{model.route_} solve with {model.n_iter_} iterations, {model.status_}; kernel "
            f"values {kernel_seconds:.2f} s, the rest {fitted - kernel_seconds:.2f} s, "
            f"peak memory {peak_memory_mb():.0f} MB"
        )

    report(payload, as_json, show)


def _matched(task: TemplateTask, strings: list[str], alphabet: int) -> list[tuple[str, int]]:
    """Each string with the template that it matches.

    Raises:
        InvalidInputError: a string matches no template, or has a symbol that samples have.
    """
    seen = Vocabulary(max(alphabet, 0))
    matched = []
    for string in strings:
        tokens = tokenize(string, argument="test")
        found = [i for i, z in enumerate(task.templates) if z.match(string) is not None]
        if not found:
            names = ", ".join(str(z) for z in task.templates[:4])
            raise InvalidInputError("test", string, f"it matches no template of the task ({names})")
        drawn = [token for token in tokens[:-1] if seen.code(token) is not None]
        if drawn:
            raise InvalidInputError(
                "test", string, f"{drawn[0]!r} is a symbol of the samples; use symbols of your own"
            )
        matched.append((string, found[0]))
    return matched
