"""A kernel in numbers and names, as points store it and as the command line takes it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from kernels import (
    Activation,
    AttentionEstimator,
    Automatic,
    InvalidInputError,
    Kernel,
    MLPKernel,
    MonteCarlo,
    ProductRule,
    ProvedQuadrature,
    Quadrature,
    QuasiMonteCarlo,
    TensorNetwork,
    TransformerKernel,
    activations,
)
from validation.experiments.kernel_names import KernelName, Method

_PROVED = 1e-12
"""The largest error of an attention value in a proof, unless said otherwise."""

_SAMPLED = Method.MONTE_CARLO, Method.QUASI_MONTE_CARLO


@dataclass(frozen=True)
class KernelParameters:
    """A kernel; the defaults are what the experiments use, cos(b1 t + b2) of Theorem 4.4.

    Attributes:
        name: ``"transformer"`` or ``"mlp"``; the latter uses the activation alone.
        beta: inverse temperature.
        gamma: positional weight.
        b1: frequency of cos and sin; None for its default, and for an activation without one.
        b2: phase, likewise.
        tolerance: of a method that is not sampled; None for its default, 1e-10.
        activation: a name of `kernels.activations`.
        depth: hidden layers of the MLP kernel, None for one.
        method: how the attention kernel is computed.
        kernel_samples: draws of Monte Carlo or points of quasi-Monte Carlo, None for their default.
        seed: of these.
    """

    name: str = KernelName.TRANSFORMER.value
    beta: float = 2.0
    gamma: float = 1.0
    b1: float | None = 1.0
    b2: float | None = 1.2
    tolerance: float | None = 1e-6
    activation: str = "cos"
    depth: int | None = None
    method: str = Method.QUADRATURE.value
    kernel_samples: int | None = None
    seed: int = 0

    def kernel(self) -> Kernel:
        """The kernel; equal parameters share one within a process, and so its table.

        Raises:
            InvalidInputError: a parameter out of range, or one that the choice does not take.
        """
        return _kernel(self)

    def transformer(self) -> TransformerKernel:
        """The transformer kernel of the parameters, whatever their name says."""
        return TransformerKernel(self.beta, self.gamma, self._activation(), self._attention())

    def mlp(self) -> MLPKernel:
        """The MLP kernel of the parameters, whatever their name says."""
        return MLPKernel(self._activation(), 1 if self.depth is None else self.depth)

    def proved(self) -> Kernel:
        """The kernel of the parameters with values whose errors are proved.

        Raises:
            InvalidInputError: as `kernel`; or a method that proves nothing was asked for.
        """
        kernel = self.kernel()
        if not isinstance(kernel, TransformerKernel):
            return kernel
        if self.method != Method.AUTO:
            remedy = "it proves nothing; leave it out"
            raise InvalidInputError("method", str(self.method), remedy)
        tolerance = _PROVED if self.tolerance is None else self.tolerance
        return kernel.set_params(attention=ProvedQuadrature(tolerance))

    def _activation(self) -> Activation:
        given = {"b1": self.b1, "b2": self.b2}
        chosen = {name: value for name, value in given.items() if value is not None}
        try:
            return activations.find(self.activation, **chosen)
        except InvalidInputError as error:
            if error.value is not None:
                raise
            # A parameter that is needed and that has no place here.
            remedy = f"its {error.argument} can only be given from Python"
            raise InvalidInputError("activation", self.activation, remedy) from None

    def _attention(self) -> AttentionEstimator:
        method, samples = self.method, self.kernel_samples
        if method in _SAMPLED and self.tolerance is not None:
            remedy = f"the method {method} takes a number of samples"
            raise InvalidInputError("tolerance", self.tolerance, remedy)
        if method not in _SAMPLED and samples is not None:
            remedy = f"the method {method} takes a tolerance"
            raise InvalidInputError("kernel_samples", samples, remedy)
        tolerance = 1e-10 if self.tolerance is None else self.tolerance
        match Method(method):
            case Method.AUTO:
                return Automatic(tolerance, seed=self.seed)
            case Method.PROVED:
                return ProvedQuadrature(tolerance)
            case Method.QUADRATURE:
                return Quadrature(tolerance)
            case Method.PRODUCT_RULE:
                return ProductRule(tolerance)
            case Method.TENSOR_NETWORK:
                return TensorNetwork(tolerance)
            case Method.MONTE_CARLO | Method.QUASI_MONTE_CARLO:
                return self._sampled()

    def _sampled(self) -> AttentionEstimator:
        samples, seed = self.kernel_samples, self.seed
        try:
            if self.method == Method.MONTE_CARLO:
                return MonteCarlo(1_000_000 if samples is None else samples, seed)
            return QuasiMonteCarlo(2**16 if samples is None else samples, seed=seed)
        except InvalidInputError as error:
            ours = "kernel_samples" if error.argument in ("samples", "points") else error.argument
            raise InvalidInputError(ours, error.value, error.remedy) from None

    def __str__(self) -> str:
        numbers = {"b₁": self.b1, "b₂": self.b2}
        activation = ", ".join(f"{n} = {v:g}" for n, v in numbers.items() if v is not None)
        if self.name == KernelName.MLP:
            return f"MLP, {activation}"
        return f"β = {self.beta:g}, γ = {self.gamma:g}, {activation}"


@lru_cache(maxsize=32)
def _kernel(parameters: KernelParameters) -> Kernel:
    if parameters.name == KernelName.MLP:
        return parameters.mlp()
    if parameters.depth is not None:
        raise InvalidInputError("depth", parameters.depth, "only the MLP kernel has a depth")
    return parameters.transformer()
