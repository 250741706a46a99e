"""The parameters that condition a task best, against a grid of template matrices."""

from __future__ import annotations

import math
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from jaxtyping import TypeCheckError

from kernels import Automatic, Cosine, InvalidInputError, Quadrature, TransformerKernel
from tests.running import refused_in_one_line, run_json
from theory import Template, TemplateTask, best_parameters, template_matrix
from theory.tuning import search
from theory.tuning.golden import highest
from theory.tuning.objective import AttentionValues, Sizes

TEMPLATES = ["αα", "αβ"]
TASK = TemplateTask.parse({"αα": 1.0, "αβ": -1.0})
LOOSE, FAST = Automatic(tolerance=1e-6), Quadrature(1e-6)
B1, B2 = (0.5, 0.8, 1.1, 2.0), (0.0, 0.7, math.pi / 2.0)


def conditioning(kernel: TransformerKernel) -> float:
    """By the template matrix itself, and by strings in place of templates."""
    own = kernel.diagonal(["AA", "AB"]).values
    return template_matrix(kernel, TASK).smallest_eigenvalue.value / float(own.max())


@pytest.fixture(scope="module")
def grid() -> float:
    """The best of a grid, by another route: each kernel's own template matrix."""
    kernel = TransformerKernel(2.0, 1.0, attention=LOOSE)
    return max(conditioning(kernel.with_activation(Cosine(*b))) for b in product(B1, B2))


def test_no_activation_of_a_grid_is_better(grid: float) -> None:
    found = best_parameters(TEMPLATES, beta=2.0, gamma=1.0)
    assert found.conditioning.value >= grid > 0.0
    # The grid has points within 7 percent of the best b1, where the hill is flat.
    assert found.conditioning.value <= 1.03 * grid
    assert found.conditioning.value == pytest.approx(conditioning(found.kernel), rel=1e-9)
    (trial,) = found.trials
    assert found.parameters == {name: getattr(trial, name) for name in found.parameters}


def test_no_other_beta_and_gamma_are_better(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_FINEST", 0.2)
    found = best_parameters(
        TEMPLATES, beta=(0.5, 1.0), gamma=(0.8, 1.0), b1=1.1, points=2, attention=FAST
    )
    assert found.at_ends == ("beta", "gamma")
    best = max(found.trials, key=lambda one: one.conditioning)
    for beta, gamma in product((0.5, 1.0), (0.8, 1.0)):
        kernel = TransformerKernel(beta, gamma, Cosine(1.1, best.b2), FAST)
        assert conditioning(kernel) <= found.conditioning.value * (1.0 + 1e-6)
    inner = best_parameters(TEMPLATES, beta=(0.5, 1.0), gamma=0.9, b1=1.1, points=3, attention=FAST)
    betas = [trial.beta for trial in inner.trials]
    assert inner.parameters["gamma"] == 0.9
    assert min(betas) == 0.5
    assert max(betas) == 1.0 == inner.parameters["beta"]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda sizes: float(np.linalg.eigvalsh(sizes.matrix)[0]),  # a scale enters
        lambda sizes: float(np.linalg.eigvalsh(sizes.matrix)[-1]) / float(sizes.own.max()),
        lambda sizes: -float(np.linalg.eigvalsh(sizes.matrix)[0]) / float(sizes.own.max()),
    ],
    ids=["not normalised", "largest eigenvalue", "worst"],
)
def test_a_wrong_objective_is_seen(
    grid: float, wrong: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sizes, "conditioning", property(wrong))
    assert best_parameters(TEMPLATES, beta=2.0, gamma=1.0).conditioning.value < grid


def test_the_scale_of_the_activation_does_not_matter() -> None:
    values = AttentionValues(np.array([[0.5, 0.2], [0.2, 0.4]]), np.array([0.9, 0.8]))
    one = values.sizes(Cosine(1.0, 0.3))
    assert 0.0 < one.conditioning <= 1.0
    assert Sizes(9.0 * one.matrix, 9.0 * one.own).conditioning == pytest.approx(one.conditioning)
    assert Sizes(0.0 * one.matrix, 0.0 * one.own).conditioning == 0.0


def test_names_of_regular_tokens_do_not_matter() -> None:
    """Not even those that one might give to the tokens of wildcards."""
    attention = TransformerKernel(1.0, 1.0).attention_kernel
    plain, odd = (
        AttentionValues.of(attention, [Template.parse(f"α {token} α")]) for token in ("a", "?α")
    )
    assert plain.own.tolist() == odd.own.tolist()


def test_phases_between_two_are_mixtures() -> None:
    values = AttentionValues(np.array([[0.5, 0.2], [0.2, 0.4]]), np.array([0.9, 0.8]))
    found, phase = values.best_phase(1.3, (0.0, math.pi / 2.0))
    phases = np.linspace(0.0, math.pi / 2.0, 50)
    each = [values.sizes(Cosine(1.3, float(b2))).conditioning for b2 in phases]
    assert found >= max(each) - 1e-12
    assert found == pytest.approx(values.sizes(Cosine(1.3, phase)).conditioning, rel=1e-6)
    inside, phase = values.best_phase(1.3, (0.6, 0.7))
    assert 0.6 <= phase <= 0.7
    assert inside <= found


@pytest.mark.parametrize("top", [0.0, 0.123, 1.0])
def test_golden_sections_find_the_top_of_a_hill(top: float) -> None:
    value, at = highest(lambda x: -abs(x - top), 0.0, 1.0)
    assert abs(at - top) < 2e-4
    assert value == -abs(at - top)


def test_one_number_keeps_a_parameter_and_samples_are_planned() -> None:
    found = best_parameters(
        TASK, beta=2.0, gamma=1.0, b1=1.0, b2=0.3, error=0.5, noise=0.2, attention=FAST
    )
    assert (found.parameters["beta"], found.parameters["gamma"]) == (2.0, 1.0)
    assert found.parameters["b2"] == pytest.approx(0.3)
    assert found.at_ends == ()
    assert found.plan is not None
    assert found.plan.measured_error <= 0.5
    assert f"{found.plan.n} samples" in str(found) in repr(found)
    assert "&lt;" not in found._repr_html_().replace("<p>", "")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"beta": (2.0, 1.0)}, "beta"),
        ({"beta": 0.0}, "beta"),
        ({"gamma": -1.0}, "gamma"),
        ({"b1": math.nan}, "b1"),
        ({"b2": (0.0, 2.0)}, "b2"),
        ({"points": 1}, "points"),
        ({"error": 0.1}, "error"),
        ({"attention": 3}, "attention"),
    ],
)
def test_bad_arguments_are_refused(given: dict[str, object], says: str) -> None:
    with pytest.raises((InvalidInputError, TypeCheckError), match=says):
        best_parameters([Template.parse(z) for z in TEMPLATES], **given)  # type: ignore[arg-type]


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    plot = tmp_path / "tune.svg"
    found = run_json(capsys, f"tune αα αβ --beta 1 --gamma 1 --b1 0.9,1 --plot {plot}")
    assert (found["gamma"], found["plan"]) == (1.0, None)
    assert found["at_ends"] == ["b1"]
    assert found["conditioning"]["kind"] == "proved"  # type: ignore[index]
    text = plot.read_text(encoding="utf-8")
    assert text.startswith("<?xml")
    assert "<!-- inverse temperature β -->" in text
    refused_in_one_line(capsys, "tune αα αβ --beta 1,2,3", "--beta = '1,2,3'")
    refused_in_one_line(capsys, "tune αα αβ --beta 1 --gamma 1 --plot x.gif", "--plot = 'x.gif'")
