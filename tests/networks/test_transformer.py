"""The finite transformer of Appendix H, and fitted rates."""

from __future__ import annotations

import numpy as np
import pytest

from kernels import InvalidInputError, Polynomial, TooLargeError, encode
from kernels.transformer import Scaling
from tests import tolerances
from theory.networks.transformer_features import Widths, kernel_draws

STRINGS = encode(["AAB", "ABA", "CDD"])
IDENTITY = Polynomial((0.0, 1.0))


def draws(widths: Widths, beta: float, gamma: float, scaling: Scaling, n: int) -> np.ndarray:
    return kernel_draws(
        STRINGS,
        widths=widths,
        beta=beta,
        gamma=gamma,
        activation=IDENTITY,
        scaling=scaling,
        draws=n,
        seed=3,
    )


def test_uniform_attention_and_no_activation_are_unbiased_at_every_width() -> None:
    # At beta = 0 attention is uniform; the other weights enter linearly, with second moments that
    # are exact at any width. So the mean is (1/k^2) sum_{l,l'} (1[x_l = y_l'] + gamma^2 1[l = l']).
    gamma, codes = 0.5, STRINGS.codes
    same = codes[:, None, :, None] == codes[None, :, None, :]
    expected = (same + gamma**2 * np.eye(4)).mean(axis=(2, 3))
    found = draws(Widths(embedding=4, heads=2, head=3, mlp=5), 0.0, gamma, "section-4.1", 1_500)
    error = found.std(axis=0) / 1_500**0.5
    assert (np.abs(found.mean(axis=0) - expected) <= tolerances.STANDARD_ERRORS * error).all()


def test_kernels_are_gram_matrices_and_repeat() -> None:
    found = draws(Widths.scaled(8), 1.0, 1.0, "appendix-H", 5)
    assert np.array_equal(found, draws(Widths.scaled(8), 1.0, 1.0, "appendix-H", 5))
    assert np.array_equal(found, found.transpose(0, 2, 1))
    assert (np.linalg.eigvalsh(found) > -tolerances.NETWORK_GRADIENTS).all()
    assert not np.array_equal(found[0], found[1])


def test_scalings_are_one_up_to_the_temperature() -> None:
    widths, gamma = Widths.scaled(8), 1.0
    first = draws(widths, 1.0, gamma, "appendix-H", 3)
    second = draws(widths, 2.0**0.5, gamma, "section-4.1", 3)
    np.testing.assert_allclose(first, second, rtol=0.0, atol=tolerances.NETWORK_GRADIENTS)
    third = draws(widths, 1.0, gamma, "section-4.1", 3)
    assert np.abs(first - third).max() > 1e-3


def test_bad_input() -> None:
    with pytest.raises(InvalidInputError, match="heads = 0: give a whole number of at least 1"):
        Widths(1, 0, 1, 1)
    with pytest.raises(TooLargeError, match="use a narrower network"):
        draws(Widths.scaled(10**8), 1.0, 1.0, "appendix-H", 1)
    with pytest.raises(InvalidInputError, match="beta"):
        draws(Widths.scaled(8), -1.0, 1.0, "appendix-H", 1)
