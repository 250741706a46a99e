"""The names by which a kernel and its method are chosen; nothing here is slow to import."""

from __future__ import annotations

from enum import StrEnum


class KernelName(StrEnum):
    """The kernels to choose from."""

    TRANSFORMER = "transformer"
    MLP = "mlp"


class Method(StrEnum):
    """The ways to compute the attention kernel."""

    AUTO = "auto"
    PROVED = "proved"
    QUADRATURE = "quadrature"
    PRODUCT_RULE = "product-rule"
    TENSOR_NETWORK = "tensor-network"
    MONTE_CARLO = "monte-carlo"
    QUASI_MONTE_CARLO = "quasi-monte-carlo"
