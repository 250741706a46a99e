"""Input that nobody means to give: each meets one clear error, and none a wrong number."""

from __future__ import annotations

import functools
import json
import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from jaxtyping import TypeCheckError

from kernels import (
    CLS,
    Automatic,
    CustomActivation,
    InvalidInputError,
    KernelRidge,
    MLPKernel,
    MonteCarlo,
    Pattern,
    TransformerKernel,
    Vocabulary,
    encode,
    tokenize,
    untokenize,
)
from kernels.activations.digest import digest
from kernels.boundary.exceptions import MissingPackageError, ToleranceNotMetError, TooLargeError
from theory import Template, TemplateTask

Function = Callable[[np.ndarray], np.ndarray]


def scaled(factor: float) -> Function:
    return lambda t: np.tanh(factor * t)


def by_default(factor: float) -> Function:
    def function(t: np.ndarray, by: float = factor) -> np.ndarray:
        return t * by

    return function


class Scaled:
    def __init__(self, factor: float) -> None:
        self.factor = factor

    def __call__(self, t: np.ndarray) -> np.ndarray:
        return self.factor * t


def test_a_table_is_kept_for_the_function_that_made_it(tmp_path: Path) -> None:
    path = tmp_path / "table.json"
    first, same, other = (MLPKernel(CustomActivation(scaled(c))) for c in (1.0, 1.0, 3.0))
    first("AB", "AC")
    first.table.save(path)
    same.table.load(path)
    assert len(same.table) == 1
    with pytest.raises(InvalidInputError, match="belongs to"):
        other.table.load(path)


@pytest.mark.parametrize(
    "make",
    [
        scaled,
        by_default,
        Scaled,
        lambda c: functools.partial(np.multiply, c),
        lambda c: Scaled(c).__call__,
        lambda c: by_default(np.full(3, c)),  # type: ignore[arg-type] # any default will do
        lambda c: functools.partial(scaled(c)),
    ],
)
def test_digest_follows_what_a_function_holds(make: Callable[[float], Function]) -> None:
    assert digest(make(1.0)) == digest(make(1.0)) != digest(make(2.0))


def test_digest_tells_built_in_functions_apart_and_ends_on_recursion() -> None:
    def endless(t: np.ndarray) -> np.ndarray:
        return endless(t)

    assert digest(np.tanh) == digest(np.tanh) != digest(np.sin)
    assert digest(endless) == digest(endless)
    made = [np.frompyfunc(lambda t, c=c: t + c, 1, 1) for c in (1.0, 2.0)]  # no code to read
    assert digest(made[0]) != digest(made[1])


def test_digest_is_the_same_in_another_process() -> None:
    source = (
        "import numpy as np\n"
        "from kernels.activations.digest import digest\n"
        "def f(t): return [np.tanh(c * t) for c in (1, 2)] if t in {'a', 'b', 'c'} else C * t\n"
        "C = 2.0\n"
        "print(digest(f))"
    )
    runs = [[sys.executable, "-c", text] for text in (source, source, source.replace("2.0", "3.0"))]
    root = Path(__file__).parents[2]
    found = [subprocess.check_output(run, cwd=root, text=True) for run in runs]
    assert found[0] == found[1] != found[2]


HUGE = 10**400


@pytest.mark.parametrize(
    "make",
    [
        lambda: TransformerKernel(beta=HUGE),
        lambda: TransformerKernel(gamma=10**5000),
        lambda: TransformerKernel(beta=1e101),
        lambda: TransformerKernel(gamma=1e200),
        lambda: TransformerKernel(beta=1e100, gamma=1e100),
        lambda: TransformerKernel(beta=1e100, gamma=1e100, scaling="appendix-H"),
        lambda: TemplateTask.parse({"αα": HUGE}),
        lambda: TemplateTask.parse({"αα": 1.0, "αβ": 0.0}, weights=(HUGE, 1.0)),
        lambda: TemplateTask.parse({"αα": 1.0, "αβ": 0.0}, weights=(1e300, 1e-300)),
        lambda: MLPKernel(depth=10_001),
    ],
)
def test_numbers_out_of_range_are_refused(make: Callable[[], object]) -> None:
    with pytest.raises(InvalidInputError, match=r"beta|gamma|labels|weights|depth"):
        make()


def test_samples_for_days_are_refused() -> None:
    with pytest.raises(TooLargeError, match="hours"):
        MonteCarlo(samples=10**13)


@pytest.mark.parametrize("weights", [(1e308, 1e308), np.array([2.0, 2.0]), [7, 7]])
def test_weights_are_scaled_to_sum_to_1(weights: Sequence[float]) -> None:
    task = TemplateTask.parse({"αα": 1.0, "αβ": 0.0}, weights=weights)
    assert task.weights == (0.5, 0.5)


def test_a_task_made_of_lists_and_arrays_can_be_hashed() -> None:
    # In a process of its own: here a list in place of a tuple is refused by the type checker.
    source = (
        "import numpy as np\n"
        "from theory import Template, TemplateTask\n"
        "templates = [Template.parse('αα'), Template.parse('αβ')]\n"
        "task = TemplateTask(templates, np.array([1.0, 0.0]), np.ones(2))\n"
        "print(hash(task) == hash(TemplateTask(tuple(templates), (1.0, 0.0))))"
    )
    root = Path(__file__).parents[2]
    found = subprocess.check_output([sys.executable, "-c", source], cwd=root, text=True)
    assert found.strip() == "True"


@pytest.mark.parametrize("tokens", [("A B",), ("A", "\t"), (f"x{CLS}", "A"), ("A", f"{CLS}B")])
def test_tokens_that_no_string_can_spell_are_refused(tokens: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInputError, match=r"whitespace|only end"):
        tokenize(tokens)


@pytest.mark.parametrize("tokens", [tuple(CLS), ("A", *CLS, "B"), (*CLS, *CLS)])
def test_characters_that_would_spell_the_read_out_token(tokens: tuple[str, ...]) -> None:
    assert tokenize(untokenize(tokens)) == (*tokens, CLS)


@pytest.mark.parametrize("token", ["A B", " ", f"{CLS}A", "", 3])
def test_wildcards_take_tokens_only(token: str) -> None:
    with pytest.raises((InvalidInputError, TypeCheckError)):
        Template.parse("αSα").substitute({"α": token})


def test_symbols_of_thousands_of_digits_are_names() -> None:
    assert Vocabulary(symbols=5).code("s" + "1" * 5000) is None


def test_no_strings_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="at least one string"):
        MLPKernel().gram(encode(["AB"])[[]])
    with pytest.raises(InvalidInputError, match=r"y = .*at least one string"):
        MLPKernel().gram(["AB"], encode(["AB"])[:0])


def test_an_index_must_select_whole_strings() -> None:
    encoded = encode(["AB", "BA"])
    with pytest.raises(InvalidInputError, match="index"):
        encoded[np.zeros((1, 1), dtype=np.int64)]
    with pytest.raises(InvalidInputError, match="index"):
        encoded[np.array(0)]


@pytest.mark.parametrize(
    "entry",
    [
        '[[2, 3], "0.5", 0.0, "exact", ""]',
        '[[2, 3], NaN, 0.0, "exact", ""]',
        '[[2, 3], 0.5, NaN, "exact", ""]',
        '[[2, 3], 0.5, -Infinity, "exact", ""]',
        '[{"a": 1}, 0.5, 0.0, "exact", ""]',
        '[[2, 3], 0.5, 0.0, "exact", 4]',
        "[" * 200_000 + "]" * 200_000,
        "[" + "[" * 900 + "]" * 900 + ', 0.5, 0.0, "exact", {}]',
    ],
)
def test_a_table_with_a_bad_entry_is_refused_whole(tmp_path: Path, entry: str) -> None:
    kernel, path = MLPKernel(), tmp_path / "table.json"
    kernel.table.save(path)
    content = json.loads(path.read_text(encoding="utf-8"))
    good = '[[2, 3], 0.5, 0.0, "exact", ""]'
    text = json.dumps(content | {"entries": "HERE"}).replace('"HERE"', f"[{good}, {entry}]")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInputError, match="written by save"):
        kernel.table.load(path)
    assert len(kernel.table) == 0


@pytest.mark.parametrize(
    "make",
    [
        lambda: TransformerKernel(attention="quadrature"),  # type: ignore[arg-type] # on purpose
        lambda: TransformerKernel(activation="cos"),  # type: ignore[arg-type] # on purpose
        lambda: MLPKernel(np.tanh),  # type: ignore[arg-type] # on purpose
    ],
)
def test_wrong_types_are_named_at_once(make: Callable[[], object]) -> None:
    with pytest.raises((InvalidInputError, TypeCheckError)):
        make()


def test_large_parameters_within_bounds_are_accepted() -> None:
    assert Pattern.of("A", "B").length == 2
    assert TransformerKernel(beta=1e100, gamma=1.0).beta == 1e100


@pytest.mark.parametrize(
    "error",
    [
        InvalidInputError("ridge", -1.0, "give more"),
        TooLargeError("strings", 9, "use fewer"),
        MissingPackageError("package", "jax", "install it"),
        ToleranceNotMetError("tolerance", 0.0, "ask for less", reached=1e-9),
    ],
)
def test_errors_travel_between_processes(error: InvalidInputError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert (str(copy), vars(copy)) == (str(error), vars(error))


@pytest.mark.parametrize(("beta", "gamma"), [(1.0, 1.0), (30.0, 1.0), (1e-3, 1e6)])
def test_values_are_the_same_whatever_numpy_is_told_to_raise(beta: float, gamma: float) -> None:
    few = Automatic(effort=1e8)  # at the second, so few that the value is sampled

    def value() -> float:
        return TransformerKernel(beta, gamma, attention=few)("AA", "BC").value

    plain = value()
    with np.errstate(all="raise"):
        assert value() == plain


def test_fits_are_the_same_whatever_numpy_is_told_to_raise() -> None:
    def prediction() -> np.ndarray:
        sample = TemplateTask.parse({"αα": 1.0, "αβ": -1.0}).sample(500, alphabet=100, seed=1)
        model = KernelRidge(TransformerKernel(), alpha=0.1).fit(sample.strings, sample.labels)
        return np.asarray(model.predict(["xy"], return_error=True))

    plain = prediction()
    with np.errstate(all="raise"):
        assert (prediction() == plain).all()
