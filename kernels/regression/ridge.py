"""Kernel ridge regression as a scikit-learn estimator."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Sequence
from typing import Literal, Self

import numpy as np
from jaxtyping import Float, Float64
from sklearn.base import BaseEstimator, RegressorMixin, clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted

from kernels.checks import instance, whole, workers
from kernels.errors import InvalidInputError
from kernels.estimates import Estimate
from kernels.kernel import Kernel
from kernels.memory import require_memory
from kernels.regression import limits
from kernels.regression.conjugate_gradients import Status, column_norms
from kernels.regression.labels import checked_labels
from kernels.regression.route import choose_system
from kernels.regression.structured import Engine
from kernels.regression.system import System, remedy
from kernels.strings import EncodedStrings, Strings, encode

_BYTES_PER_LABEL = 80.0
"""What a label takes, for each ridge, while its column is solved for."""

Route = Literal["auto", "dense", "structured"]


class KernelRidge(RegressorMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn is untyped
    """The predictor of Proposition 4.3: ``f(x) = y^T (K + ridge I)^{-1} v(x)``, equation (4).

    Exact, up to the tolerance, by either route: ``"dense"`` factorizes the Gram matrix of the
    distinct strings, ``"structured"`` uses what makes it cheap (see `GramOperator`) and reaches
    ten million strings. Equal strings are merged with weights, which changes nothing;
    their labels may differ. Errors of the kernel values are not carried into the solution.

    Args:
        kernel: a kernel on strings.
        ridge: the paper's lambda, above 0; not divided by the number of samples.
        route: ``"dense"``, ``"structured"``, or ``"auto"``: dense for few distinct strings, for
            strings without common structure, and where it takes less time.
        tolerance: conjugate gradients stop where the residual is at most this share of the
            labels, as Euclidean norms; afterwards it is computed afresh. Below 1.
        max_iterations: conjugate gradients stop here, with a warning.
        engine: ``"numpy"``, or ``"jax"`` to run the iteration of the structured route on JAX's
            default device, a GPU where there is one.
        fixed_tokens: see `GramOperator`; of influence on speed alone.
        n_jobs: joblib workers for kernel values; where left out, joblib decides.
        progress: show on standard error how far kernel values and the solution are.

    Attributes:
        strings_: the training strings.
        coefficients_: ``(K + ridge I)^{-1} y``, in the shape of the labels.
        residual_: ``|| (K + ridge I) a - y || / || y ||``, computed afresh; the largest of the
            columns, 0 for labels that are all 0.
        iterations_: products with the Gram operator; 0 for a factorization.
        status_: how the solver ended, ``"converged"`` or why not, in the worst of the columns.
        ridge_: the ridge of the fit.
        route_: ``"dense"`` or ``"structured"``.
        distinct_: how many of the training strings are distinct.

    >>> from kernels import Cosine, KernelRidge, TransformerKernel
    >>> model = KernelRidge(TransformerKernel(activation=Cosine(1.5, 0.4)), ridge=1e-3)
    >>> strings, labels = ["AA", "BB", "AB", "CD"], [1.0, 1.0, -1.0, -1.0]
    >>> model.fit(strings, labels).predict(strings).round(1).tolist(), model.route_
    ([1.0, 1.0, -1.0, -1.0], 'dense')
    """

    def __init__(
        self,
        kernel: Kernel,
        ridge: float = 1.0,
        *,
        route: Route = "auto",
        tolerance: float = 1e-10,
        max_iterations: int = 1_000,
        engine: Engine = "numpy",
        fixed_tokens: Collection[str] | None = None,
        n_jobs: int | None = None,
        progress: bool = False,
    ) -> None:
        self.kernel = kernel
        self.ridge = ridge
        self.route = route
        self.tolerance = tolerance
        self.max_iterations = max_iterations
        self.engine = engine
        self.fixed_tokens = fixed_tokens
        self.n_jobs = n_jobs
        self.progress = progress

    def fit(
        self,
        strings: Strings,
        labels: Sequence[float] | Float[np.ndarray, "n *t"],
    ) -> Self:
        """Solve for the dual coefficients.

        Args:
            strings: n training strings of one length.
            labels: n labels, or n rows of labels for several fits at once.

        Raises:
            InvalidInputError: a ridge that is not above 0, labels that are not finite or do not
                fit the strings, a kernel whose values or their errors are not finite, a matrix
                that is not positive definite.
            TooLargeError: the work would not fit in memory.

        Warns:
            ConvergenceWarning: the residual is above the tolerance; `status_` says why. All
                attributes are set, `coefficients_` to what left the smallest residual.
        """
        ridge = limits.ridge("ridge", self.ridge)
        encoded, y = self._checked(strings, labels)
        route, system = self._system(encoded)
        self._solve(encoded, route, system, y, [(self, ridge)])
        return self

    def fit_path(
        self,
        strings: Strings,
        labels: Sequence[float] | Float[np.ndarray, "n *t"],
        ridges: Iterable[float],
    ) -> list[Self]:
        """Fitted copies of this estimator, one for each ridge, from one preparation.

        The Gram operator, or the Gram matrix, is set up once, and all ridges take part in each of
        its products.

        Args:
            strings: n training strings of one length.
            labels: n labels, or n rows of labels.
            ridges: the values to use in place of ``ridge``.

        Raises:
            InvalidInputError: as for `fit`.
            TooLargeError: the work would not fit in memory.

        Warns:
            ConvergenceWarning: the residual of some copies is above the tolerance; it names
                their ridges, and each has a status of its own.

        >>> from kernels import MLPKernel
        >>> models = KernelRidge(MLPKernel()).fit_path(["AA", "AB"], [1.0, 0.0], [0.1, 1.0])
        >>> [model.ridge for model in models]
        [0.1, 1.0]
        """
        if not isinstance(ridges, Iterable):
            raise InvalidInputError("ridges", ridges, "give a list of numbers")
        values = [limits.ridge("ridges", ridge) for ridge in ridges]
        if not values:
            raise InvalidInputError("ridges", values, "give at least one")
        encoded, y = self._checked(strings, labels)
        route, system = self._system(encoded)
        models = [(clone(self).set_params(ridge=ridge), ridge) for ridge in values]
        self._solve(encoded, route, system, y, models)
        return [model for model, _ in models]

    def predict(self, strings: Strings) -> Float[np.ndarray, "m *t"]:
        """Predictions for m strings; their tokens need not have occurred in training.

        Raises:
            InvalidInputError: no strings, or strings of another length.
        """
        check_is_fitted(self)
        encoded = encode(strings, self.strings_.vocabulary)
        if encoded.length != self.strings_.length:
            raise InvalidInputError(
                "strings", encoded[0], f"needs {self.strings_.length - 1} tokens, as in training"
            )
        found = self._function(encoded)
        return found.reshape(len(encoded), *self.coefficients_.shape[1:])

    def degrees_of_freedom(
        self, *, probes: int = 16, seed: int = 0, tolerance: float = 1e-6
    ) -> Estimate:
        """The effective number of degrees of freedom, ``tr K (K + ridge I)^{-1}``.

        The ridge is that of the fit, `ridge_`, whatever ``ridge`` has been set to since;
        ``max_iterations`` is what it is now. By the structured route each probe takes about as
        long as a fit.

        Args:
            probes: random vectors, at least 8; the dense route, and strings of which few are
                distinct, need none and give the trace up to rounding.
            seed: of the random vectors.
            tolerance: of the solution for each probe, as for `fit`; the error allows for it.

        Warns:
            ConvergenceWarning: conjugate gradients stopped early; the error allows for that.
        """
        check_is_fitted(self)
        return self._fitted_system.degrees_of_freedom(
            self.ridge_,
            probes=limits.probes(probes),
            seed=whole("seed", seed),
            tolerance=limits.tolerance(tolerance),
            max_iterations=limits.iterations(self.max_iterations),
        )

    def _checked(
        self,
        strings: Strings,
        labels: Sequence[float] | Float[np.ndarray, "n *t"],
    ) -> tuple[EncodedStrings, Float64[np.ndarray, "n *t"]]:
        instance("kernel", self.kernel, Kernel, "give a kernel, such as TransformerKernel()")
        limits.tolerance(self.tolerance)
        limits.iterations(self.max_iterations)
        if self.route not in ("auto", "dense", "structured"):
            raise InvalidInputError("route", self.route, "give auto, dense or structured")
        if self.engine not in ("numpy", "jax"):
            raise InvalidInputError("engine", self.engine, "give numpy or jax")
        workers("n_jobs", self.n_jobs)
        encoded = encode(strings)
        return encoded, checked_labels(labels, len(encoded))

    def _system(self, encoded: EncodedStrings) -> tuple[str, System]:
        return choose_system(
            self.kernel,
            encoded,
            self.route,
            engine=self.engine,
            fixed_tokens=self.fixed_tokens,
            n_jobs=self.n_jobs,
            progress=self.progress,
        )

    def _solve(
        self,
        encoded: EncodedStrings,
        route: str,
        system: System,
        y: Float64[np.ndarray, "n *t"],
        models: list[tuple[Self, float]],
    ) -> None:
        """Solve for all models at once and set what `fit` sets."""
        columns = y.reshape(len(y), -1)
        width = columns.shape[1]
        needed = _BYTES_PER_LABEL * len(y) * width * len(models)
        wanted = "fewer strings, columns of labels or ridges at once"
        require_memory("labels", f"{len(y)} by {width * len(models)}", needed, f"give {wanted}")
        means = system.means(columns)
        right = np.tile(system.root[:, None] * means, (1, len(models)))
        ridges = np.repeat([ridge for _, ridge in models], width)
        found = system.solve(
            right, ridges, tolerance=self.tolerance, max_iterations=self.max_iterations
        )
        deviations = system.deviations(columns, means)
        # The residual is that of the n equations; its size is measured against all their labels.
        sizes, reduced = column_norms(columns), column_norms(right)
        messages = []
        for i, (model, ridge) in enumerate(models):
            own = slice(i * width, (i + 1) * width)
            solution = found.solution[:, own]
            coefficients = deviations / ridge
            coefficients += (solution / system.root[:, None])[system.row]
            residuals = found.residuals[own] * reduced[own]
            if system.repeats:  # else the coefficients are the solution itself
                residuals = system.residuals(columns, coefficients, ridge)
            relative = np.divide(residuals, sizes, out=np.zeros(width), where=sizes > 0.0)
            model.strings_ = encoded
            model.coefficients_ = coefficients.reshape(y.shape)
            model.residual_ = float(relative.max())
            model.iterations_ = int(found.iterations[own].max())
            model.status_ = str(Status.CONVERGED)
            model.route_ = route
            model.distinct_ = len(system.root)
            model.ridge_ = ridge
            model._fitted_system = system
            model._function = system.predictor(system.root[:, None] * solution)
            failed = [
                (size, Status.ROUNDING if status is Status.CONVERGED else status)
                for size, status in zip(relative.tolist(), found.statuses[own], strict=True)
                if size > self.tolerance
            ]
            if failed:
                model.status_ = str(max(failed)[1])
                where = f" in {len(failed)} of {width} columns of labels" if width > 1 else ""
                messages.append(
                    f"ridge = {ridge:g}: the residual, {model.residual_:.1e}, is above the "
                    f"tolerance, {self.tolerance:.1e}{where}: {model.status_}, after "
                    f"{model.iterations_} iterations"
                )
        if messages:  # after all is set: under a filter that makes errors of warnings, it stays
            text = "; ".join([*messages, remedy(self.max_iterations)])
            warnings.warn(text, ConvergenceWarning, stacklevel=3)
