"""Numbers: strings in, kernel values with their errors out.

Kernels on strings of tokens that are token-symmetric (Def. C.1), those of the paper "When can
transformers reason with abstract symbols?" (arXiv 2310.09753); estimators of the attention kernel,
dual activations, Gram matrices and ridge regression. Nothing here knows what a template is.

Notation: ``beta``, ``gamma``, ``b1``, ``b2`` are the paper's; x and y are strings, ``[CLS]`` last;
k counts the positions, ``[CLS]`` included.

>>> from kernels import Cosine, TransformerKernel
>>> kernel = TransformerKernel(beta=1.0, gamma=1.0, activation=Cosine(1.5, 0.4))
>>> kernel("AA", "BC").kind
<ErrorKind.PROVED: 'proved'>
"""

from importlib import import_module
from typing import TYPE_CHECKING

from kernels.activations import (
    GELU,
    Activation,
    Cosine,
    CustomActivation,
    Erf,
    Exponential,
    Polynomial,
    ReLU,
    Sine,
    Tanh,
)
from kernels.activations.proved.analytic import Analytic
from kernels.attention.automatic import Automatic
from kernels.attention.base import AttentionEstimator
from kernels.attention.product_rule import ProductRule
from kernels.attention.proved.estimator import ProvedQuadrature
from kernels.attention.quadrature import Quadrature
from kernels.attention.sampling.monte_carlo import MonteCarlo
from kernels.attention.sampling.quasi_monte_carlo import QuasiMonteCarlo
from kernels.attention.tensor_network.estimator import TensorNetwork
from kernels.boundary.exceptions import (
    InvalidInputError,
    MissingPackageError,
    ToleranceNotMetError,
    TooLargeError,
)
from kernels.contract.kernel import Kernel
from kernels.contract.symmetry import Symmetry
from kernels.contract.table import PatternTable
from kernels.estimates import (
    Error,
    ErrorKind,
    Estimate,
    EstimateArray,
    Exact,
    Numerical,
    Proved,
    StandardError,
)
from kernels.mlp import MLPKernel
from kernels.strings.encoding import EncodedStrings, encode
from kernels.strings.patterns import Pattern
from kernels.strings.tokens import CLS, tokenize, untokenize
from kernels.strings.vocabulary import Vocabulary
from kernels.transformer import AttentionKernel, TransformerKernel

if TYPE_CHECKING:
    from kernels.regression.operator.gram_operator import GramOperator
    from kernels.regression.ridge import KernelRidge

__all__ = [
    "CLS",
    "GELU",
    "Activation",
    "Analytic",
    "AttentionEstimator",
    "AttentionKernel",
    "Automatic",
    "Cosine",
    "CustomActivation",
    "EncodedStrings",
    "Erf",
    "Error",
    "ErrorKind",
    "Estimate",
    "EstimateArray",
    "Exact",
    "Exponential",
    "GramOperator",
    "InvalidInputError",
    "Kernel",
    "KernelRidge",
    "MLPKernel",
    "MissingPackageError",
    "MonteCarlo",
    "Numerical",
    "Pattern",
    "PatternTable",
    "Polynomial",
    "ProductRule",
    "Proved",
    "ProvedQuadrature",
    "Quadrature",
    "QuasiMonteCarlo",
    "ReLU",
    "Sine",
    "StandardError",
    "Symmetry",
    "Tanh",
    "TensorNetwork",
    "ToleranceNotMetError",
    "TooLargeError",
    "TransformerKernel",
    "Vocabulary",
    "encode",
    "tokenize",
    "untokenize",
]


_DEFERRED = {
    "GramOperator": "kernels.regression.operator.gram_operator",
    "KernelRidge": "kernels.regression.ridge",
}
"""What is loaded when it is asked for: scikit-learn takes as long as all the rest."""


def __getattr__(name: str) -> object:
    """Load what is deferred."""
    if name in _DEFERRED:
        return getattr(import_module(_DEFERRED[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
