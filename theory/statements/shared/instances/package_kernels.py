"""One of each activation and kernel of the package."""

from __future__ import annotations

from kernels.activations import (
    GELU,
    Cosine,
    Erf,
    Exponential,
    Polynomial,
    ReLU,
    Sine,
    Tanh,
)
from kernels.attention.automatic import Automatic
from kernels.contract.kernel import Kernel
from kernels.mlp import MLPKernel
from kernels.transformer import AttentionKernel, TransformerKernel

ACTIVATIONS = (
    Cosine(),
    Sine(),
    ReLU(),
    Erf(),
    Exponential(),
    GELU(),
    Tanh(),
    Polynomial((0.5, 1.0, 0.25)),
)
"""One of each activation of the package."""


def package_kernels() -> list[Kernel]:
    """Every kind of kernel of the package, the transformer and MLP kernels by activation."""
    attention = Automatic(tolerance=1e-6)
    return [
        AttentionKernel(1.0, 1.0, attention),
        AttentionKernel(1.0, 1.0, attention, scaling="appendix-H"),
        AttentionKernel(2.0, 0.0),
        *(TransformerKernel(1.0, 1.0, activation, attention) for activation in ACTIVATIONS),
        *(MLPKernel(activation, depth=2) for activation in ACTIVATIONS),
    ]


def mlp_kernels() -> list[Kernel]:
    """MLP kernels of each activation, one and two layers deep."""
    return [MLPKernel(activation, depth) for activation in ACTIVATIONS for depth in (1, 2)]
