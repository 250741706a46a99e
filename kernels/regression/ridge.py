"""Kernel ridge regression as a scikit-learn estimator."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter
from typing import Literal, Self, overload

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike
from sklearn.base import RegressorMixin, clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted

from kernels.boundary.checks import instance, whole, workers
from kernels.boundary.exceptions import InvalidInputError
from kernels.boundary.floating_point import plain_floats
from kernels.contract.kernel import Kernel
from kernels.estimates import Estimate, EstimateArray
from kernels.regression.arguments import limits
from kernels.regression.arguments.labels import checked_labels
from kernels.regression.arguments.renamed import refusing_old_names
from kernels.regression.arguments.weights import checked_weights
from kernels.regression.arrays.engine import Engine
from kernels.regression.kernel_estimator import KernelEstimator
from kernels.regression.routes.choice import Route, choose_system
from kernels.regression.solution import Solution, said, solve
from kernels.strings.encoding import Strings, encode
from kernels.strings.tokens import Reading, refuse_mixed


class KernelRidge(RegressorMixin, KernelEstimator):  # type: ignore[misc] # scikit-learn is untyped
    """The predictor of Proposition 4.3: ``f(x) = y^T (K + alpha I)^{-1} v(x)``, equation (4).

    It minimizes ``sum_i w_i (f(x_i) - y_i)^2 + alpha |f|^2``, with weights w of 1 where none are
    given. Exact, up to the tolerance, by either route: ``"dense"`` factorizes the Gram matrix of
    the distinct strings, ``"structured"`` uses what makes it cheap (see `GramOperator`). Labels of
    equal strings may differ. `predict` tells what errors of the kernel values do.

    Args:
        kernel: a kernel on strings. Setting a parameter of it, as ``kernel__beta``, replaces it.
        alpha: the paper's lambda, above 0; not divided by the number of samples.
        route: ``"dense"``, ``"structured"``, or ``"auto"``: dense for few distinct strings, for
            strings without common structure, and where it takes less time.
        tol: conjugate gradients stop where the residual is at most this share of the labels, as
            Euclidean norms; afterwards it is computed afresh. Below 1.
        max_iter: conjugate gradients stop here, with a warning.
        engine: ``"numpy"``, or ``"jax"`` to run the iteration of the structured route on JAX's
            default device, a GPU where there is one, or ``"dask"`` for the workers of the cluster
            that a Dask client is connected to; these need the extras ``jax`` and ``cluster``.
        tokens: whether texts are read as ``"words"`` or as ``"characters"``; ``"auto"`` takes words
            where there are spaces, and refuses texts of both kinds.
        fixed_tokens: see `GramOperator`; of influence on speed alone.
        n_jobs: joblib workers for kernel values; where left out, joblib decides.
        progress: show on standard error how far kernel values and the solution are.

    Attributes:
        solution_: all that the fit has found, a `Solution`; the others are read from it.
        dual_coef_: ``(K + alpha W^{-1})^{-1} y`` with W = diag(w), in the shape of the labels.
        n_iter_: products with the Gram operator; 0 for a factorization.
        n_features_in_: tokens of a string, without ``[CLS]``.
        residual_: ``|| W^{1/2} (y - K a) - alpha W^{-1/2} a || / || W^{1/2} y ||`` for a the
            `dual_coef_`, computed afresh; the largest of the columns, 0 for labels that are all 0.
        status_: how the solver ended, ``"converged"`` or why not, in the worst of the columns.
        alpha_: the alpha of the fit.
        route_: ``"dense"`` or ``"structured"``.
        distinct_: how many of the training strings of positive weight are distinct.
        strings_: the training strings.

    >>> from kernels import Cosine, KernelRidge, TransformerKernel
    >>> model = KernelRidge(TransformerKernel(activation=Cosine(1.5, 0.4)), alpha=1e-3)
    >>> strings, labels = ["AA", "BB", "AB", "CD"], [1.0, 1.0, -1.0, -1.0]
    >>> model.fit(strings, labels).predict(strings).round(1).tolist(), model.route_
    ([1.0, 1.0, -1.0, -1.0], 'dense')
    """

    dual_coef_ = property(attrgetter("solution_.dual_coef"))
    n_iter_ = property(attrgetter("solution_.n_iter"))
    n_features_in_ = property(lambda self: self.solution_.strings.length - 1)
    residual_ = property(attrgetter("solution_.residual"))
    status_ = property(attrgetter("solution_.status"))
    alpha_ = property(attrgetter("solution_.alpha"))
    route_ = property(attrgetter("solution_.problem.route"))
    distinct_ = property(lambda self: len(self.solution_.problem.samples.root))
    strings_ = property(attrgetter("solution_.strings"))

    @refusing_old_names
    def __init__(
        self,
        kernel: Kernel,
        alpha: float = 1.0,
        *,
        route: Route = "auto",
        tol: float = 1e-10,
        max_iter: int = 1_000,
        engine: Engine = "numpy",
        tokens: Reading = "auto",
        fixed_tokens: Collection[str] | None = None,
        n_jobs: int | None = None,
        progress: bool = False,
    ) -> None:
        self.kernel = kernel
        self.alpha = alpha
        self.route = route
        self.tol = tol
        self.max_iter = max_iter
        self.engine = engine
        self.tokens = tokens
        self.fixed_tokens = fixed_tokens
        self.n_jobs = n_jobs
        self.progress = progress

    @refusing_old_names
    def fit(self, X: Strings, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Solve for the dual coefficients.

        Args:
            X: n training strings of one length.
            y: n labels, or n rows of labels for several fits at once.
            sample_weight: n weights of at least 0, some above; or one for all. A sample of weight
                0 counts for nothing.

        Raises:
            InvalidInputError: an alpha that is not above 0, labels or weights that are not finite
                or do not fit the strings, a kernel whose values or their errors are not finite, a
                matrix that is not positive definite.
            MissingPackageError: the engine's package is not installed.
            TooLargeError: the work would not fit in memory.

        Warns:
            ConvergenceWarning: the residual is above the tolerance; `status_` says why. All
                attributes are set, `dual_coef_` to what left the smallest residual.
        """
        alpha = limits.alpha("alpha", self.alpha)
        (self.solution_,) = self._solutions(X, y, sample_weight, [alpha])
        self._warn([self.solution_])
        return self

    @refusing_old_names
    def fit_path(
        self,
        X: Strings,
        y: ArrayLike,
        alphas: Iterable[float],
        sample_weight: ArrayLike | None = None,
    ) -> list[Self]:
        """Fitted copies of this estimator, one for each alpha, which share every product.

        Args:
            X: n training strings of one length.
            y: n labels, or n rows of labels.
            alphas: the values to use in place of ``alpha``.
            sample_weight: as for `fit`.

        Raises:
            InvalidInputError: as for `fit`; no alphas.
            TooLargeError: the work would not fit in memory.

        Warns:
            ConvergenceWarning: as for `fit`; it names the alphas. Each copy has its own status.

        >>> from kernels import MLPKernel
        >>> models = KernelRidge(MLPKernel()).fit_path(["AA", "AB"], [1.0, 0.0], [0.1, 1.0])
        >>> [model.alpha for model in models]
        [0.1, 1.0]
        """
        if not isinstance(alphas, Iterable):
            raise InvalidInputError("alphas", alphas, "give a list of numbers")
        values = [limits.alpha("alphas", alpha) for alpha in alphas]
        if not values:
            raise InvalidInputError("alphas", values, "give at least one")
        solutions = self._solutions(X, y, sample_weight, values)
        models: list[Self] = [clone(self).set_params(alpha=alpha) for alpha in values]
        for model, found in zip(models, solutions, strict=True):
            model.solution_ = found
        self._warn(solutions)
        return models

    @overload
    def predict(
        self, X: Strings, *, return_error: Literal[False] = False
    ) -> Float[np.ndarray, "m *t"]: ...
    @overload
    def predict(self, X: Strings, *, return_error: Literal[True]) -> EstimateArray: ...
    @refusing_old_names
    @plain_floats
    def predict(
        self, X: Strings, *, return_error: bool = False
    ) -> Float[np.ndarray, "m *t"] | EstimateArray:
        """Predictions for m strings; their tokens need not have occurred in training.

        Args:
            X: m strings, as long as those of training.
            return_error: give an `EstimateArray`: predictions with their distances from what the
                true kernel would predict, solved exactly. They count the residual, rounding and
                the errors of kernel values, see `kernels.regression.accuracy`; bounds are
                proved for up to 2,000 samples where kernel values are, and numerical otherwise,
                with standard errors beside them where kernel values were sampled.

        Raises:
            InvalidInputError: no strings, or strings of another length.
            TooLargeError: the errors of the kernel values would not fit in memory.
            sklearn.exceptions.NotFittedError: there was no `fit` before.

        >>> from kernels import KernelRidge, MLPKernel
        >>> model = KernelRidge(MLPKernel()).fit(["AA", "AB"], [1.0, 0.0])
        >>> found = model.predict(["CC"], return_error=True)
        >>> str(found.kind), bool(0.0 < found.largest_error < 1e-12)
        ('proved', True)
        """
        check_is_fitted(self)
        known = self.solution_.strings
        encoded = encode(X, known.vocabulary, tokens=self.tokens, argument="X")
        if encoded.length != known.length:
            raise InvalidInputError(
                "X", encoded[0], f"needs {known.length - 1} tokens, as in training"
            )
        found = self.solution_.function(encoded)
        shape = len(encoded), *self.dual_coef_.shape[1:]
        if return_error:
            return self.solution_.accuracy(found, encoded).reshape(*shape)
        return found.reshape(shape)

    @refusing_old_names
    @plain_floats
    def degrees_of_freedom(self, *, probes: int = 16, seed: int = 0, tol: float = 1e-6) -> Estimate:
        """The effective number of degrees of freedom, ``tr W K W (W K W + alpha I)^{-1}``.

        W is the diagonal of the square roots of the weights. Alpha is that of the fit, `alpha_`,
        whatever ``alpha`` has been set to since; ``max_iter`` is what it is now. By the structured
        route each probe takes about as long as a fit.

        Args:
            probes: random vectors, at least 8; the dense route, and strings of which few are
                distinct, need none and give the trace up to rounding.
            seed: of the random vectors.
            tol: of the solution for each probe, as for `fit`; the error allows for it.

        Raises:
            InvalidInputError: an argument out of its range.
            sklearn.exceptions.NotFittedError: there was no `fit` before.

        Warns:
            ConvergenceWarning: conjugate gradients stopped early; the error allows for that.
        """
        check_is_fitted(self)
        return self.solution_.problem.system.degrees_of_freedom(
            self.solution_.alpha,
            probes=limits.probes(probes),
            seed=whole("seed", seed),
            tol=limits.tol(tol),
            max_iter=limits.max_iter(self.max_iter),
        )

    @plain_floats
    def _solutions(
        self, X: Strings, y: ArrayLike, sample_weight: ArrayLike | None, alphas: list[float]
    ) -> list[Solution]:
        """Check what is given, and solve."""
        instance("kernel", self.kernel, Kernel, "give a kernel, such as TransformerKernel()")
        tol, max_iter = limits.tol(self.tol), limits.max_iter(self.max_iter)
        if self.route not in ("auto", "dense", "structured"):
            raise InvalidInputError("route", self.route, "give auto, dense or structured")
        if self.engine not in ("numpy", "jax", "dask"):
            raise InvalidInputError("engine", self.engine, "give numpy, jax or dask")
        workers("n_jobs", self.n_jobs)
        if self.tokens == "auto" and isinstance(X, Sequence):
            refuse_mixed(X, argument="X")
        strings = encode(X, tokens=self.tokens, argument="X")
        labels = checked_labels(y, len(strings))
        weight = checked_weights(sample_weight, len(strings))
        kept: np.ndarray | slice = slice(None)
        if weight is not None and not weight.all():
            kept = np.flatnonzero(weight)
            weight = weight[kept]
        problem = choose_system(
            self.kernel,
            strings[kept],
            weight,
            self.route,
            engine=self.engine,
            fixed_tokens=self.fixed_tokens,
            n_jobs=self.n_jobs,
            progress=self.progress,
        )
        return solve(problem, strings, labels, kept, alphas, tol=tol, max_iter=max_iter)

    def _warn(self, solutions: list[Solution]) -> None:
        """Warn after all is set: under a filter that makes errors of warnings, it stays."""
        text = said(solutions, self.max_iter)
        if text:
            warnings.warn(text, ConvergenceWarning, stacklevel=4)
