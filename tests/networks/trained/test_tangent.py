"""The tangent kernel of whole networks, and ridge regression with it."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from kernels.boundary.exceptions import InvalidInputError, TooLargeError
from tests import tolerances
from theory.networks.trained import tangent
from theory.networks.trained.architecture import Architecture
from theory.networks.trained.incidence import PerceptronShape
from theory.networks.trained.network import Perceptron, Transformer
from theory.networks.trained.tangent import tangent_gram, tangent_ridge

NETWORK = Perceptron(PerceptronShape(width=5))
CODES = np.array([[1, 1, 0], [1, 2, 0], [3, 2, 0], [2, 2, 0]], dtype=np.int32)


def test_inner_products_of_difference_quotients(monkeypatch: pytest.MonkeyPatch) -> None:
    found = tangent_gram(NETWORK, CODES, tokens=4, seed=1)
    start = NETWORK.start(tokens=4, length=3, seed=1)
    flat, shaped = jax.flatten_util.ravel_pytree(start)
    step = 1e-5
    with jax.enable_x64(True):

        def values(at: np.ndarray) -> np.ndarray:
            of = jax.tree.map(jnp.asarray, shaped(jnp.asarray(at)))
            return np.asarray(NETWORK.outputs(of, jnp.asarray(CODES)))

        at = np.concatenate([np.ravel(leaf) for leaf in jax.tree.leaves(start)])
        quotients = [
            (values(at + step * e) - values(at - step * e)) / (2.0 * step) for e in np.eye(at.size)
        ]
    by_parameter = np.array(quotients)
    expected = by_parameter.T @ by_parameter
    np.testing.assert_allclose(found, expected, rtol=tolerances.DIFFERENCE_QUOTIENT)
    monkeypatch.setattr(tangent, "_AT_ONCE", 3)  # a last part that is not full
    np.testing.assert_allclose(tangent_gram(NETWORK, CODES, tokens=4, seed=1), found, rtol=1e-12)
    assert not np.allclose(tangent_gram(NETWORK, CODES, tokens=4, seed=2), found)
    assert flat.size == at.size


def test_ridge_is_that_of_a_scaled_kernel() -> None:
    gram = tangent_gram(NETWORK, CODES, tokens=4, seed=1)
    labels = np.array([1.0, -1.0, -1.0])
    scaled = gram / np.mean([gram[i, i] for i in range(3)])
    values, vectors = np.linalg.eigh(scaled[:3, :3])
    for ridge in (1e-2, 0.7):
        expected = scaled[3:, :3] @ vectors @ (vectors.T @ labels / (values + ridge))
        found = tangent_ridge(gram, labels, ridge)
        np.testing.assert_allclose(found, expected, rtol=1e-10)
        np.testing.assert_allclose(tangent_ridge(7.0 * gram, labels, ridge), found, rtol=1e-10)


def test_bad_input() -> None:
    tied = Transformer(Architecture.section_5(heads=1, embedding=4, head=2))
    with pytest.raises(InvalidInputError, match="one number as output"):
        tangent_gram(tied, CODES, tokens=4, seed=0)
    for bad in (CODES + 1, CODES - 1):
        with pytest.raises(InvalidInputError, match="give codes from 0 to 3"):
            tangent_gram(NETWORK, bad, tokens=4, seed=0)
    with pytest.raises(TooLargeError, match="fewer strings"):
        tangent_gram(Perceptron(PerceptronShape(width=10**7)), CODES, tokens=4, seed=0)
    with pytest.raises(InvalidInputError, match="ridge = 0"):
        tangent_ridge(np.eye(3), np.ones(2), 0.0)
