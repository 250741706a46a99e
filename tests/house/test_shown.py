"""How objects read in a session, and as tables that can be put side by side."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest

from kernels import (
    Cosine,
    EstimateArray,
    KernelRidge,
    MLPKernel,
    Numerical,
    ReLU,
    StandardError,
    TransformerKernel,
)
from kernels.estimates import Estimate
from theory import Template, TemplateTask, statements, template_matrix

TASK = TemplateTask.parse({"αα": 1.0, "αβ": -1.0}, weights=(3.0, 1.0), name="same <b>")
MATRIX = template_matrix(MLPKernel(ReLU(), depth=2), TASK)


def test_arrays_as_tables() -> None:
    array = EstimateArray.gather([Estimate(1.5, Numerical(0.1)), Estimate(2.5, StandardError(0.2))])
    found = array.reshape(2, 1)
    assert found.to_json() == {
        "values": [[1.5], [2.5]],
        "errors": [[0.1], [0.2]],
        "kinds": [["numerical"], ["statistical"]],
    }
    table = found.to_pandas(run="a")
    assert table.to_dict("list") == {
        "i": [0, 1],
        "j": [0, 0],
        "value": [1.5, 2.5],
        "error": [0.1, 0.2],
        "kind": ["numerical", "statistical"],
        "run": ["a", "a"],
    }
    assert len(EstimateArray.gather([]).to_pandas()) == 0
    assert EstimateArray.exact(2.0).to_pandas()["value"].tolist() == [2.0]


def test_matrices_of_two_kernels_side_by_side() -> None:
    pandas = pytest.importorskip("pandas")
    other = template_matrix(MLPKernel(Cosine(1.0, 0.5)), TASK)
    both = pandas.concat([MATRIX.to_pandas(), other.to_pandas()])
    assert both["row"].tolist() == ["αα", "αα", "αβ", "αβ"] * 2
    assert both["column"].tolist() == ["αα", "αβ"] * 4
    assert np.array_equal(both["value"].to_numpy()[:4], MATRIX.values.ravel())
    assert both["depth"].tolist() == [2] * 4 + [1] * 4
    assert both["activation"].tolist() == ["ReLU"] * 4 + ["Cosine"] * 4
    assert both["activation__b1"].tolist()[4:] == [1.0] * 4
    found = json.loads(json.dumps(MATRIX.to_json()))
    assert found["parameters"] == {"kernel": "MLPKernel", "activation": "ReLU", "depth": 2}


def test_values_and_verdicts_as_tables() -> None:
    kernel = MLPKernel(Cosine(1.0, 0.5))
    kernel("AB", "AC")
    table = kernel.table.to_pandas()
    assert table["value"].tolist() == [kernel("AB", "AC").value]
    assert table["activation__b2"].tolist() == [0.5]
    assert repr(kernel.table).startswith("PatternTable(1 values of {'class': 'MLPKernel'")
    verdict = statements.find("Definition C.1").check(kernel=kernel, quick=True)
    (row,) = verdict.to_pandas().to_dict("records")
    assert (row["id"], row["verdict"], row["activation__b2"]) == ("Definition C.1", "holds", 0.5)
    assert verdict.to_json()["ids"] == ["Definition C.1"]


def test_without_pandas_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"template-kernels\[tables\]"):
        MATRIX.to_pandas()


def test_reprs_are_short_and_can_be_typed() -> None:
    names = {"Template": Template, "TemplateTask": TemplateTask}
    for one in (Template.parse("α red α"), TASK, TemplateTask.parse({"αa": 0.5, "aα": 1.0})):
        assert eval(repr(one), names) == one
    assert repr(MATRIX).startswith("TemplateMatrix(singular, smallest eigenvalue ")


@pytest.mark.parametrize(
    "one",
    [
        TASK,
        MATRIX,
        TransformerKernel(),
        MATRIX.entries,
        statements.find("Definition 3.1").check(quick=True),
    ],
    ids=lambda one: type(one).__name__,
)
def test_notebooks_show_html_in_which_text_is_no_markup(one: object) -> None:
    html = one._repr_html_()  # type: ignore[attr-defined]
    assert html.startswith("<")
    assert "<b>" not in html
    assert len(html) < 5_000


def test_fitted_models_are_shown_by_scikit_learn() -> None:
    model = KernelRidge(MLPKernel()).fit(["AB", "BA"], [1.0, 0.0])
    assert "KernelRidge" in model._repr_html_()
