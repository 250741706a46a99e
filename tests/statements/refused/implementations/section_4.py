"""Wrong implementations of what Section 4 is about, beside its definitions."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np
from flint import arb

from kernels.activations import Cosine
from kernels.contract.kernel import Kernel
from kernels.contract.table import PatternTable
from kernels.estimates import Estimate, EstimateArray, Exact
from kernels.transformer import AttentionKernel, TransformerKernel
from tests.instances import TWO
from tests.statements.refused.implementations.rates import RATES
from tests.statements.refused.implementations.wrong import REFUSED, UNEARNED, Breaking, Wrong
from tests.toy_kernels import RelationalKernel
from theory import TemplateTask, template_matrix
from theory.statements import Setting
from theory.statements.section_4_1 import proposition_4_3
from theory.statements.section_4_2 import (
    equation_12,
    lemma_4_6,
    lemma_4_7,
    open_point_2,
)
from theory.statements.section_4_2.phases import lines
from theory.statements.section_4_2.phases.margin import margin
from theory.statements.section_4_3 import observation_1_2, section_4_3_a_h

_READ = PatternTable.__getitem__
_RIDGE_FIT = proposition_4_3.ridge_predictions
_DETERMINANT, _DISTANCES = lines.scaled_determinant, lemma_4_6.squared_distances
_DUAL, _ENCLOSURE, _LIMIT = Cosine.dual, Cosine.enclosure, open_point_2.limit


@contextmanager
def _stale_table() -> Iterator[None]:
    """A table of values that belong to another kernel."""

    def read(table: PatternTable, key: object) -> Estimate:
        return _READ(table, key) * 1.1  # type: ignore[arg-type]

    with patch.object(PatternTable, "__getitem__", read):
        yield


def _off_unseen(gram: np.ndarray, labels: np.ndarray, ridge: float) -> np.ndarray:
    found = _RIDGE_FIT(gram, labels, ridge)
    found[len(labels) :] *= 0.9
    return found


def _negative_determinant(*given: object) -> object:
    return -_DETERMINANT(*given)  # type: ignore[arg-type]


def half_phase(self: Cosine, *covariance: np.ndarray) -> EstimateArray:
    """The dual of another cosine."""
    return _DUAL(Cosine(self.b1, self.b2 / 2.0), *covariance)


def half_phase_in_balls(self: Cosine, *covariance: arb) -> arb:
    """The same, where it is proved."""
    return _ENCLOSURE(Cosine(self.b1, self.b2 / 2.0), *covariance)


def _labels_as_limits(setting: Setting, string: str, *_: object) -> Estimate:
    """A limit that says what the statement wants to hear."""
    return Estimate(_label(setting.task, string), Exact())


def _label(task: TemplateTask, string: str) -> float:
    return next(
        y for z, y in zip(task.templates, task.labels, strict=True) if z.match(string) is not None
    )


def _limit_of_unseen(setting: Setting, string: str, *more: object) -> Estimate:
    """The limit at a string whose tokens avoid R, in place of the one asked for."""
    z = next(z for z in setting.task.templates if z.match(string) is not None)
    unseen = dict(zip(setting.task.templates, setting.task.unseen(), strict=True))[z]
    return _LIMIT(setting, unseen, *more)  # type: ignore[arg-type]


def _entries_off(module: object, factor: float, of: type = Kernel) -> Breaking:
    """N whose entries off the diagonal are a factor off, where the kernel's values are not."""

    def wrong(kernel: Kernel, *given: object, **more: object) -> object:
        found = template_matrix(kernel, *given, **more)  # type: ignore[arg-type]
        r = len(found.templates)
        factors = factor + (1.0 - factor) * np.eye(r)
        entries = found.entries * factors if isinstance(kernel, of) else found.entries
        return dataclasses.replace(found, entries=entries)

    return lambda: patch.object(module, "template_matrix", wrong)


def _lowest_below_zero(kernel: Kernel, *given: object, **more: object) -> object:
    """N with a smallest eigenvalue below 0."""
    found = template_matrix(kernel, *given, **more)  # type: ignore[arg-type]
    return dataclasses.replace(found, eigenvalues=found.eigenvalues - 0.1)


def _negated() -> object:
    evaluate = TransformerKernel.evaluate
    return patch.object(
        TransformerKernel, "evaluate", lambda *given, **more: -evaluate(*given, **more)
    )


@contextmanager
def _counted_twice() -> Iterator[None]:
    """N and K(x, x) in place of what training a adds to them."""
    a_h = section_4_3_a_h
    with (
        patch.object(a_h, "trained_matrix", a_h.pushed_matrix),
        patch.object(a_h, "trained_diagonal", _own_diagonal),
    ):
        yield


def _own_diagonal(beta: float, gamma: float) -> object:
    a_h = section_4_3_a_h
    own = a_h._own_attention(a_h.PushedAttention(beta, gamma))
    return a_h.dual_of_estimates(a_h._PHI, own, own, own)


SECTION_4: tuple[Wrong, ...] = (
    *RATES,
    Wrong("Equation (12)", "the same cached value read twice", _stale_table, REFUSED),
    Wrong("Equation (12)", "entries off by 2 %", _entries_off(equation_12, 1.02)),
    Wrong(
        "Equation (12)",
        "attention off by 2 % between templates",
        _entries_off(equation_12, 1.02, AttentionKernel),
    ),
    Wrong(
        "Equation (12)",
        "an eigenvalue below 0",
        lambda: patch.object(equation_12, "template_matrix", _lowest_below_zero),
    ),
    Wrong("Observation 1.2", "the same cached value read twice", _stale_table, REFUSED),
    Wrong("Observation 1.2", "entries off by 2 %", _entries_off(observation_1_2, 1.02)),
    Wrong(
        "Observation 1.2",
        "attention off by 20 % between templates",
        _entries_off(observation_1_2, 1.2, AttentionKernel),
    ),
    Wrong(
        "Observation 1.2",
        "an MLP that sees relations",
        lambda: patch.object(observation_1_2, "MLPKernel", lambda *_, **__: RelationalKernel()),
    ),
    Wrong(
        "Proposition 4.3",
        "wrong at unseen strings alone",
        lambda: patch.object(proposition_4_3, "ridge_predictions", _off_unseen),
        task=TWO,
        kernel=RelationalKernel,
    ),
    Wrong(
        "Proposition 4.3",
        "one ridge whatever the decay",
        lambda: patch.object(
            proposition_4_3, "ridge_predictions", lambda k, y, _: _RIDGE_FIT(k, y, 0.5)
        ),
        task=TWO,
        kernel=RelationalKernel,
    ),
    Wrong(
        "Lemma 4.6",
        "a determinant of 0",
        lambda: patch.object(lines, "scaled_determinant", lambda *_: 0.0),
    ),
    Wrong(
        "Lemma 4.6",
        "a negative determinant",
        lambda: patch.object(lines, "scaled_determinant", _negative_determinant),
    ),
    Wrong(
        "Lemma 4.6",
        "distances 1 % off",
        lambda: patch.object(lemma_4_6, "squared_distances", lambda a: 1.01 * _DISTANCES(a)),
    ),
    Wrong(
        "Lemma 4.6",
        "a cosine of half the phase",
        lambda: patch.multiple(Cosine, dual=half_phase, enclosure=half_phase_in_balls),
    ),
    Wrong(
        "Lemma 4.7",
        "distances of the wrong sign",
        lambda: patch.object(lemma_4_7, "margin", lambda attention: -margin(attention)),
        task=TWO,
    ),
    Wrong("Conjecture on activations", "a negative eigenvalue", _negated, REFUSED),
    Wrong("Open point 2", "as it stands"),
    Wrong(
        "Open point 2",
        "a limit that is the label",
        lambda: patch.object(open_point_2, "limit", _labels_as_limits),
        UNEARNED,
    ),
    Wrong(
        "Open point 2",
        "a string that avoids R in place of one that meets it",
        lambda: patch.object(open_point_2, "limit", _limit_of_unseen),
        UNEARNED,
    ),
    Wrong(
        "Section 4.3, a_h",
        "the last layer counted twice",
        _counted_twice,
        UNEARNED,
    ),
)
