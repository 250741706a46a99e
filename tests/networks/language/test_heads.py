"""Diagonals of heads, of models trained here and of pretrained ones in a file."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from kernels.boundary.exceptions import InvalidInputError
from theory.networks.language.heads import (
    MATRICES,
    Diagonal,
    pretrained_diagonals,
    trained_diagonals,
)
from theory.networks.language.model import language_architecture
from theory.networks.trained.parameters import initial_parameters

D, HEADS = 6, 2


def weights(layers: int = 2, prefix: str = "transformer.") -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    sizes = {"c_attn": (D, 3 * D), "c_proj": (D, D)}
    return {
        f"{prefix}h.{layer}.attn.{part}.weight": rng.standard_normal(size).astype(np.float32)
        for layer in range(layers)
        for part, size in sizes.items()
    }


@pytest.mark.parametrize("prefix", ["", "transformer."])
def test_diagonals_of_a_file(tmp_path: Path, prefix: str) -> None:
    given = weights(prefix=prefix)
    given["other"] = np.zeros((2, 2), dtype=np.int32)
    file = tmp_path / "model.safetensors"
    save_file(given, file)
    found = pretrained_diagonals(file, HEADS)
    assert [(one.layer, one.head, one.matrix) for one in found] == [
        (layer, head, matrix) for layer in (0, 1) for head in (0, 1) for matrix in MATRICES
    ]
    joint = given[f"{prefix}h.1.attn.c_attn.weight"].astype(float)
    out = given[f"{prefix}h.1.attn.c_proj.weight"].astype(float)
    # Head 1 has the last three of the queries' six columns, and so on.
    w_q, w_k, w_v = joint[:, 3:6], joint[:, 9:12], joint[:, 15:18]
    for one, matrix in zip(found[-2:], (w_k @ w_q.T, w_v @ out[3:6]), strict=True):
        np.testing.assert_allclose(one.entries, np.diag(matrix), rtol=1e-12)
        assert one.mean == pytest.approx(np.trace(matrix) / D)
        off = [matrix[i, j] for i in range(D) for j in range(D) if i != j]
        assert one.chance == pytest.approx(np.sqrt(np.mean(np.square(off)) / D))
        assert one.scaling == 0.0


def test_layers_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    save_file(weights(layers=11), tmp_path / "w")
    found = pretrained_diagonals(tmp_path / "w", 3)
    assert [one.layer for one in found] == [layer for layer in range(11) for _ in range(6)]


@pytest.mark.parametrize("scalings", [True, False])
def test_trained_scalings_are_on_the_diagonal(scalings: bool) -> None:
    own = language_architecture(depth=1, heads=2, embedding=5, head=3, mlp=0, scalings=scalings)
    drawn = initial_parameters(own, tokens=4, length=2, seed=0)
    attention = drawn.layers[0].attention._replace(a=np.array([0.5, -0.25]), b=np.array([2.0, 3.0]))
    parameters = drawn._replace(layers=(drawn.layers[0]._replace(attention=attention),))
    first, second, third, last = trained_diagonals(parameters, own)
    expected = np.diag(attention.keys[1] @ attention.queries[1].T)
    np.testing.assert_allclose(third.entries, expected - 0.25 * scalings, atol=1e-14)
    expected = np.diag(attention.values[0] @ attention.outputs[0])
    np.testing.assert_allclose(second.entries, expected + 2.0 * scalings, atol=1e-14)
    assert [one.scaling for one in (first, second, third, last)] == [
        scalings * value for value in (0.5, 2.0, -0.25, 3.0)
    ]


def test_chance_is_the_size_of_a_mean_of_independent_entries() -> None:
    rng = np.random.default_rng(0)
    draws = [Diagonal(0, 0, "", rng.standard_normal(100), 1.0).mean / 0.1 for _ in range(400)]
    assert Diagonal(0, 0, "", np.zeros(100), 1.0).chance == pytest.approx(0.1)
    assert np.std(draws) == pytest.approx(1.0, abs=0.2)  # 5 standard errors


def test_bad_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(given: dict[str, np.ndarray], message: str, heads: int = HEADS) -> None:
        save_file(given, tmp_path / "w")
        with pytest.raises(InvalidInputError, match=message):
            pretrained_diagonals(tmp_path / "w", heads)

    (joint_name, joint), (out_name, out) = weights(layers=1).items()
    refused({"x": out}, "no tensor h.0.attn.c_attn.weight")
    refused({joint_name: joint}, "no tensor transformer.h.0.attn.c_proj.weight")
    refused({joint_name: joint[:, :-1].copy(), out_name: out}, "sizes .6, 17. and .6, 6.; 2 heads")
    refused({joint_name: joint, out_name: out[:-1].copy()}, "need .d, 3 d. and .d, d.")
    refused({joint_name: joint, out_name: out}, "4 heads", heads=4)
    refused({joint_name: joint, out_name: out * np.inf}, "no matrix of finite numbers")
    refused({joint_name: joint.ravel(), out_name: out}, "no matrix of finite numbers")
    refused({joint_name: joint[:0, :0].copy(), out_name: out}, "no matrix of finite numbers")
    refused(
        {joint_name: joint.astype(float) * 1e70, out_name: out},
        "no matrix of finite numbers of at most",
    )
    refused({joint_name: joint.astype(np.complex64), out_name: out}, "no matrix of real numbers")
    header = b'{"h.0.attn.c_attn.weight":{"dtype":"F8_E4M3","shape":[1,3],"data_offsets":[0,3]}}'
    (tmp_path / "w8").write_bytes(len(header).to_bytes(8, "little") + header + bytes(3))
    with pytest.raises(InvalidInputError, match="cannot be read as a safetensors file"):
        pretrained_diagonals(tmp_path / "w8", HEADS)
    with pytest.raises(InvalidInputError, match="heads = 0"):
        pretrained_diagonals(tmp_path / "w", 0)
    with pytest.raises(InvalidInputError, match="cannot be read as a safetensors file"):
        pretrained_diagonals(tmp_path / "missing", HEADS)
    (tmp_path / "text").write_text("no weights", encoding="utf-8")
    with pytest.raises(InvalidInputError, match="cannot be read as a safetensors file"):
        pretrained_diagonals(tmp_path / "text", HEADS)
    monkeypatch.setitem(sys.modules, "safetensors", None)
    with pytest.raises(InvalidInputError, match=r"pip install 'template-kernels\[pretrained\]'"):
        pretrained_diagonals(tmp_path / "w", HEADS)
