"""scikit-learn's checks of estimators on `KernelRidge`: prints how each ended.

Run as ``python -m tests.regression.estimator_checks dense``.
"""

from __future__ import annotations

import sys
import warnings
from typing import Self

import numpy as np
from sklearn.utils import Tags, check_array
from sklearn.utils.estimator_checks import check_estimator
from sklearn.utils.validation import check_is_fitted

from kernels import KernelRidge, MLPKernel
from kernels.regression.routes.choice import Route


class OfNumbers(KernelRidge):
    """Takes numbers, rounds them to halves, and reads each half as a token.

    scikit-learn's checks of estimators make two-dimensional numbers; so they see ours.
    """

    def fit(self, X, y=None, sample_weight=None) -> Self:  # type: ignore[no-untyped-def, override]
        return super().fit(_halves(X), y, sample_weight)

    def predict(self, X):  # type: ignore[no-untyped-def, override]
        check_is_fitted(self)
        return super().predict(_halves(X))

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.string = True, False
        tags.input_tags.one_d_array = False
        return tags


def _halves(numbers: object) -> np.ndarray:
    checked = check_array(numbers, dtype=None).astype(float)
    return (np.floor(2.0 * checked) + 1_000.0).clip(1.0, 2.0**30).astype(np.int64)


def main(route: Route) -> None:
    """Run the checks on one route."""
    expected = {"check_n_features_in_after_fitting": "its message counts features, ours tokens"}
    if route == "dense":
        expected["check_non_transformer_estimators_n_iter"] = "a factorization has no iterations"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of checks that are skipped or meant to fail
        found = check_estimator(
            OfNumbers(MLPKernel(), route=route),
            expected_failed_checks=expected,
            on_skip=None,
            on_fail=None,
        )
    for one in found:
        print(one["status"])
        if one["status"] == "failed":
            print(one["check_name"], one["exception"], file=sys.stderr)


if __name__ == "__main__":
    main("dense" if sys.argv[1] == "dense" else "structured")
