"""Trained networks as an experiment: points, curves, samples needed, the command and the page."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from kernels import InvalidInputError
from theory import catalogue
from theory.networks.trained import trainer
from theory.networks.trained.architecture import Architecture, ReadAt
from theory.networks.trained.network import Perceptron, Transformer
from validation.experiments.laboratory import Laboratory
from validation.experiments.regression.point import fits
from validation.experiments.scale import Scale
from validation.experiments.storage.store import PointStore
from validation.experiments.training import figures, learning_curves
from validation.experiments.training.arms import FAST, Arm, Size, arms_named
from validation.experiments.training.figures import FIGURES, TASTED, Extent, Figure, figure, of_task
from validation.experiments.training.learning_curves import (
    kernel_point,
    mean_square,
    stored,
    trained,
)
from validation.experiments.training.needed import Needed, needed
from validation.experiments.training.point import Training, results
from validation.experiments.training.tangent import WIDE, Tangent
from validation.report.write_training import write_training

TINY = Size(depth=1, heads=1, embedding=6, head=4, mlp=8, rate=1e-2, batch=16, epochs=4, trials=2)
SMALL = Figure("small", "Small", ("same-different",), (Arm.MLP, Arm.MLP_XXT), "depth", (1, 2), 16)


@pytest.mark.parametrize(
    ("errors", "least", "most"),
    [
        ([[1.0], [0.5], [0.05], [0.01]], 128, 256),
        ([[0.05], [0.04], [0.03], [0.02]], 0, 64),
        ([[1.0], [0.9], [0.5], [0.3]], 512, math.inf),
        ([[1.0], [0.05], [0.5], [0.03]], 256, 512),  # it has to stay there
        ([[1.0, 1.0], [0.05, 0.5], [0.02, 0.4], [0.01, 0.02]], 64, 512),
        ([[1.0, 1.0], [0.05, 0.5], [0.02], [0.01, 0.02]], 64, 512),  # one has diverged
    ],
)
def test_samples_needed_lie_between_sizes(
    errors: list[list[float]], least: float, most: float
) -> None:
    found = needed([64, 128, 256, 512], errors)
    assert found is not None
    assert (found.least, found.most) == (least, most)
    if found.between is not None:
        assert least <= found.between <= most
    assert needed([64], [[]]) is None


def test_samples_needed_at_another_level_and_on_a_power_law() -> None:
    sizes = [2.0**p for p in range(4, 9)]
    curve = [[40.0 / n] for n in sizes]
    for level in (0.3, 1.0):
        found = needed(sizes, curve, level)
        assert found is not None
        assert found.between == pytest.approx(40.0 / level)  # a straight line, met exactly


def test_ratios_hold_whatever_lies_between() -> None:
    plain, better = Needed(512, 1024, None), Needed(64, 128, None)
    assert plain.ratio(better) == (4.0, 16.0)
    assert plain.ratio(Needed(0, 64, None)) == (8.0, math.inf)
    assert plain.ratio(Needed(512, math.inf, None)) == (0.0, 2.0)
    assert Needed(512, math.inf, None).ratio(better) == (4.0, math.inf)


@pytest.mark.parametrize("arm", Arm)
def test_arms_differ_as_they_must(arm: Arm) -> None:
    network = Training("aba-abb", str(arm), 16, TINY).network()
    if arm in (Arm.MLP, Arm.MLP_XXT):
        assert isinstance(network, Perceptron)
        assert network.shape.incidence == (arm is Arm.MLP_XXT)
        return
    assert isinstance(network, Transformer)
    own = network.architecture
    assert own.a == (arm in (Arm.A, Arm.AB, Arm.DEPTH_1_A))
    assert own.b == (arm in (Arm.B, Arm.B_FAST, Arm.AB))
    assert (network.scaling_rate > 1.0) == (arm is Arm.B_FAST)
    deep = Training("aba-abb", str(arm), 16, replace(TINY, depth=3)).network()
    assert isinstance(deep, Transformer)
    assert deep.architecture.depth == (1 if "depth-1" in arm else 3)
    assert (own.tied, own.read, own.unit_norm) == (False, ReadAt.CLS, False)
    words = {other.words for other in Arm}
    assert len(words) == len(Arm)


def test_symbolic_tasks_have_tied_embeddings_and_no_mlp() -> None:
    network = Training("copying-2", "b", 16, TINY).network()
    assert isinstance(network, Transformer)
    own = network.architecture
    assert (own.tied, own.read, own.unit_norm, own.b) == (True, ReadAt.LAST, True, True)
    with pytest.raises(InvalidInputError, match="arms = 'mlp': copying-2 has symbols as labels"):
        Training("copying-2", "mlp", 16, TINY).network()


def test_copying_is_done_by_the_network_of_section_5() -> None:
    point = figure("figure-5").points(Extent.CPU)[1]
    assert point.network() == Transformer(
        Architecture.section_5(heads=2, embedding=32, head=16, b=True)
    )
    assert "one attention layer alone" in str(point.size)
    fast = figure("figure-5").points(Extent.CPU)[2]
    assert fast.network() == replace(point.network(), scaling_rate=FAST)  # type: ignore[type-var]
    alone = replace(TINY, attention_only=True)
    for task, arm in (("copying-1", "ab"), ("aba-abb", "b")):
        with pytest.raises(InvalidInputError, match="takes symbols as labels, and b_h or nothing"):
            Training(task, arm, 16, alone).network()


def test_a_point_killed_and_resumed_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = Training("same-different", "mlp-xxt", 20, TINY)
    (whole,) = Laboratory(tmp_path / "whole", Scale.FULL).measure([point], "one")
    look, looks = trainer._look, []

    def killed(*given: object) -> trainer.State:
        looks.append(int(given[2].looks))  # type: ignore[attr-defined]
        if len(looks) == 3:
            raise KeyboardInterrupt
        return look(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(trainer, "_look", killed)
    monkeypatch.setattr("theory.networks.trained.checkpoint.monotonic", lambda: 100.0 * len(looks))
    laboratory = Laboratory(tmp_path / "killed", Scale.FULL)
    with pytest.raises(KeyboardInterrupt):
        laboratory.measure([point], "one")
    (resumed,) = laboratory.measure([point], "one")
    assert looks == [0, 1, 2, 2, 3]
    assert resumed.result == whole.result
    assert not list((tmp_path / "killed" / "tables").glob("*.npz"))


def test_a_point_that_diverges_is_marked_and_the_rest_goes_on(tmp_path: Path) -> None:
    laboratory = Laboratory(tmp_path, Scale.FULL)
    wild = replace(TINY, rate=1e38)
    points = [Training("same-different", "mlp", 16, size) for size in (wild, TINY)]
    first, second = results(laboratory, points, "two")
    assert (first.errors, first.diverged) == ((), 2)
    assert (len(second.errors), second.diverged) == (2, 0)
    assert second.errors[0] != second.errors[1]
    text = PointStore(tmp_path / "points").path(points[0]).read_text(encoding="utf-8")
    assert json.loads(text)["result"]["errors"] == [None, None]


def test_figures_have_names_of_their_own_and_networks_that_can_be_built() -> None:
    assert len({one.name for one in FIGURES}) == len(FIGURES)
    for one in FIGURES:
        assert figure(one.name) is one
        for extent in Extent:
            points = one.points(extent)
            assert len(set(points)) == len(points)
            places = {(p.n, p.size) for p in points}
            assert len(places) > 1
            assert {p.task for p in points} == set(one.tasks)
    quick = TASTED.points(Extent.TASTE, Scale.QUICK)
    assert max(point.n for point in quick) < 100
    paper = figure("aba-abb").points(Extent.PAPER)[0].size
    assert (paper.depth, paper.heads, paper.embedding, paper.head, paper.mlp) == (
        2,
        16,
        128,
        64,
        256,
    )
    assert (paper.rate, paper.batch, paper.epochs, paper.trials) == (1e-3, 1024, 1000, 5)
    assert [p.size.embedding for p in figure("width").points(Extent.CPU)[::2]] == [16, 32, 64, 128]
    assert figure("rate").points(Extent.CPU)[0].size.rate == 1e-4


@pytest.mark.parametrize(("n", "alphabet"), [(1, 2), (2, 2), (64, 64)])
def test_the_kernel_has_at_least_the_symbols_that_a_template_needs(n: int, alphabet: int) -> None:
    assert kernel_point("aba-abb", n).alphabet == alphabet


def test_kernel_beside_the_network_is_the_mean_square_at_unseen_strings(tmp_path: Path) -> None:
    (one,) = fits(Laboratory(tmp_path, Scale.FULL), [kernel_point("same-different", 64)], "kernel")
    assert (one.point.n, one.point.alphabet, one.point.noise) == (64, 64, 0.0)
    up, down = one.predictions
    assert mean_square(one) == pytest.approx(((up - 1.0) ** 2 + (down + 1.0) ** 2) / 2.0)


def test_tangent_kernels_stand_beside_networks_of_one_layer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning_curves, "ONE_LAYER", (Arm.MLP,))  # compiled in a moment
    monkeypatch.setattr(learning_curves, "MOST", 20)
    monkeypatch.setitem(figures.SIZES, Extent.TASTE, TINY)  # type: ignore[arg-type]
    monkeypatch.setitem(figures.SAMPLES, Extent.TASTE, (16, 24))  # type: ignore[arg-type]
    beside = Figure("beside", "Beside", ("same-different",), (Arm.MLP,))
    laboratory = Laboratory(tmp_path, Scale.FULL)
    wide, tangent = trained(laboratory, beside, Extent.TASTE).kernel
    assert (wide.curve.x, tangent.curve.x) == ((16.0, 24.0), (16.0,))
    assert tangent.curve.label == "tangent kernel of MLP"
    point = Tangent("same-different", "mlp", 16)
    (own,) = laboratory.measure([point], "tangent")
    assert not own.fresh
    assert tangent.curve.trials == (tuple(own.numbers("errors")),)
    assert len(own.numbers("errors")) == WIDE.trials
    # It is at chance, as the MLP is: a constant has 1.
    assert all(error > 0.5 for error in own.numbers("errors"))
    shown = replace(point, arm="mlp-xxt")
    (other,) = laboratory.measure([shown], "tangent")
    assert max(other.numbers("errors")) < min(own.numbers("errors"))
    (heavy,) = laboratory.measure([replace(shown, ridge=1e3)], "tangent")
    assert heavy.numbers("errors") == pytest.approx([1.0, 1.0], abs=0.2)


def test_a_figure_is_trained_stored_and_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(figures.SIZES, Extent.TASTE, TINY)  # type: ignore[arg-type] # a dict
    laboratory = Laboratory(tmp_path, Scale.FULL)
    assert stored(laboratory, SMALL, Extent.TASTE) is None
    written = write_training(tmp_path, SMALL, Extent.TASTE)
    assert (written.points, written.computed) == (4, 4)
    again = write_training(tmp_path, SMALL, Extent.TASTE)
    assert again.computed == 0
    assert again.found == replace(written.found, seconds_a_step=again.found.seconds_a_step)
    text = written.page.read_text(encoding="utf-8")
    assert "Size <b>taste</b>: depth 1" in text
    assert "2 trials" in text
    assert "over depth" in text
    assert "Not trained here" in text
    assert (tmp_path / "pictures" / "trained-small.csv").exists()
    assert trained(laboratory, SMALL, Extent.TASTE).missing == 0
    more = replace(SMALL, values=(1, 2, 3))
    partly = stored(laboratory, more, Extent.TASTE)
    assert partly is not None
    assert partly.missing == 2


def test_names() -> None:
    assert arms_named("a, b,a") == (Arm.A, Arm.B)
    assert of_task("copying-3", [Arm.B]).arms == (Arm.B,)
    assert len(of_task("majority-3").arms) == 4
    assert catalogue.find_any("symbolic-majority-3").labels == ("α", "α", "α", "β")
    assert catalogue.find_any("majority-3").labels == (1.0, -1.0, -1.0, -1.0)
