"""The command `kernel`: its JSON is a contract."""

from __future__ import annotations

import pytest

from kernels import Cosine, MLPKernel, Quadrature, Sine, TransformerKernel
from tests.running import is_estimate, run_json
from tests.tolerances import CLI_CONTRACT


def test_kernel_contract(capsys: pytest.CaptureFixture[str]) -> None:
    found = run_json(capsys, "kernel AA BC --tolerance 1e-8")
    assert set(found) == {"attention", "transformer", "mlp", "seconds"}
    assert set(found["attention"]) == {"xx", "xy", "yy"}
    estimates = [*found["attention"].values(), found["transformer"], found["mlp"]]
    assert all(is_estimate(e) for e in estimates)
    kernel = TransformerKernel(1.0, 1.0, Cosine(1.5, 0.4), Quadrature(1e-8))
    for name, pair in {"xx": ("AA", "AA"), "xy": ("AA", "BC"), "yy": ("BC", "BC")}.items():
        expected = kernel.attention_kernel(*pair).value
        assert found["attention"][name]["value"] == pytest.approx(expected, abs=CLI_CONTRACT)
    assert found["transformer"]["value"] == pytest.approx(
        kernel("AA", "BC").value, abs=CLI_CONTRACT
    )
    assert found["mlp"]["value"] == MLPKernel(Cosine(1.5, 0.4))("AA", "BC").value


def test_kernel_options_reach_the_kernel(capsys: pytest.CaptureFixture[str]) -> None:
    options = "--beta 0.5 --gamma 0.3 --activation sin --b1 0.7 --b2 0.1 --depth 2"
    found = run_json(capsys, f"kernel AB BA {options}")
    kernel = TransformerKernel(0.5, 0.3, Sine(0.7, 0.1))
    assert found["transformer"]["value"] == pytest.approx(
        kernel("AB", "BA").value, abs=CLI_CONTRACT
    )
    assert found["mlp"]["value"] == MLPKernel(Sine(0.7, 0.1), depth=2)("AB", "BA").value


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        ("auto", "proved"),
        ("proved --tolerance 1e-11", "proved"),
        ("quadrature", "numerical"),
        ("product-rule --tolerance 1e-6", "numerical"),
        ("tensor-network", "numerical"),
        ("monte-carlo --samples 20000", "statistical"),
        ("quasi-monte-carlo --samples 256", "statistical"),
    ],
)
def test_methods_agree(capsys: pytest.CaptureFixture[str], method: str, kind: str) -> None:
    found = run_json(capsys, f"kernel AA BB --method {method}")["attention"]["xy"]
    assert found["kind"] == kind
    assert abs(found["value"] - 0.6798429218427093) < 5.0 * found["error"] + CLI_CONTRACT


def test_seed_decides(capsys: pytest.CaptureFixture[str]) -> None:
    def value(seed: str) -> float:
        given = f"--method monte-carlo --samples 1000 --seed {seed}"
        return run_json(capsys, f"kernel AA BB {given}")["transformer"]["value"]

    assert value("1") == value("1") != value("2")
