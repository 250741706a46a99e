"""Models, kernels, tasks and numbers about which the theorems on unseen symbols say nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kernels import Cosine, InvalidInputError, KernelRidge, MLPKernel, TransformerKernel
from tests.toy_kernels import RelationalKernel, SymbolKernel
from theory import TemplateTask, Zipf, certify, learning_curve, samples_needed
from theory.unseen import UnprovedWarning

TASK = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
TOKENS = TemplateTask.parse({"αSα": 1.0, "αTα": -1.0})


def fitted(strings: list[str], labels: Any, kernel: object = None) -> KernelRidge:
    return KernelRidge(SymbolKernel() if kernel is None else kernel, alpha=0.1).fit(strings, labels)


def refused(argument: str, match: str, call, *args, **options) -> None:
    with pytest.raises(InvalidInputError, match=match) as caught:
        call(*args, **options)
    assert caught.value.argument == argument


def test_models_are_fitted_to_one_column() -> None:
    refused("model", "call fit first", certify, KernelRidge(SymbolKernel()), TASK)
    refused("model", "fitted KernelRidge", certify, "model", TASK)
    several = fitted(["AA", "AB"], np.array([[1.0, 0.0], [-1.0, 0.0]]))
    refused("model", "one column", certify, several, TASK)


def test_strings_of_another_task() -> None:
    refused("model", "matches no template", certify, fitted(["ASA", "ABA"], [1.0, 1.0]), TOKENS)
    refused("model", "have 3 tokens", certify, fitted(["AA"], [1.0]), TOKENS)


def test_strings_that_hit_regular_tokens() -> None:
    model = fitted(["ASA", "TST", "ATA"], [1.0, 1.0, -1.0])
    refused("model", "specialize=True", certify, model, TOKENS)
    assert certify(model, TOKENS, specialize=True).listed_counts.tolist() == [1, 1, 1]


def test_labels_of_another_task() -> None:
    refused("noise", "'αα'", certify, fitted(["AA", "AB"], [-1.0, 1.0]), TASK)
    noisy = fitted(["AA", "AB"], [1.3, -1.0])
    refused("noise", "more than this noise", certify, noisy, TASK)
    assert certify(noisy, TASK, noise=0.2).sigma == 0.2


def test_noise_below_zero() -> None:
    refused("noise", "at least 0", certify, fitted(["AA", "AB"], [1.0, -1.0]), TASK, noise=-1.0)
    for delta in (0.0, 1.0, -0.1):
        found = certify(fitted(["AA", "AB"], [1.0, -1.0]), TASK)
        refused("delta", "give a number", found.bound, delta)
    refused("diversity", "above 0", found.typical_seen_bias, 0.0)


class Shifted(RelationalKernel):
    """1 less than a semidefinite kernel where the strings are equal."""

    @property
    def name(self) -> str:
        return "less for equal strings"

    def evaluate(self, patterns, *, n_jobs=None):  # noqa: ARG002
        found = super().evaluate(patterns)
        equal = np.array([p.x == p.y for p in patterns], dtype=float)
        return found - 4.0 * equal


class Negative(RelationalKernel):
    """A constant less than a semidefinite kernel: N has a negative eigenvalue."""

    @property
    def name(self) -> str:
        return "constant less"

    def evaluate(self, patterns, *, n_jobs=None):  # noqa: ARG002
        found = super().evaluate(patterns)
        apart = np.array([not set(p.x[:-1]) & set(p.y[:-1]) for p in patterns], dtype=float)
        return found - 3.0 * apart


def test_kernels_that_are_not_semidefinite() -> None:
    model = KernelRidge(Shifted(), alpha=9.0).fit(["AA", "BC"], [1.0, -1.0])
    refused("model", "below N_ii", certify, model, TASK)
    model = KernelRidge(Negative(), alpha=9.0).fit(["AA", "BC"], [1.0, -1.0])
    refused("model", "eigenvalue", certify, model, TASK)


def test_kernel_replaced_after_the_fit() -> None:
    model = fitted(["AA", "AB"], [1.0, -1.0])
    model.set_params(kernel=TransformerKernel())
    with pytest.raises(InvalidInputError) as caught:
        certify(model, TASK)
    assert caught.value.argument in ("model", "noise")


def test_labels_outside_the_range() -> None:
    task = TemplateTask.parse({"αβα": 1.0, "αββ": -1.0})
    kernel = TransformerKernel(1.0, 0.0, Cosine(1.5, 0.4))
    for call in (
        lambda: samples_needed(kernel, task, error=0.1),
        lambda: learning_curve(kernel, task, samples=[100], alphabet=10),
        lambda: samples_needed(MLPKernel(), TASK, error=0.1),
    ):
        refused("labels", "cannot tell .* apart.*below 1;", call)
    equal = TemplateTask.parse({"αβα": 1.0, "αββ": 1.0})  # constant on the class: in the range
    assert learning_curve(kernel, equal, samples=[100], alphabet=10)[0].error_bound > 0.0


def test_errors_that_no_sample_reaches() -> None:
    refused(
        "error",
        "no number of samples.*limit",
        samples_needed,
        SymbolKernel(),
        TASK,
        error=1e-3,
        alphabet=3,
    )
    refused("error", "above 0", samples_needed, SymbolKernel(), TASK, error=0.0)
    refused("noise", "at least 0", samples_needed, SymbolKernel(), TASK, error=1.0, noise=-1.0)


def test_curves_out_of_range() -> None:
    curve = {"samples": [10], "alphabet": 10}
    refused("alpha", "above 0", learning_curve, SymbolKernel(), TASK, **curve, alpha=0.0)
    refused("samples", "at least 2", learning_curve, SymbolKernel(), TASK, samples=[1], alphabet=9)
    law = Zipf(5, named=["S"])
    refused(
        "alphabet", "regular", learning_curve, SymbolKernel(), TOKENS, samples=[9], alphabet=law
    )


def test_formula_warns_where_it_fails() -> None:
    with pytest.warns(UnprovedWarning, match="not proved"):
        (point,) = learning_curve(
            SymbolKernel(), TASK, samples=[20], alphabet=10, alpha=1e-3, sparse=False
        )
    assert (point.trusted, point.formula) == (False, "B9")
    (point,) = learning_curve(SymbolKernel(), TASK, samples=[20], alphabet=10, alpha=100.0)
    assert point.trusted
