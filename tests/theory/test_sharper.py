"""Template matrices whose usual values leave the smallest eigenvalue open."""

from __future__ import annotations

import numpy as np
import pytest

from kernels import (
    AttentionKernel,
    Automatic,
    Cosine,
    Kernel,
    MLPKernel,
    ProvedQuadrature,
    Quadrature,
    TransformerKernel,
)
from theory import Template, template_matrix
from theory.matrix.numbers import classes_of, numbers_of
from theory.matrix.pairs import pairs_of_templates
from theory.matrix.sharper import sharper

TEMPLATES = [Template.parse(text) for text in ("αβαβα", "αββαα", "ααβαβ")]
LOOSE = 1e-2
PAIRS = pairs_of_templates(TEMPLATES)


def test_what_errors_leave_open_is_settled_by_sharper_values() -> None:
    """With a method chosen by a person, values stay what was asked for."""
    sharp = template_matrix(TransformerKernel(0.6, attention=Automatic(LOOSE)), TEMPLATES)
    assert sharp.enclosure is not None
    assert sharp.enclosure.positive_definite
    assert sharp.entries.largest_error < 1e-12
    assert sharp.kernel == TransformerKernel(0.6, attention=Automatic(LOOSE)).name
    chosen = template_matrix(TransformerKernel(0.6, attention=ProvedQuadrature(LOOSE)), TEMPLATES)
    assert chosen.enclosure is not None
    assert not chosen.enclosure.positive_definite
    assert chosen.entries.largest_error > 1e-9
    assert np.all(np.abs(sharp.values - chosen.values) <= sharp.errors + chosen.errors)
    smallest = sharp.smallest_eigenvalue
    assert chosen.enclosure.lower <= smallest.value <= chosen.enclosure.upper


@pytest.mark.parametrize(
    "kernel",
    [
        TransformerKernel(attention=Quadrature(1e-6)),
        MLPKernel(),
    ],
    ids=lambda kernel: kernel.name,
)
def test_kernels_that_are_left_as_they_are(kernel: Kernel) -> None:
    """A method that a person chose, and a kernel without attention."""
    assert sharper(kernel, PAIRS.patterns, most=1e12) is None


def test_sharp_values_are_shared_and_have_a_price() -> None:
    one, other = (TransformerKernel(activation=Cosine(b1, 0.4)) for b1 in (1.0, 2.0))
    found = [sharper(kernel, PAIRS.patterns, most=1e12) for kernel in (one, other)]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0].table is found[1].table
    assert sharper(one, PAIRS.patterns, most=1.0) is None
    attention = sharper(AttentionKernel(), PAIRS.patterns, most=1e12)
    assert isinstance(attention, AttentionKernel)


def test_one_pattern_of_each_class_is_enough() -> None:
    """The matrix from classes is that from all patterns."""
    kernel = TransformerKernel(attention=ProvedQuadrature(1e-6))
    templates = [Template.parse(text) for text in ("αβα", "αββ", "ααβ", "Aαβ")]
    pairs = pairs_of_templates(templates)
    keys, classes = classes_of(kernel, pairs)
    assert len(keys) == len(classes.patterns) < len(pairs.patterns)
    found = numbers_of(kernel, classes)
    assert np.array_equal(found.entries.values, kernel.values(pairs.patterns).values[pairs.places])
