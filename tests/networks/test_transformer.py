"""The finite transformer of Appendix H, and fitted rates."""

from __future__ import annotations

import tracemalloc
from itertools import product

import numpy as np
import pytest

from kernels import Cosine, InvalidInputError, Polynomial, TooLargeError, encode
from kernels.transformer import Scaling
from tests import tolerances
from theory import transformer_law
from theory.networks.transformer_features import kernel_draws
from theory.statements.appendix_i.two_sample import two_sample_test
from theory.transformer_law import Widths, kernels_in_law

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


@pytest.mark.parametrize(
    ("widths", "scaling"),
    [
        (Widths(embedding=3, heads=2, head=2, mlp=5), "section-4.1"),
        (Widths(embedding=12, heads=4, head=20, mlp=3), "appendix-H"),
    ],
)
def test_kernels_in_law_have_the_law_of_weights(widths: Widths, scaling: Scaling) -> None:
    # Ranks below and above those of the strings' inner products.
    given = {
        "widths": widths,
        "beta": 2.0,
        "gamma": 0.7,
        "activation": Cosine(1.0, 0.4),
        "scaling": scaling,
    }
    by_weights = kernel_draws(STRINGS, draws=4_000, seed=1, **given)
    in_law = kernels_in_law(STRINGS, draws=4_000, seed=2, **given)
    for i, j in zip(*np.triu_indices(3), strict=True):
        test = two_sample_test(by_weights[:, i, j], in_law[:, i, j], significance=1e-6)
        assert not test.rejected, test
    other = kernels_in_law(STRINGS, draws=4_000, seed=2, **{**given, "beta": 0.5})
    assert two_sample_test(by_weights[:, 0, 1], other[:, 0, 1], significance=1e-6).rejected
    assert np.array_equal(in_law, kernels_in_law(STRINGS, draws=4_000, seed=2, **given))


def test_cold_attention_is_at_one_place_and_overflows_nothing() -> None:
    given = {"widths": Widths.scaled(8), "gamma": 1.0, "activation": IDENTITY, "draws": 3}
    cold, colder = (kernels_in_law(STRINGS, beta=beta, seed=0, **given) for beta in (1e7, 1e9))
    np.testing.assert_allclose(cold, colder, rtol=0.0, atol=tolerances.NETWORK_GRADIENTS)


@pytest.mark.parametrize("widths", [Widths(64, 4_000, 64, 1), Widths(64, 1, 1, 40_000)])
def test_the_memory_of_a_network_is_counted_within_a_factor_of_two(
    monkeypatch: pytest.MonkeyPatch, widths: Widths
) -> None:
    asked = []
    monkeypatch.setattr(transformer_law, "require_memory", lambda *given: asked.append(given[2]))
    strings = encode(["".join(row) for row in product("ABC", repeat=3)])
    tracemalloc.start()
    kernels_in_law(
        strings, widths=widths, beta=1.0, gamma=1.0, activation=Cosine(), draws=1, seed=0
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert asked[0] / 2.0 <= peak <= asked[0]


def test_kernels_in_law_refuse_bad_input() -> None:
    given = {"gamma": 1.0, "activation": IDENTITY, "draws": 1, "seed": 0}
    with pytest.raises(TooLargeError, match="use a narrower network"):
        kernels_in_law(STRINGS, widths=Widths.scaled(10**10), beta=1.0, **given)
    with pytest.raises(InvalidInputError, match="beta"):
        kernels_in_law(STRINGS, widths=Widths.scaled(8), beta=-1.0, **given)
    with pytest.raises(InvalidInputError, match="draws"):
        kernels_in_law(STRINGS, widths=Widths.scaled(8), beta=1.0, **{**given, "draws": 0})


def test_bad_input() -> None:
    with pytest.raises(InvalidInputError, match="heads = 0: give a whole number of at least 1"):
        Widths(1, 0, 1, 1)
    with pytest.raises(TooLargeError, match="use a narrower network"):
        draws(Widths.scaled(10**8), 1.0, 1.0, "appendix-H", 1)
    with pytest.raises(InvalidInputError, match="beta"):
        draws(Widths.scaled(8), -1.0, 1.0, "appendix-H", 1)
